// What somebody else's program might do with the library: both halves, several threads, no exceptions needed.
#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/counter.hpp>

#include <memory>
#include <thread>

namespace {

// Sends the numbers up to 100 through the queue and adds them up on the other side.
template <class Queue, class Counter>
bool adds_up() {
    Queue queue(8);
    Counter sum;
    std::thread consumer([&] {
        for (;;) {
            if (auto item = queue.try_pop()) {
                sum.add(**item);
            } else if (item.error() == tandem::status::closed) {
                return;
            } else {
                std::this_thread::yield();
            }
        }
    });
    for (int i = 1; i <= 100; ++i) {
        auto item = std::make_unique<int>(i);
        while (queue.try_push(std::move(item)) != tandem::status::success) {
            std::this_thread::yield();
        }
    }
    queue.close();
    consumer.join();
    return sum.load() == 5050;
}

} // namespace

int main() {
    bool const locked = adds_up<tandem::locked::bounded_queue<std::unique_ptr<int>>, tandem::locked::counter>();
    bool const lockfree = adds_up<tandem::lockfree::bounded_queue<std::unique_ptr<int>>, tandem::lockfree::counter>();
    return locked && lockfree ? 0 : 1;
}
