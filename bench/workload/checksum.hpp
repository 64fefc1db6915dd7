#pragma once

// checksum: what was sent and what was received, summed up, so that nothing lost, doubled or changed goes unnoticed.

#include "../sample.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::bench {

// Equal when the same messages were seen, in whatever order.
struct checksum {
    std::uint64_t count = 0, sum = 0, squares = 0;

    void add(message m) {
        ++count;
        sum += m;
        squares += m * m;
    }
    void add(checksum const& other) {
        count += other.count;
        sum += other.sum;
        squares += other.squares;
    }
    bool operator==(checksum const&) const = default;
};

// One checksum a thread, producers first.
class ledger {
public:
    explicit ledger(setup const& s)
        : producers_(static_cast<std::size_t>(s.producers)),
          threads_(static_cast<std::size_t>(s.producers + s.consumers)) {}

    void write(int thread, checksum const& seen) { threads_[static_cast<std::size_t>(thread)] = seen; }
    // Everything that was sent was received, once.
    bool balanced() const {
        checksum sent, received;
        for (std::size_t i = 0; i != threads_.size(); ++i) {
            (i < producers_ ? sent : received).add(threads_[i]);
        }
        return sent == received;
    }

private:
    std::size_t const producers_;
    std::vector<checksum> threads_;
};

// Share i of n equal shares; the first ones take what does not divide.
inline std::uint64_t share(std::uint64_t whole, int i, int n) {
    auto const parts = static_cast<std::uint64_t>(n);
    return whole / parts + (static_cast<std::uint64_t>(i) < whole % parts ? 1 : 0);
}

// The messages of producer i: [first, last).
struct messages_of {
    messages_of(setup const& s, int i)
        : first(static_cast<message>(i) << 40), last(first + share(s.items, i, s.producers)) {}
    message first, last;
};

} // namespace tandem::bench
