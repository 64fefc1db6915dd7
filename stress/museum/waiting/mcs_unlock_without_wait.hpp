#pragma once

// In the queue lock of Mellor-Crummey and Scott (1991) a thread joins by one exchange of the tail and then links itself behind the one before. Who
// unlocks and sees nobody linked yet, while the tail says that somebody has joined, must wait for the link: else nobody wakes the next.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class mcs_unlock_without_wait : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "mcs_unlock_without_wait", "Mellor-Crummey and Scott's lock (1991), its wait left out",
                              "LIVELOCK|DEADLOCK"};

    void thread(unsigned t) override {
        auto& mine = nodes_[t];
        if (auto* const before = tail_.exchange(&mine, order::acq_rel)) {
            before->next.store(&mine, order::release);
            while (mine.waits.load(order::acquire)) {
                yield();
            }
        }
        inside_.write(inside_.read() + 1);
        unlock(mine);
    }

private:
    struct node {
        atomic<node*> next{nullptr};
        atomic<bool> waits{true};
    };

    void unlock(node& mine) {
        auto* next = mine.next.load(order::acquire);
        if (auto* last = &mine; next == nullptr && tail_.compare_exchange_strong(last, nullptr, order::release, order::relaxed)) {
            return;
        }
        while (repaired && next == nullptr) {
            yield();
            next = mine.next.load(order::acquire);
        }
        if (next != nullptr) {
            next->waits.store(false, order::release);
        }
    }

    std::array<node, 2> nodes_;
    atomic<node*> tail_{nullptr};
    cell<int> inside_{0};
};

} // namespace tandem::museum
