#pragma once

// Left-right (Ramalhete and Correia, 2013): two copies of plain data. Readers announce themselves under a version and read the copy that is theirs
// now; the writer changes the other copy, turns readers to it, waits until nobody reads the old one, under both versions, and changes that too.

#include "../museum.hpp"

namespace tandem::museum {

class left_right : public scenario_of<3> {
public:
    static constexpr label is{"correct", "left_right", "left-right, Ramalhete and Correia (2013)", ""};

    void thread(unsigned t) override { t == 0 ? write(1) : read(); }

private:
    struct copy {
        cell<int> a{0}, b{0};
    };

    void read() {
        auto const version = version_.load(order::seq_cst);
        readers_[version].fetch_add(1, order::seq_cst);
        auto const& mine = copies_[side_.load(order::seq_cst)];
        require(mine.a.read() == mine.b.read(), "half of a change");
        readers_[version].fetch_sub(1, order::release);
    }
    void write(int v) {
        auto const side = side_.load(order::relaxed);
        change(copies_[1 - side], v);
        side_.store(1 - side, order::seq_cst);
        auto const version = version_.load(order::relaxed);
        wait_for(readers_[1 - version]);
        version_.store(1 - version, order::seq_cst);
        wait_for(readers_[version]);
        change(copies_[side], v);
    }
    static void wait_for(atomic<int> const& readers) {
        while (readers.load(order::seq_cst) != 0) {
            yield();
        }
    }
    static void change(copy& c, int v) {
        c.a.write(v);
        c.b.write(v);
    }

    std::array<copy, 2> copies_;
    atomic<std::size_t> side_{0}, version_{0};
    std::array<atomic<int>, 2> readers_{};
};

} // namespace tandem::museum
