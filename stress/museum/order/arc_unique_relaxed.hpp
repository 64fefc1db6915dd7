#pragma once

// Rust's Arc::get_mut looked whether it is the only owner with a relaxed load: the last owner's exclusive access is not ordered after what
// the others did before they let go (rust#51780).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class arc_unique_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "arc_unique_relaxed", "Rust Arc::get_mut, rust-lang/rust#51780", "DATA RACE"};

    void thread(unsigned t) override {
        if (t == 0) {
            value_.write(1);
            owners_.fetch_sub(1, order::release);
        } else if (owners_.load(either(repaired, order::acquire, order::relaxed)) == 1) {
            value_.write(value_.read() + 1); // nobody else has it
        }
    }

private:
    atomic<int> owners_{2};
    cell<int> value_{0};
};

} // namespace tandem::museum
