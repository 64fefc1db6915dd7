#pragma once

// The programs that hold operations to what their headers claim, and what each is held to.

#include "../model/scenario.hpp"
#include "../model/scenario_list.hpp"
#include "headers.hpp"

#include <span>
#include <string_view>

namespace tandem::model {

// Of the library, and of what is planted beside it.
claims_report const& claims_of_headers();

struct claimed_program {
    scenario_entry listed;
    std::string_view calls; // by name
    maker const& (*made)();
};
std::span<claimed_program const> claimed_programs();

} // namespace tandem::model
