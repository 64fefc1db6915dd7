#pragma once

// A reference count that everybody lowers with release, and only the last one follows with an acquire fence, as Boost and Rust have it: the fence orders
// what the others did before it ends the object, since each lowering continues the release sequences of those before it.

#include "../museum.hpp"

namespace tandem::museum {

class fence_by_last_owner : public scenario_of<3> {
public:
    static constexpr label is{"correct", "fence_by_last_owner", "reference counts of Boost and Rust", "", relacy::agrees, true};

    void before() override { it_ = make<std::array<cell<int>, 3>>(); }
    void thread(unsigned t) override {
        (*it_)[t].write(1);
        if (owners_.fetch_sub(1, order::release) == 1) {
            fence(order::acquire);
            require((*it_)[0].read() + (*it_)[1].read() + (*it_)[2].read() == 3, "not all is seen that the others did");
            free(it_);
        }
    }

private:
    std::array<cell<int>, 3>* it_ = nullptr;
    atomic<int> owners_{3};
};

} // namespace tandem::museum
