#pragma once

// Double-checked locking whose first look is relaxed: it sees the pointer, and not what it points to (Bacon and others, "The
// double-checked locking is broken declaration", 2000; Meyers and Alexandrescu, 2004).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class double_checked_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "double_checked_relaxed", "double-checked locking, Meyers and Alexandrescu (2004)",
                              "DATA RACE|ACCESS TO UNINITIALIZED"};

    void thread(unsigned) override {
        auto* it = instance_.load(either(repaired, order::acquire, order::relaxed));
        if (it == nullptr) {
            scoped_lock const lock(mutex_);
            it = instance_.load(order::relaxed);
            if (it == nullptr) {
                it = make<cell<int>>(7);
                instance_.store(it, order::release);
            }
        }
        require(it->read() == 7, "an instance without its value");
    }
    void after() override { free(instance_.load(order::relaxed)); }

private:
    mutex mutex_;
    atomic<cell<int>*> instance_{nullptr};
};

} // namespace tandem::museum
