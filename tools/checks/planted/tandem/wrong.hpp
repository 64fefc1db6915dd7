#pragma once

#include <tandem/world.hpp>

#include <tandem/locked/counter.hpp>

inline auto const relaxed = std::memory_order::relaxed;
