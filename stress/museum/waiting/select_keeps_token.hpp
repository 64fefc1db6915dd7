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
            send(0), send(1);
        } else if (receive(t, t - 1) == 1 && t == 1) { // the first takes from either, the second from channel 1
            send(1);
        }
    }

private:
    void send(unsigned c) {
        scoped_lock const lock(mutex_);
        ++elements_[c];
        wake_first(c);
    }
    unsigned receive(unsigned t, unsigned from) {
        for (;; park(woken_[t], 0)) {
            woken_[t].store(0, order::relaxed);
            scoped_lock const lock(mutex_);
            std::erase(waiting_[0], t), std::erase(waiting_[1], t);
            auto const c = elements_[from] != 0 ? from : 1;
            if (elements_[c] != 0) {
                --elements_[c];
                repaired && elements_[1] != 0 ? wake_first(1) : void();
                return c;
            }
            for (auto one = from; one != 2; ++one) {
                waiting_[one].push_back(t);
            }
        }
    }
    void wake_first(unsigned c) {
        if (!waiting_[c].empty()) {
            auto& word = woken_[waiting_[c].front()];
            waiting_[c].erase(waiting_[c].begin());
            word.store(1, order::release);
            unpark_one(word);
        }
    }

    mutex mutex_;
    std::array<int, 2> elements_{};
    std::array<std::vector<unsigned>, 2> waiting_; // for each channel, in the order they came
    std::array<atomic<std::uint32_t>, 3> woken_{};
};

} // namespace tandem::museum
