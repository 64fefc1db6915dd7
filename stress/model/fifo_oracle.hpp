#pragma once

// What a bounded queue or channel must answer, decided within one execution: the calls are recorded as they are
// made, and afterwards some order of them must explain every answer (Wing and Gong, 1993). Small enough to be
// obviously right, independent of the checker that judges real threads; no allocation.

#include <tandem/contract.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace tandem::model {

// How much a half may leave open.
enum class answers : std::uint8_t {
    exact,
    // A call may give up because of another that is under way (busy, a short batch).
    may_give_up,
};

// Which calls come one after the other.
enum class timing : std::uint8_t {
    // All that do not overlap.
    real,
    // Those of one thread, and those made while it was alone: what another thread did may be seen late. So may room that
    // another made, by who pushes, and an element that another pushed, by who pops: one thread each.
    of_each_thread,
};

// What the world that the calls are made in has to say of them: that one begins, for which f(of) is to be called before its thread takes its next
// step, and that it has returned. By itself it begins at once.
struct timekeeper {
    void (*begins)(void (*f)(void*), void* of) = [](void (*f)(void*), void* of) { f(of); };
    void (*returns)() = [] {};
};

class fifo_oracle {
public:
    static constexpr std::size_t most = 4; // of a batch

private:
    enum class op : std::uint8_t { push, pop, push_n, pop_n, close, is_closed };
    struct call {
        op kind;
        status answer = status::success;
        std::size_t count = 0;
        std::size_t asked = 0;
        std::array<int, most> values{};
        std::optional<unsigned> thread{}; // none: no other thread was running
        unsigned invoked = 0;
        unsigned returned = 0;
        bool continues = false; // a part of the same call as the one before
    };

public:
    fifo_oracle(std::size_t capacity, answers allowed, timing order = timing::real, timekeeper time = {})
        : capacity_(capacity), allowed_(allowed), order_(order), time_(time) {}

    // A call in progress: made before the call, told its result after it.
    class [[nodiscard]] pending {
    public:
        void push(int value, status answer) { finish({.kind = op::push, .answer = answer, .values = {value}}); }
        void pop(int value, status answer) { finish({.kind = op::pop, .answer = answer, .values = {value}}); }
        void push_n(std::span<int const> offered, std::size_t taken) {
            finish(batch(op::push_n, offered, taken, offered.size()));
        }
        void pop_n(std::span<int const> got, std::size_t asked) { finish(batch(op::pop_n, got, got.size(), asked)); }
        // A batch that may take effect bit by bit, and is cut short by a close only.
        void pushes(std::span<int const> offered, std::size_t taken) {
            returns();
            for (std::size_t i = 0; i != std::min(taken + 1, offered.size()); ++i) {
                auto const answer = i < taken ? status::success : status::closed;
                part({.kind = op::push, .answer = answer, .values = {offered[i]}, .continues = i != 0});
            }
            ++oracle_.clock_;
        }
        // None: closed.
        void pops(std::span<int const> got) {
            returns();
            for (std::size_t i = 0; i != got.size(); ++i) {
                part({.kind = op::pop, .values = {got[i]}, .continues = i != 0});
            }
            if (got.empty()) {
                part({.kind = op::pop, .answer = status::closed});
            }
            ++oracle_.clock_;
        }
        void close() { finish({.kind = op::close}); }
        void is_closed(bool answer) { finish({.kind = op::is_closed, .count = answer}); }

    private:
        friend fifo_oracle;
        pending(fifo_oracle& o, std::optional<unsigned> thread) : oracle_(o), thread_(thread) {
            o.time_.begins([](void* it) { static_cast<pending*>(it)->begin(); }, this);
        }
        pending(pending const&) = delete;
        pending& operator=(pending const&) = delete;

        void begin() {
            invoked_ = oracle_.clock_++;
            begun_ = true;
        }
        void returns() {
            if (!begun_) { // it took no step
                begin();
            }
            oracle_.time_.returns();
        }

        static call batch(op kind, std::span<int const> values, std::size_t done, std::size_t asked) {
            call c{.kind = kind, .count = done, .asked = asked};
            std::ranges::copy(values.first(std::min(values.size(), most)), c.values.begin());
            return c;
        }
        void finish(call c) {
            returns();
            part(c);
            ++oracle_.clock_;
        }
        void part(call c) {
            c.thread = thread_;
            c.invoked = invoked_;
            c.returned = oracle_.clock_;
            oracle_.calls_[oracle_.count_++] = c;
        }

