#pragma once

// std::atomic in a comment is no violation, nor is #include <tandem/locked/counter.hpp>.

#include <vector>

#include <tandem/locked/counter.hpp>
#include <tandem/stress/call.hpp>

#include <mutex>

inline std::atomic<int> number;
inline std::mutex guard;
inline int load() { return __atomic_load_n(&plain, 2); }
inline void fence() { atomic_thread_fence(order::seq_cst); }
inline void sleep() { syscall(202); }
