// A queue that is not one, checked with an installed tandem.
#include <tandem/stress/test.hpp>

#include <deque>
#include <mutex>
#include <optional>

namespace {

class broken_queue {
public:
    void push(int v) {
        std::lock_guard const lock(mutex_);
        items_.push_back(v);
    }
    std::optional<int> pop() {
        std::lock_guard const lock(mutex_);
        if (items_.empty()) {
            return std::nullopt;
        }
        int const newest = items_.back();
        items_.pop_back();
        return newest;
    }

private:
    std::mutex mutex_;
    std::deque<int> items_;
};

std::optional<int> pop(std::deque<int>& model) {
    if (model.empty()) {
        return std::nullopt;
    }
    int const oldest = model.front();
    model.pop_front();
    return oldest;
}

} // namespace

int main(int argc, char** argv) {
    return tandem::stress::test<broken_queue, std::deque<int>>("broken_queue")
        .operation("push", &broken_queue::push, [](std::deque<int>& model, int v) { model.push_back(v); })
        .operation("pop", &broken_queue::pop, pop)
        .finally("pop")
        .main(argc, argv);
}
