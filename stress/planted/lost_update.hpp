// Planted: a counter that reads, then writes. What another thread added in between is lost.
#pragma once

#include <tandem/world.hpp>

#include <cstdint>

namespace tandem::planted {

class lost_update {
public:
    void add(std::int64_t n) { fetch_add(n); }
    void sub(std::int64_t n) { fetch_add(-n); }
    std::int64_t fetch_add(std::int64_t n) { return exchange(value_.read() + n); }
    std::int64_t load() const { return value_.read(); }
    std::int64_t exchange(std::int64_t v) {
        auto const old = value_.read();
        value_.write(v);
        return old;
    }

private:
    cell<std::int64_t> value_;
};

} // namespace tandem::planted
