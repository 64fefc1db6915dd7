#pragma once

// A work-stealing deque whose owner grows its array, copies the elements, and publishes the new array with a relaxed store: a thief gets the
// array and not what is in it (the C11 deque of Lê and others, 2013; found by CDSChecker, Norris and Demsky, 2013).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class deque_grows_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "deque_grows_relaxed", "Lê and others' C11 deque (2013), found by CDSChecker",
                              "DATA RACE|ACCESS TO UNINITIALIZED"};

    void before() override {
        array_.store(make<array>(), order::relaxed);
        push(1);
    }
    void thread(unsigned t) override { t == 0 ? push(2) : steal(); }
    void after() override {
        auto* const now = array_.load(order::relaxed);
        free(old_ != nullptr ? old_ : now);
        if (old_ != nullptr) {
            free(now);
        }
    }

private:
    struct array {
        std::array<atomic<int>, 2> elements{};
    };

    void push(int v) {
        auto const bottom = bottom_.load(order::relaxed);
        auto* now = array_.load(order::relaxed);
        if (bottom == 1) { // as if it were full
            old_ = std::exchange(now, make<array>());
            now->elements[0].store(old_->elements[0].load(order::relaxed), order::relaxed);
            array_.store(now, either(repaired, order::release, order::relaxed));
        }
        now->elements[bottom].store(v, order::relaxed);
        bottom_.store(bottom + 1, order::release);
    }
    void steal() {
        auto top = top_.load(order::seq_cst);
        if (top < bottom_.load(order::acquire)) {
            auto const v = array_.load(order::acquire)->elements[top].load(order::relaxed);
            require(v == 1, "not what was pushed");
            top_.compare_exchange_strong(top, top + 1, order::seq_cst, order::relaxed);
        }
    }

    atomic<unsigned> top_{0}, bottom_{0};
    atomic<array*> array_{nullptr};
    array* old_ = nullptr; // kept: thieves may look at it
};

} // namespace tandem::museum