        fifo_oracle& oracle_;
        std::optional<unsigned> thread_;
        unsigned invoked_ = 0;
        bool begun_ = false;
    };
    pending call_begins(std::optional<unsigned> thread = {}) { return pending(*this, thread); }

    bool explained() const { return explains({}, 0); }

private:
    struct state {
        std::array<int, 8> items{};
        std::size_t size = 0;
        bool closed = false;
        // Of what was popped, as much as another thread need not have seen yet; and the other way round.
        std::size_t late_room = 0;
        std::size_t late_items = 0;
        std::optional<unsigned> popper{};
        std::optional<unsigned> pusher{};
    };

    bool explains(state const& now, unsigned done) const {
        if (done == (1u << count_) - 1) {
            return true;
        }
        for (std::size_t i = 0; i != count_; ++i) {
            if ((done >> i & 1) == 0 && comes_next(i, done)) {
                state next = now;
                if (possible(next, calls_[i]) && explains(next, done | 1u << i)) {
                    return true;
                }
            }
        }
        return false;
    }

    bool comes_next(std::size_t i, unsigned done) const {
        for (std::size_t j = 0; j != count_; ++j) {
            if ((done >> j & 1) == 0 && precedes(j, i)) {
                return false;
            }
        }
        return true;
    }
    bool precedes(std::size_t i, std::size_t j) const {
        auto const& a = calls_[i];
        auto const& b = calls_[j];
        bool const seen =
            order_ == timing::real || a.thread == b.thread || !a.thread || !b.thread;
        return (seen && a.returned < b.invoked) || (b.continues && i + 1 == j);
    }

    bool exact() const { return allowed_ == answers::exact; }

    // Whether the call can have this answer now; takes its effect.
    bool possible(state& q, call const& c) const {
        if (!c.thread || order_ == timing::real) {
            q.late_room = q.late_items = 0;
        }
        std::size_t const room = capacity_ - q.size;
        switch (c.kind) {
        case op::push:
            switch (c.answer) {
            case status::success:
                return !q.closed && append(q, c, 1);
            case status::closed:
                return q.closed;
            case status::full:
                return !q.closed && all_late(q.late_room, room, c.thread == q.popper);
            case status::timeout:
            case status::stopped:
                return true;
            default:
                return c.answer == status::busy && !exact();
            }
        case op::pop:
            switch (c.answer) {
            case status::success:
                return remove(q, c, 1);
            case status::closed:
                return q.closed && q.size == 0;
            case status::empty:
                return !q.closed && all_late(q.late_items, q.size, c.thread == q.pusher);
            case status::timeout:
            case status::stopped:
                return true;
            default:
                return c.answer == status::busy && !exact();
            }
        case op::push_n:
            if (exact() && c.count != (q.closed ? 0 : std::min(c.asked, room))) {
                return false;
            }
            return c.count == 0 || (!q.closed && append(q, c, c.count));
        case op::pop_n:
            if (exact() && c.count != std::min(c.asked, q.size)) {
                return false;
            }
            return remove(q, c, c.count);
        case op::close:
            q.closed = true;
            return true;
        case op::is_closed:
            return q.closed == (c.count == 1);
        }
        return false;
    }

    // Whether all of it may be late, but not for whoever did it. If so, just that much is: more would be `all` and something
    // that came before it.
    static bool all_late(std::size_t& late, std::size_t all, bool own) {
        if (late < all || (own && all != 0)) {
            return false;
        }
        late = all;
        return true;
    }
    bool append(state& q, call const& c, std::size_t n) const {
        if (n > capacity_ - q.size) {
            return false;
        }
        std::copy_n(c.values.begin(), n, q.items.begin() + static_cast<std::ptrdiff_t>(q.size));
        q.size += n;
        q.late_room = std::min(q.late_room, capacity_ - q.size);
        q.late_items += c.thread ? n : 0;
        q.pusher = c.thread;
        return true;
    }
    static bool remove(state& q, call const& c, std::size_t n) {
        auto const first = q.items.begin();
        auto const taken = first + static_cast<std::ptrdiff_t>(n);
        if (n > q.size || !std::equal(first, taken, c.values.begin())) {
            return false;
        }
        std::copy(taken, first + static_cast<std::ptrdiff_t>(q.size), first);
        q.size -= n;
        q.late_items = std::min(q.late_items, q.size);
        q.late_room += c.thread ? n : 0;
        q.popper = c.thread;
        return true;
    }

    std::size_t const capacity_;
    answers const allowed_;
    timing const order_;
    timekeeper const time_;
    std::array<call, 24> calls_{};
    std::size_t count_ = 0;
    unsigned clock_ = 0;
};

} // namespace tandem::model
