#pragma once

#include <tandem/world.hpp>

inline std::vector<int> numbers;
