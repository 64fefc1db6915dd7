#pragma once

// Races of a channel, written once for both halves, for many and for single handles of a side.

#include "fifo_oracle.hpp"
#include "named.hpp"
#include "owner.hpp"
#include "scenario.hpp"

#include <tandem/locked/channel.hpp>
#include <tandem/locked/spsc_channel.hpp>
#include <tandem/lockfree/channel.hpp>
#include <tandem/lockfree/spsc_channel.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace tandem::model {

struct no_barrier {};

struct locked_channel {
    static constexpr char const* structure = "channel";
    static constexpr text prefix = "";
    static constexpr char const* half = "locked";
    static constexpr timing seen = timing::real;
    using barrier = no_barrier;
    template <class T>
    using sender = locked::sender<T>;
    template <class T>
    using receiver = locked::receiver<T>;
    template <class T>
    static auto make(std::size_t capacity) {
        return locked::channel<T>(capacity);
    }
};

struct lockfree_channel {
    static constexpr char const* structure = "channel";
    static constexpr text prefix = "";
    static constexpr char const* half = "lockfree";
    static constexpr timing seen = timing::real;
    using barrier = no_barrier;
    template <class T>
    using sender = lockfree::sender<T>;
    template <class T>
    using receiver = lockfree::receiver<T>;
    template <class T>
    static auto make(std::size_t capacity) {
        return lockfree::channel<T>(capacity);
    }
};

struct locked_spsc_channel {
    static constexpr char const* structure = "spsc_channel";
    static constexpr text prefix = "spsc_";
    static constexpr char const* half = "locked";
    static constexpr timing seen = timing::real;
    using barrier = no_barrier;
    template <class T>
    using sender = locked::spsc_sender<T>;
    template <class T>
    using receiver = locked::spsc_receiver<T>;
    template <class T>
    static auto make(std::size_t capacity) {
        return locked::spsc_channel<T>(capacity);
    }
};

struct lockfree_spsc_channel {
    static constexpr char const* structure = "spsc_channel";
    static constexpr text prefix = "spsc_";
    static constexpr char const* half = "lockfree";
    static constexpr timing seen = timing::of_each_thread;
    using barrier = no_barrier;
    template <class T>
    using sender = lockfree::spsc_sender<T>;
    template <class T>
    using receiver = lockfree::spsc_receiver<T>;
    template <class T>
    static auto make(std::size_t capacity) {
        return lockfree::spsc_channel<T>(capacity);
    }
};

// The same where publishers look behind an asymmetric barrier.
template <class Kind>
struct asymmetric_form : Kind {
    static constexpr auto prefix = text("asymmetric_") + Kind::prefix;
    using barrier = world::asymmetric_barrier;
};

inline constexpr auto a_while = std::chrono::seconds(1);

// A channel of int whose every call is recorded. Afterwards the rest is drained, and all answers must have an
// explanation. A call that should have been woken and was not is a deadlock, which the checker reports.
template <class Kind, int threads>
class recorded_channel : public scenario_of<threads> {
public:
    explicit recorded_channel(std::size_t capacity)
        : ends_(Kind::template make<int>(capacity)), oracle_(capacity, answers::exact, Kind::seen, {&world::call_begins, &world::call_returns}) {}

    status send(int v) {
        return sent(v, [&] { return tx().send(std::move(v)); });
    }
    status try_send(int v) {
        return sent(v, [&] { return tx().try_send(std::move(v)); });
    }
    status send_for_a_while(int v) {
        auto const begun = clock::now();
        auto const answer = sent(v, [&] { return tx().send_for(std::move(v), a_while); });
        require(answer != status::timeout || clock::now() >= begun + a_while, "given up too early");
        return answer;
    }
    status send(int v, stop_token const& stop) {
        auto const answer = sent(v, [&] { return tx().send(std::move(v), stop); });
        require(answer != status::stopped || stop.stop_requested(), "stopped for no reason");
        return answer;
    }

