#pragma once

// A channel of blocks: when the last receiver goes, it takes the first block out of the channel and frees what is left; so does the end of
// the channel with a block that is still there. The receiver, waiting for a sender that was just installing the first block, read the
// pointer again without taking it out: both freed it (crossbeam-channel 0.5.12 to 0.5.14, RUSTSEC-2025-0024).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class list_channel_double_free : public scenario_of<2> {
public:
    static constexpr label is{"memory", "list_channel_double_free", "crossbeam-channel, RUSTSEC-2025-0024", "DOUBLE FREE|ACCESS TO FREED MEMORY"};

    void thread(unsigned t) override { t == 0 ? send() : discard(); }
    void after() override { // the end of the channel
        if (auto* const block = head_.load(order::relaxed)) {
            free(block);
        }
    }

private:
    void send() {
        auto* const block = make<int>(1);
        if (closed_.load(order::acquire)) {
            free(block);
            return;
        }
        tail_.store(1, order::release); // an element is on its way, and with it the first block
        head_.store(block, order::release);
    }
    void discard() {
        closed_.store(true, order::release);
        auto* block = head_.exchange(nullptr, order::acq_rel);
        if (tail_.load(order::acquire) == 1) {
            while (block == nullptr) { // the sender has not installed it yet
                yield();
                block = repaired ? head_.exchange(nullptr, order::acq_rel) : head_.load(order::acquire);
            }
        }
        if (block != nullptr) {
            free(block);
        }
    }

    atomic<int*> head_{nullptr};
    atomic<int> tail_{0};
    atomic<bool> closed_{false};
};

} // namespace tandem::museum
