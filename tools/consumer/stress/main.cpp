// A history that no queue can have, one that any has, and a report about the first.
#include <tandem/stress/explain.hpp>

#include <cstdio>

using namespace tandem::stress;
using tandem::status;

int main() {
    history const sound = {
        {.thread = 0, .operation = queue_spec::try_push, .argument = {1}, .invoked = 10, .returned = 20},
        {.thread = 1, .operation = queue_spec::try_pop, .result = {1}, .invoked = 30, .returned = 40},
    };
    history broken = sound;
    broken[1].result = {};
    broken[1].answer = status::empty; // though the push was over before

    auto const example = shrink(queue_spec{}, broken);
    auto const report = explain(example, labels{.subject = "consumer.queue"});
    std::puts(report.c_str());
    bool const told_apart =
        check(queue_spec{}, sound).is == verdict::linearizable && check(queue_spec{}, broken).is == verdict::violation;
    return told_apart && report.find("<- impossible") != std::string::npos ? 0 : 1;
}
