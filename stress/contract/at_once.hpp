// at_once: runs functions on threads of their own that start together, and joins them.
#pragma once

#include <latch>
#include <thread>
#include <vector>

namespace tandem::test {

template <class... F>
void at_once(F... f) {
    std::latch start(sizeof...(F));
    std::vector<std::jthread> threads;
    (threads.emplace_back([&start, &f] {
        start.arrive_and_wait();
        f();
    }),
     ...);
}

} // namespace tandem::test
