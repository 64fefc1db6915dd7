#pragma once

// Epochs (Fraser, 2004): what is taken out is freed two epochs after its tag. Tagged with the epoch that the thread itself announced, which may be
// one behind, it is freed one too early, under a reader that came when it was still there. The scheme stands in ../planted/epochs.hpp.

#include "../../planted/epochs.hpp"
#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class epoch_tag_local : public scenario_of<3> {
public:
    static constexpr label is{"memory", "epoch_tag_local", "epochs (Fraser, 2004), tagged with what the thread itself announced",
                              "ACCESS TO FREED MEMORY|DATA RACE"};

    void before() override { source_.store(make<cell<int>>(1), order::relaxed); }
    void thread(unsigned t) override {
        if (t == 0) {
            epochs_.lock();
            if (auto* const it = source_.load(order::acquire)) {
                require(it->read() == 1, "not what the object held");
            }
            epochs_.unlock();
        } else if (t == 1) {
            epochs_.lock();
            taken_out_ = source_.exchange(nullptr, order::acq_rel);
            auto const tag = epochs_.now();
            epochs_.unlock();
            for (int i = 0; i != 2; ++i) {
                epochs_.try_advance();
                if (epochs_.expired(tag) && taken_out_ != nullptr) {
                    free(std::exchange(taken_out_, nullptr));
                }
            }
        } else {
            for (int i = 0; i != 3; ++i) {
                epochs_.try_advance();
            }
        }
    }
    void after() override {
        if (taken_out_ != nullptr) {
            free(taken_out_);
        }
    }

private:
    using bug = planted::epoch_bug;
    planted::epochs<repaired ? bug::none : bug::tag_from_local_epoch> epochs_;
    atomic<cell<int>*> source_{nullptr};
    cell<int>* taken_out_ = nullptr;
};

} // namespace tandem::museum
