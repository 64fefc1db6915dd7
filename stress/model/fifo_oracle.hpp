#pragma once

// What a bounded queue or channel must answer, decided within one execution: the calls are recorded as they are
// made, and afterwards some order of them must explain every answer (Wing and Gong, 1993). Small enough to be
// obviously right, independent of the checker that judges real threads; no allocation.

#include <tandem/contract.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
    // Those of one thread, and those made while it was alone: what another thread did may be seen late.
    of_each_thread,
};

class fifo_oracle {
public:
    static constexpr std::size_t most = 4; // of a batch
    static constexpr unsigned alone = ~0u; // instead of a thread's number: no other thread was running

private:
    enum class op : std::uint8_t { push, pop, push_n, pop_n, close, is_closed };
    struct call {
        op kind;
        status answer = status::success;
        std::size_t count = 0;
        std::size_t asked = 0;
        std::array<int, most> values{};
        unsigned thread = alone;
        unsigned invoked = 0;
        unsigned returned = 0;
        bool continues = false; // a part of the same call as the one before
    };

public:
    fifo_oracle(std::size_t capacity, answers allowed, timing order = timing::real)
        : capacity_(capacity), allowed_(allowed), order_(order) {}

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
            for (std::size_t i = 0; i != std::min(taken + 1, offered.size()); ++i) {
                auto const answer = i < taken ? status::success : status::closed;
                part({.kind = op::push, .answer = answer, .values = {offered[i]}, .continues = i != 0});
            }
            ++oracle_.clock_;
        }
        // None: closed.
        void pops(std::span<int const> got) {
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
        pending(fifo_oracle& o, unsigned thread) : oracle_(o), thread_(thread), invoked_(o.clock_++) {}

        static call batch(op kind, std::span<int const> values, std::size_t done, std::size_t asked) {
            call c{.kind = kind, .count = done, .asked = asked};
            std::ranges::copy(values.first(std::min(values.size(), most)), c.values.begin());
            return c;
        }
        void finish(call c) {
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
        unsigned thread_;
        unsigned invoked_;
    };
    pending call_begins(unsigned thread = alone) { return pending(*this, thread); }

    bool explained() const { return explains({}, 0); }

private:
    struct state {
        std::array<int, 8> items{};
        std::size_t size = 0;
        bool closed = false;
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
            order_ == timing::real || a.thread == b.thread || a.thread == alone || b.thread == alone;
        return (seen && a.returned < b.invoked) || (b.continues && i + 1 == j);
    }

    bool exact() const { return allowed_ == answers::exact; }

    // Whether the call can have this answer now; takes its effect.
    bool possible(state& q, call const& c) const {
        std::size_t const room = capacity_ - q.size;
        switch (c.kind) {
        case op::push:
            switch (c.answer) {
            case status::success:
                return !q.closed && append(q, c, 1);
            case status::closed:
                return q.closed;
            case status::full:
                return room == 0 && !q.closed;
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
                return !q.closed && q.size == 0;
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

    bool append(state& q, call const& c, std::size_t n) const {
        if (n > capacity_ - q.size) {
            return false;
        }
        std::copy_n(c.values.begin(), n, q.items.begin() + static_cast<std::ptrdiff_t>(q.size));
        q.size += n;
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
        return true;
    }

    std::size_t const capacity_;
    answers const allowed_;
    timing const order_;
    std::array<call, 24> calls_{};
    std::size_t count_ = 0;
    unsigned clock_ = 0;
};

} // namespace tandem::model
