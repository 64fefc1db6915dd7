// Every operation of the structures, each in a function of its own: explicit instantiation emits all members. The others are in
// files beside this one: in a long file g++ inlines, and gives out registers, by what else is there.
#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/channel.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/locked/spsc_channel.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/channel.hpp>
#include <tandem/lockfree/counter.hpp>
#include <tandem/lockfree/spsc_channel.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

template <class Sender, class Receiver, class T>
struct channel_operations {
    static tandem::status send(Sender const& s, T& v) { return s.send(std::move(v)); }
    static tandem::status send_stop(Sender const& s, T& v, tandem::stop_token const& t) {
        return s.send(std::move(v), t);
    }
    static tandem::status send_until(Sender const& s, T& v, tandem::clock::time_point t) {
        return s.send_until(std::move(v), t);
    }
    static tandem::status try_send(Sender const& s, T& v) { return s.try_send(std::move(v)); }
    static std::size_t send_many(Sender const& s, std::span<T> items) { return s.send_many(items); }
    static std::optional<T> recv(Receiver const& r) { return r.recv(); }
    static tandem::result<T> recv_stop(Receiver const& r, tandem::stop_token const& t) { return r.recv(t); }
    static tandem::result<T> recv_until(Receiver const& r, tandem::clock::time_point t) { return r.recv_until(t); }
    static tandem::result<T> try_recv(Receiver const& r) { return r.try_recv(); }
    static std::size_t recv_many(Receiver const& r, std::span<T> out) { return r.recv_many(out); }
    static void close(Sender const& s) { s.close(); }
    static bool is_closed(Receiver const& r) { return r.is_closed(); }
    static std::size_t approx_size(Receiver const& r) { return r.approx_size(); }
    static void drop_sender(Sender* s) { std::destroy_at(s); }
    static void drop_receiver(Receiver* r) { std::destroy_at(r); }
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
    static void wait_until(tandem::condition_variable& c, Mutex& m, tandem::clock::time_point t) TANDEM_REQUIRES(m) {
        c.wait_until(m, t);
    }
    static void notify_one(tandem::condition_variable& c) { c.notify_one(); }
    static void notify_all(tandem::condition_variable& c) { c.notify_all(); }
};

using word = std::uint64_t;
using owner = std::unique_ptr<int>;
template struct queue_operations<tandem::locked::bounded_queue<word>, word>;
template struct queue_operations<tandem::locked::bounded_queue<owner>, owner>;
template struct queue_operations<tandem::lockfree::bounded_queue<word>, word>;
template struct queue_operations<tandem::lockfree::bounded_queue<owner>, owner>;
template struct channel_operations<tandem::locked::sender<word>, tandem::locked::receiver<word>, word>;
template struct channel_operations<tandem::lockfree::sender<word>, tandem::lockfree::receiver<word>, word>;
template struct channel_operations<tandem::lockfree::sender<owner>, tandem::lockfree::receiver<owner>, owner>;
template struct channel_operations<tandem::lockfree::spsc_sender<word>, tandem::lockfree::spsc_receiver<word>, word>;
template struct counter_operations<tandem::locked::counter>;
template struct counter_operations<tandem::lockfree::counter>;
template struct mutex_operations<tandem::mutex>;