    status recv() {
        return received([&]() -> result<int> {
            auto const v = rx().recv();
            return v ? result<int>(*v) : status::closed;
        });
    }
    status try_recv() {
        return received([&] { return rx().try_recv(); });
    }
    status recv_for_a_while() {
        auto const begun = clock::now();
        auto const answer = received([&] { return rx().recv_for(a_while); });
        require(answer != status::timeout || clock::now() >= begun + a_while, "given up too early");
        return answer;
    }
    status recv(stop_token const& stop) {
        auto const answer = received([&] { return rx().recv(stop); });
        require(answer != status::stopped || stop.stop_requested(), "stopped for no reason");
        return answer;
    }

    template <class... Ints>
    std::size_t send_many(Ints... values) {
        std::array offered{values...};
        auto const items = offered;
        auto call = call_begins();
        auto const n = tx().send_many(offered);
        call.pushes(items, n);
        return n;
    }
    std::size_t recv_many(std::size_t most) {
        std::array<int, fifo_oracle::most> got{};
        auto call = call_begins();
        auto const n = rx().recv_many(std::span(got).first(most));
        call.pops(std::span(got).first(n));
        return n;
    }

    void close_by_sender() {
        auto call = call_begins();
        tx().close();
        call.close();
    }
    void close_by_receiver() {
        auto call = call_begins();
        rx().close();
        call.close();
    }

    void after() override {
        while (try_recv() == status::success) {
        }
        require(oracle_.explained(), "no order of these calls explains their answers");
    }

protected:
    [[no_unique_address]] typename Kind::barrier barrier_;

    typename Kind::template sender<int> const& tx() const { return ends_.first; }
    typename Kind::template receiver<int> const& rx() const { return ends_.second; }

private:
    fifo_oracle::pending call_begins() { return oracle_.call_begins(this->running()); }
    template <class Call>
    status sent(int v, Call send) {
        auto call = call_begins();
        auto const answer = send();
        call.push(v, answer);
        return answer;
    }
    template <class Call>
    status received(Call receive) {
        auto call = call_begins();
        result<int> const r = receive();
        call.pop(r.value_or(0), r.error());
        return r.error();
    }

    std::pair<typename Kind::template sender<int>, typename Kind::template receiver<int>> ends_;
    fifo_oracle oracle_;
};

// Both wait: the receiver for elements, the sender for room.
template <class Kind, std::size_t capacity>
struct send_vs_recv : recorded_channel<Kind, 2> {
    send_vs_recv() : recorded_channel<Kind, 2>(capacity) {}
    void thread(unsigned t) override {
        for (int v = 1; v <= 3; ++v) {
            require((t == 0 ? this->send(v) : this->recv()) == status::success, "nobody closes it");
        }
    }
};

enum class who : std::uint8_t { sender, receiver };

// A sender may be in the middle of a send, or wait for room.
template <class Kind, who closes>
struct close_vs_send : recorded_channel<Kind, 2> {
    close_vs_send() : recorded_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
            if (closes == who::sender) {
                this->close_by_sender();
            }
            this->send(2);
        } else {
            this->recv();
            if (closes == who::receiver) {
                this->close_by_receiver();
                this->recv();
            }
        }
    }
};

// What comes into room that was made after the close was not sent before it.
template <class Kind>
struct drain_vs_send : recorded_channel<Kind, 2> {
    drain_vs_send() : recorded_channel<Kind, 2>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(2);
            this->send(3);
        } else {
            this->recv();
            this->close_by_receiver();
            this->recv();
            this->recv();
        }
    }
};

template <class Kind>
struct close_vs_blocked_sender : recorded_channel<Kind, 2> {
    close_vs_blocked_sender() : recorded_channel<Kind, 2>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            require(this->send(2) == status::closed, "there is no room");
        } else {
            this->close_by_receiver();
        }
    }
};

template <class Kind>
struct close_vs_blocked_receiver : recorded_channel<Kind, 2> {
    close_vs_blocked_receiver() : recorded_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
            this->close_by_sender();
        } else {
            require(this->recv() == status::success, "sent before the close");
            require(this->recv() == status::closed, "nothing more is sent");
        }
    }
};

// What was written before close() is seen by whoever is told of it, however it is told.
enum class told_by : std::uint8_t { send, blocked_send, try_send, recv, try_recv, is_closed };

