// orders: the lint of memory orders in shipped headers, and the list of sites that mutants weaken.
//
// An order is spelled `order::acquire` (or `std::memory_order::acquire`, `memory_order_acquire`) in the call of an atomic operation. The
// comment at the end of its line, or the comment lines just above, say in clauses separated by `;` why it is so:
//
//   push.claim              the end of an edge, listed in the header comment:  LEFT KIND => RIGHT KIND  text
//   seq_cst: exact answers  the total order it needs, described there:         seq_cst, exact answers: text
//   relaxed: a guess        why it may be relaxed
//   survivor: why           why no check can notice that it is stronger than it must be, and what proves that (claim.hpp)
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::tools {

struct order_site {
    std::string file; // relative to the tree
    int line = 0;
    int ordinal = 1;  // of the operation on its line
    std::string role; // order, or of a compare-exchange: success, failure
    std::string operation;
    std::string order;
    std::string why{};      // the comment's clauses that are not an argument
    std::string argument{}; // a survivor's, quoted
    std::string problem{};  // empty: well annotated

    [[nodiscard]] std::string name() const; // FILE:LINE:ORDINAL:ROLE
};

struct order_problem {
    std::string file;
    int line = 0;
    std::string what;
};

struct order_report {
    std::vector<order_site> sites;
    std::vector<order_problem> problems;
};

// One header. World headers may do everything: they are what the others are kept from.
[[nodiscard]] order_report check_orders(std::string const& file, std::string_view text);
// Every shipped header of the tree.
[[nodiscard]] order_report check_orders(std::filesystem::path const& root);

} // namespace tandem::tools
