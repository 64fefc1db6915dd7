// table: every planted bug, and which rung of the ladder finds it.
#pragma once

#include "scenario.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace tandem::planted {

enum class found { never, always, either };

struct planted_bug {
    std::string_view name;
    std::vector<std::unique_ptr<stress::scenario>> scenarios; // the bug in it, under each kind of program
    found plain, thread_sanitizer, address_sanitizer;
    std::size_t threads = 0;   // that it takes; 0: any
    std::uint64_t budget = 12; // seeds of the generator that one planted seed stands for

    found expected() const; // in this build
};

std::vector<planted_bug> table();

} // namespace tandem::planted