template <class Kind, told_by way>
struct close_publishes : scenario_of<2> {
    void before() override {
        if (way == told_by::blocked_send) {
            require(ends_.first.try_send(0) == status::success, "an empty channel takes one");
        }
    }
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            if (way == told_by::recv || way == told_by::try_recv) {
                ends_.first.close();
            } else {
                ends_.second.close();
            }
        } else if (told()) {
            require(data_.read() == 1, "told of the close, not of what came before it");
        }
    }

private:
    bool told() {
        auto& [tx, rx] = ends_;
        switch (way) {
        case told_by::send:
        case told_by::blocked_send:
            return tx.send(1) == status::closed;
        case told_by::try_send:
            return tx.try_send(1) == status::closed;
        case told_by::recv:
            return !rx.recv();
        case told_by::try_recv:
            return rx.try_recv().error() == status::closed;
        default:
            return tx.is_closed();
        }
    }

    [[no_unique_address]] typename Kind::barrier barrier_;
    std::pair<typename Kind::template sender<int>, typename Kind::template receiver<int>> ends_ =
        Kind::template make<int>(1);
    cell<int> data_{0};
};

// Time and stop requests. Whoever gives up has taken nothing, and given nothing.

template <class Kind>
struct timeout_vs_send : recorded_channel<Kind, 2> {
    timeout_vs_send() : recorded_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (this->recv_for_a_while() == status::timeout) {
            require(this->recv() == status::success, "it is sent in the end");
        }
    }
};

template <class Kind>
struct timeout_vs_recv : recorded_channel<Kind, 2> {
    timeout_vs_recv() : recorded_channel<Kind, 2>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 1) {
            this->recv();
        } else if (this->send_for_a_while(2) == status::timeout) {
            require(this->send(3) == status::success, "there is room in the end");
        }
    }
};

// The time is up before anybody waits.
template <class Kind>
struct time_passes : recorded_channel<Kind, 2> {
    time_passes() : recorded_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            clock::advance(a_while);
            this->send(1);
        } else {
            this->recv_for_a_while();
        }
    }
};

template <class Kind>
struct timeout_alone : recorded_channel<Kind, 2> {
    timeout_alone() : recorded_channel<Kind, 2>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            require(this->send_for_a_while(2) == status::timeout, "there is no room");
        } else {
            yield(); // nobody comes to its help
        }
    }
};

template <class Kind>
struct stop_vs_send : recorded_channel<Kind, 3> {
    stop_vs_send() : recorded_channel<Kind, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (t == 1) {
            this->recv(source_.get_token());
        } else {
            source_.request_stop();
        }
    }

private:
    stop_source source_;
};

template <class Kind>
struct stop_vs_recv : recorded_channel<Kind, 3> {
    stop_vs_recv() : recorded_channel<Kind, 3>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(2, source_.get_token());
        } else if (t == 1) {
            this->recv();
        } else {
            source_.request_stop();
        }
    }

private:
    stop_source source_;
};

template <class Kind>
struct stop_vs_blocked_receiver : recorded_channel<Kind, 2> {
    stop_vs_blocked_receiver() : recorded_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            require(this->recv(source_.get_token()) == status::stopped, "nothing is sent");
        }
    }

private:
    stop_source source_;
};

// Several that wait for the same. Whoever is woken and does not need it must leave it to the others.

template <class Kind>
struct two_receivers_one_element : recorded_channel<Kind, 3> {
    two_receivers_one_element() : recorded_channel<Kind, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
            this->close_by_sender();
        } else {
            this->recv();
        }
    }
};

template <class Kind>
struct two_senders_one_room : recorded_channel<Kind, 3> {
    two_senders_one_room() : recorded_channel<Kind, 3>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->recv();
            this->close_by_receiver();
        } else {
            this->send(static_cast<int>(t) + 1);
        }
    }
};

// The close wakes both receivers, perhaps in vain: the element may be claimed and not yet there.
template <class Kind>
struct close_vs_element_in_the_making : recorded_channel<Kind, 4> {
    close_vs_element_in_the_making() : recorded_channel<Kind, 4>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (t == 1) {
            this->close_by_receiver();
        } else {
            this->recv();
        }
    }
};

template <class Kind>
struct close_vs_room_in_the_making : recorded_channel<Kind, 4> {
    close_vs_room_in_the_making() : recorded_channel<Kind, 4>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->recv();
        } else if (t == 1) {
            this->close_by_receiver();
        } else {
            this->send(static_cast<int>(t));
        }
    }
};

