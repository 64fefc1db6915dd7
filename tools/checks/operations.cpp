// Every operation of every structure, each in a function of its own: explicit instantiation emits all members.
#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/counter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

template <class Queue, class T>
struct queue_operations {
    static tandem::status try_push(Queue& q, T& v) { return q.try_push(std::move(v)); }
    static tandem::result<T> try_pop(Queue& q) { return q.try_pop(); }
    static std::size_t try_push_n(Queue& q, std::span<T> items) { return q.try_push_n(items); }
    static std::size_t try_pop_n(Queue& q, std::span<T> out) { return q.try_pop_n(out); }
    static void close(Queue& q) { q.close(); }
    static bool is_closed(Queue const& q) { return q.is_closed(); }
    static std::size_t capacity(Queue const& q) { return q.capacity(); }
    static bool was_empty(Queue const& q) { return q.was_empty(); }
    static std::size_t approx_size(Queue const& q) { return q.approx_size(); }
};

template <class Counter>
struct counter_operations {
    static void add(Counter& c, std::int64_t n) { c.add(n); }
    static void sub(Counter& c, std::int64_t n) { c.sub(n); }
    static std::int64_t fetch_add(Counter& c, std::int64_t n) { return c.fetch_add(n); }
    static std::int64_t exchange(Counter& c, std::int64_t v) { return c.exchange(v); }
    static std::int64_t load(Counter const& c) { return c.load(); }
    static std::int64_t wait_until(Counter const& c, bool (*pred)(std::int64_t)) { return c.wait_until(pred); }
};

template <class Mutex>
struct mutex_operations {
    static void lock(Mutex& m) TANDEM_ANNOTATE(acquire_capability(m)) { m.lock(); }
    static bool try_lock(Mutex& m) TANDEM_ANNOTATE(try_acquire_capability(true, m)) { return m.try_lock(); }
    static void unlock(Mutex& m) TANDEM_ANNOTATE(release_capability(m)) { m.unlock(); }
    static void wait(tandem::condition_variable& c, Mutex& m) TANDEM_REQUIRES(m) { c.wait(m); }
    static void notify_all(tandem::condition_variable& c) { c.notify_all(); }
};

using word = std::uint64_t;
using owner = std::unique_ptr<int>;
template struct queue_operations<tandem::locked::bounded_queue<word>, word>;
template struct queue_operations<tandem::locked::bounded_queue<owner>, owner>;
template struct queue_operations<tandem::lockfree::bounded_queue<word>, word>;
template struct queue_operations<tandem::lockfree::bounded_queue<owner>, owner>;
template struct counter_operations<tandem::locked::counter>;
template struct counter_operations<tandem::lockfree::counter>;
template struct mutex_operations<tandem::mutex>;
