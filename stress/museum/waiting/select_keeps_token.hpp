#pragma once

// A select stands in the queues of two channels and takes from one. A sender to the other has meanwhile chosen it to be woken, and wakes nobody else:
// the select has to pass that on, or a receiver behind it sleeps beside its element (select over wait lists, as in Go and crossbeam).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class select_keeps_token : public scenario_of<3> {
public:
    static constexpr label is{"waiting", "select_keeps_token", "select over the wait lists of channels", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            send(0);
            send(1);
        } else if (receive(t, t - 1) == 1 && t == 1) { // the first takes from either, the second from channel 1
            send(1);
        }
    }

private:
    struct channel {
        mutex lock;
        int elements = 0;
        std::array<unsigned, 2> waiting{}; // in the order they came; 0: nobody
    };

    void send(unsigned c) {
        scoped_lock const lock(channels_[c].lock);
        ++channels_[c].elements;
        wake_first(channels_[c]);
    }
    unsigned receive(unsigned t, unsigned from) {
        for (;;) {
            woken_[t].store(0, order::relaxed);
            for (unsigned c = from; c != 2; ++c) {
                if (take(channels_[c], t)) {
                    leave(t, from);
                    return c;
                }
            }
            while (woken_[t].load(order::acquire) == 0) {
                park(woken_[t], 0);
            }
        }
    }
    bool take(channel& c, unsigned t) {
        scoped_lock const lock(c.lock);
        if (c.elements != 0) {
            return c.elements-- != 0;
        }
        if (c.waiting[0] != t && c.waiting[1] != t) {
            c.waiting[c.waiting[0] == 0 ? 0 : 1] = t;
        }
        return false;
    }
    void leave(unsigned t, unsigned from) {
        for (unsigned c = from; c != 2; ++c) {
            scoped_lock const lock(channels_[c].lock);
            auto& [first, second] = channels_[c].waiting;
            second = second == t ? 0 : second;
            first = first == t ? std::exchange(second, 0) : first;
            if (repaired && channels_[c].elements != 0) {
                wake_first(channels_[c]);
            }
        }
    }
    void wake_first(channel& c) {
        if (auto const t = std::exchange(c.waiting[0], std::exchange(c.waiting[1], 0)); t != 0) {
            woken_[t].store(1, order::release);
            unpark_one(woken_[t]);
        }
    }

    std::array<channel, 2> channels_;
    std::array<atomic<std::uint32_t>, 3> woken_{};
};

} // namespace tandem::museum