// One of the elements may stand behind one that is not yet there.
template <class Kind>
struct two_senders_two_receivers : recorded_channel<Kind, 4> {
    two_senders_two_receivers() : recorded_channel<Kind, 4>(2) {}
    void thread(unsigned t) override {
        if (t < 2) {
            this->send(static_cast<int>(t) + 1);
        } else {
            this->recv();
        }
    }
};

// One of the rooms may stand behind one that is not yet free.
template <class Kind>
struct two_rooms_two_senders : recorded_channel<Kind, 4> {
    two_rooms_two_senders() : recorded_channel<Kind, 4>(2) {}
    void before() override {
        this->send(1);
        this->send(2);
    }
    void thread(unsigned t) override {
        if (t < 2) {
            this->recv();
        } else {
            this->send(static_cast<int>(t) + 1);
        }
    }
};

// As many are woken as can be served.
template <class Kind>
struct batch_vs_two_receivers : recorded_channel<Kind, 3> {
    batch_vs_two_receivers() : recorded_channel<Kind, 3>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send_many(1, 2);
        } else {
            this->recv();
        }
    }
};

// Both of two that sleep are woken by the batch itself: the first does not go on before the second has what was for it.
struct batch_vs_two_sleepers : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            wait_until(sleepers_, 2);
            std::array<int, 2> two{1, 2};
            core_.send_some(two);
            return;
        }
        wait_until(sleepers_, t - 1);
        require(core_.receive(sleeper(*this, t == 1)).has_value(), "there is one for each");
        if (t == 2) {
            served_.store(1, order::release);
            unpark_all(served_);
        }
    }

private:
    // Without a limit; says that it is about to sleep.
    class sleeper : public limit::forever {
    public:
        sleeper(batch_vs_two_sleepers& with, bool first) : with_(with), first_(first) {}

        void sleep(waiter& w) const {
            if (!std::exchange(told_, true)) {
                with_.sleepers_.fetch_add(1, order::release);
                unpark_all(with_.sleepers_);
            }
            w.wait();
            if (first_ && w.notified()) {
                wait_until(with_.served_, 1);
            }
        }

    private:
        batch_vs_two_sleepers& with_;
        bool first_;
        bool mutable told_ = false;
    };

    static void wait_until(atomic<std::uint32_t> const& number, unsigned n) {
        for (auto seen = number.load(order::acquire); seen < n; seen = number.load(order::acquire)) {
            park(number, seen);
        }
    }

    lockfree::blocking<lockfree::bounded_queue<int>, int, allocator<int>> core_{2, allocator<int>()};
    atomic<std::uint32_t> sleepers_{0};
    atomic<std::uint32_t> served_{0};
};

template <class Kind>
struct batch_vs_two_senders : recorded_channel<Kind, 3> {
    batch_vs_two_senders() : recorded_channel<Kind, 3>(2) {}
    void before() override {
        this->send(1);
        this->send(2);
    }
    void thread(unsigned t) override {
        if (t == 0) {
            this->recv_many(2);
        } else {
            this->send(static_cast<int>(t) + 2);
        }
    }
};

// A wake-up that comes together with the end of the time is not lost: the other one needs it.
template <class Kind>
struct timeout_vs_wake : recorded_channel<Kind, 3> {
    timeout_vs_wake() : recorded_channel<Kind, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (t == 1) {
            this->recv();
        } else if (this->recv_for_a_while() == status::success) {
            this->send(2);
        }
    }
};

template <class Kind>
struct stop_vs_wake : recorded_channel<Kind, 4> {
    stop_vs_wake() : recorded_channel<Kind, 4>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (t == 1) {
            this->recv();
        } else if (t == 2) {
            if (this->recv(source_.get_token()) == status::success) {
                this->send(2);
            }
        } else {
            source_.request_stop();
        }
    }

private:
    stop_source source_;
};

// Who tries may have to wait for others in the middle of something, and for nothing else.
template <class Kind>
struct two_try_recv : recorded_channel<Kind, 3> {
    two_try_recv() : recorded_channel<Kind, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else {
            this->try_recv();
        }
    }
};

