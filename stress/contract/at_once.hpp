// at_once: runs functions on threads of their own that start together, and joins them.
#pragma once

#include <array>
#include <latch>
#include <thread>

namespace tandem::test {

template <class... F>
void at_once(F... f) {
    std::latch start(sizeof...(F));
    std::array<std::thread, sizeof...(F)> threads{std::thread([&start, &f] {
        start.arrive_and_wait();
        f();
    })...};
    for (auto& one : threads) {
        one.join();
    }
}

} // namespace tandem::test
