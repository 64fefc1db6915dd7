#pragma once

// Relacy's history of an execution, made readable: source files by their place in the tree, addresses by
// short names in the order they appear, one line a step.

#include <string>
#include <string_view>

namespace tandem::model {

std::string readable(std::string_view history, std::string_view source_root);

} // namespace tandem::model