template <class Kind>
struct two_try_send : recorded_channel<Kind, 3> {
    two_try_send() : recorded_channel<Kind, 3>(1) {}
    void before() override { this->send(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->recv();
        } else {
            this->try_send(static_cast<int>(t) + 1);
        }
    }
};

template <class Kind>
struct try_recv_vs_blocked_receiver : recorded_channel<Kind, 3> {
    try_recv_vs_blocked_receiver() : recorded_channel<Kind, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
        } else if (t == 1) {
            this->recv();
        } else if (this->try_recv() == status::success) {
            this->send(2);
        }
    }
};

template <class Kind>
struct try_vs_try : recorded_channel<Kind, 2> {
    try_vs_try() : recorded_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        for (int v = 1; v <= 2; ++v) {
            t == 0 ? this->try_send(v) : this->try_recv();
        }
    }
};

// Batches.

template <class Kind>
struct send_many_vs_recv_many : recorded_channel<Kind, 2> {
    send_many_vs_recv_many() : recorded_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            require(this->send_many(1, 2, 3) == 3, "nobody closes it");
        } else {
            for (std::size_t got = 0; got < 3;) {
                got += this->recv_many(2);
            }
        }
    }
};

template <class Kind>
struct send_many_vs_close : recorded_channel<Kind, 2> {
    send_many_vs_close() : recorded_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send_many(1, 2, 3);
        } else {
            this->recv();
            this->close_by_receiver();
            this->recv_many(3);
        }
    }
};

template <class Kind>
struct recv_many_vs_close : recorded_channel<Kind, 2> {
    recv_many_vs_close() : recorded_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(1);
            this->close_by_sender();
        } else {
            require(this->recv_many(2) == 1, "sent before the close");
            require(this->recv_many(2) == 0, "nothing more is sent");
        }
    }
};

// Handles and elements. Elements end exactly once: received, returned to their sender, or with the channel; the
// channel ends with the last handle. What is forgotten is a leak, which the checker reports.
template <class Kind, int threads>
class held_channel : public scenario_of<threads> {
public:
    explicit held_channel(std::size_t capacity) {
        auto ends = Kind::template make<owner>(capacity);
        tx_.emplace(std::move(ends.first));
        rx_.emplace(std::move(ends.second));
    }

    status send(typename Kind::template sender<owner> const& tx, int v) {
        owner e(v);
        auto const answer = tx.send(std::move(e));
        returned(e, v, answer);
        return answer;
    }
    status send_for_a_while(typename Kind::template sender<owner> const& tx, int v) {
        owner e(v);
        auto const answer = tx.send_for(std::move(e), a_while);
        returned(e, v, answer);
        return answer;
    }

protected:
    static void returned(owner const& e, int v, status answer) {
        require(e.value() == (answer == status::success ? 0 : v), "neither sent nor returned, or both");
    }

    [[no_unique_address]] typename Kind::barrier barrier_;
    std::optional<typename Kind::template sender<owner>> tx_;
    std::optional<typename Kind::template receiver<owner>> rx_;
};

template <class Kind>
struct last_sender_vs_last_receiver : held_channel<Kind, 2> {
    last_sender_vs_last_receiver() : held_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(*this->tx_, 1);
            this->send(*this->tx_, 2);
            this->tx_.reset();
        } else {
            this->rx_.reset();
        }
    }
};

// What is left ends with the last receiver, not only with the channel.
class counted_element {
public:
    explicit counted_element(atomic<int>& n) : n_(&n) { n.fetch_add(1, order::relaxed); }
    counted_element(counted_element&& from) noexcept : n_(std::exchange(from.n_, nullptr)) {}
    counted_element& operator=(counted_element&& from) noexcept {
        std::swap(n_, from.n_);
        return *this;
    }
    ~counted_element() {
        if (n_ != nullptr) {
            n_->fetch_sub(1, order::relaxed);
        }
    }

private:
    atomic<int>* n_;
};

template <class Kind>
struct last_receiver_vs_sends : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int i = 0; i != 2; ++i) {
                (void)ends_.first.try_send(counted_element(there_));
            }
        } else {
            auto const last = std::move(ends_.second);
        }
    }
    void after() override { require(there_.load(order::relaxed) == 0, "an element is there, and nobody can receive it"); }

