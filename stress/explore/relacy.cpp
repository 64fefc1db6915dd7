// The litmus tests under Relacy, as scenarios are run there.
#include "litmus.hpp"

#include "../model/scenario.hpp"

#include <algorithm>
#include <cstddef>
#include <source_location>

namespace tandem::litmus {

namespace {

test const* now = nullptr;
std::uint64_t seen = 0;

class program final : public model::scenario {
public:
    void thread(unsigned index) override {
        if (index < now->threads.size()) {
            now->threads[index](state_);
        }
    }
    void after() override { seen += now->outcome != nullptr && now->outcome(state_) ? 1U : 0U; }

private:
    state state_;
};

} // namespace

void fence(std::memory_order o) {
    rl::atomic_thread_fence(world::to_relacy(o), world::info_of(std::source_location::current()));
}

// An execution that goes wrong is the last one: Relacy takes milliseconds to begin again.
finding sampled(test const& t, std::uint64_t executions) {
    static_assert(sizeof(program) <= model::scenario_size);
    now = &t;
    seen = 0;
    auto const threads = std::max(2, static_cast<int>(t.threads.size())); // no fewer for Relacy
    model::maker const made{threads, model::progress_class::blocking, [](void* storage) -> model::scenario* { return ::new (storage) program; }};
    auto const end = model::explore(made, {model::strategy::random, executions, 1});
    finding found{model::from_hexadecimal(end.again).value_or(executions), seen};
    if (end.violation) {
        went_wrong(t, end.what, found);
    }
    return found;
}

} // namespace tandem::litmus
