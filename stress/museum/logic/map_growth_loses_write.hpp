#pragma once

// A map that grows copies its table and then publishes the copy. A write that comes to the old table after its place was copied is
// lost (cornelk/hashmap#54). Repaired, the copier leaves a mark in each place, and who meets one goes to the new table.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class map_growth_loses_write : public scenario_of<2> {
public:
    static constexpr label is{"logic", "map_growth_loses_write", "cornelk/hashmap#54", "USER ASSERT FAILED"};

    void before() override { table_.store(&tables_[0], order::relaxed); }
    void thread(unsigned t) override { t == 0 ? set(1, 7) : grow(); }
    void after() override { require((*table_.load(order::relaxed))[1].load(order::relaxed) == 7, "a write was lost"); }

private:
    using table = std::array<atomic<int>, 2>;
    static constexpr int moved = -1;

    void set(std::size_t key, int value) {
        for (;;) {
            auto& place = (*table_.load(order::acquire))[key];
            for (auto seen = place.load(order::acquire); seen != moved;) {
                if (place.compare_exchange_weak(seen, value, order::release, order::acquire)) {
                    return;
                }
            }
            yield(); // the new table is about to come
        }
    }
    void grow() {
        for (std::size_t k = 0; k != 2; ++k) {
            auto const value = repaired ? tables_[0][k].exchange(moved, order::acq_rel) : tables_[0][k].load(order::acquire);
            tables_[1][k].store(value, order::relaxed);
        }
        table_.store(&tables_[1], order::release);
    }

    std::array<table, 2> tables_;
    atomic<table*> table_{nullptr};
};

} // namespace tandem::museum