private:
    atomic<int> there_{0};
    std::pair<typename Kind::template sender<counted_element>, typename Kind::template receiver<counted_element>> ends_ =
        Kind::template make<counted_element>(2);
};

template <class Kind>
struct receiver_dropped_mid_send : held_channel<Kind, 2> {
    receiver_dropped_mid_send() : held_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            int v = 1;
            while (this->send(*this->tx_, v) == status::success) {
                ++v;
            }
            require(v <= 3, "accepted though nobody can receive it");
            this->tx_.reset();
        } else {
            require(this->rx_->recv()->value() == 1, "out of order");
            this->rx_.reset();
        }
    }
};

template <class Kind>
struct sender_dropped_vs_recv : held_channel<Kind, 2> {
    sender_dropped_vs_recv() : held_channel<Kind, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(*this->tx_, 1);
            this->send(*this->tx_, 2);
            this->tx_.reset();
        } else {
            int last = 0;
            for (auto& e : *this->rx_) {
                require(e.value() == ++last, "out of order");
            }
            require(last == 2, "closed before it was drained");
            this->rx_.reset();
        }
    }
};

template <class Kind>
struct timed_out_element_returns : held_channel<Kind, 2> {
    timed_out_element_returns() : held_channel<Kind, 2>(1) {}
    void before() override { this->send(*this->tx_, 1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->send_for_a_while(*this->tx_, 2);
            this->tx_.reset();
        } else {
            this->rx_->recv();
            this->rx_.reset();
        }
    }
};

template <class Kind>
struct owners_in_batches : held_channel<Kind, 2> {
    owners_in_batches() : held_channel<Kind, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            std::array<owner, 3> offered{owner(1), owner(2), owner(3)};
            auto const n = this->tx_->send_many(offered);
            for (std::size_t i = 0; i != offered.size(); ++i) {
                this->returned(offered[i], static_cast<int>(i) + 1, i < n ? status::success : status::closed);
            }
            this->tx_.reset();
        } else {
            std::array<owner, 2> got{owner(8), owner(9)};
            require(this->rx_->recv_many(got) != 0, "closed by nobody else");
            this->rx_.reset();
        }
    }
};

// The handle that is copied may be the last but one, or the last.
template <class Kind>
struct copy_vs_drop : held_channel<Kind, 3> {
    copy_vs_drop() : held_channel<Kind, 3>(2) {}
    void before() override { other_.emplace(*this->tx_); }
    void thread(unsigned t) override {
        if (t == 0) {
            auto const copy = *this->tx_;
            this->tx_.reset();
            this->send(copy, 1);
        } else if (t == 1) {
            this->send(*other_, 2);
            other_.reset();
        } else {
            int sum = 0;
            for (auto& e : *this->rx_) {
                sum += e.value();
            }
            require(sum == 3, "closed before the last sender was gone");
            this->rx_.reset();
        }
    }

private:
    std::optional<typename Kind::template sender<owner>> other_;
};

template <class Kind>
struct receivers_dropped : held_channel<Kind, 3> {
    receivers_dropped() : held_channel<Kind, 3>(1) {}
    void before() override { other_.emplace(*this->rx_); }
    void thread(unsigned t) override {
        if (t == 0) {
            int v = 1;
            while (this->send(*this->tx_, v) == status::success) {
                ++v;
            }
            this->tx_.reset();
        } else if (t == 1) {
            this->rx_->recv();
            this->rx_.reset();
        } else {
            other_.reset();
        }
    }

private:
    std::optional<typename Kind::template receiver<owner>> other_;
};

template <class Kind>
struct senders_dropped_last : held_channel<Kind, 2> {
    senders_dropped_last() : held_channel<Kind, 2>(2) {}
    void before() override {
        other_.emplace(*this->tx_);
        this->rx_.reset();
    }
    void thread(unsigned t) override {
        if (t == 0) {
            this->send(*this->tx_, 1);
            this->tx_.reset();
        } else {
            other_->is_closed();
            other_.reset();
        }
    }

private:
    std::optional<typename Kind::template sender<owner>> other_;
};

} // namespace tandem::model
