#pragma once

#include <atomic>

inline std::atomic<int> number; // a world may
inline void fence() { std::atomic_thread_fence(std::memory_order::seq_cst); }
