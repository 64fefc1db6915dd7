// Costs as scenarios: what the calls of a structure cost is what costs.txt says, to the last miss. So a change of a header that only costs something is
// noticed as others are.

#include "pricing.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace tandem::model {
namespace {

using pricing::programs;

std::string recorded() {
    auto const page = std::filesystem::path(__FILE__).parent_path() / "costs.txt";
    std::ifstream in(page);
    if (!in) {
        throw std::runtime_error("cannot read " + page.string());
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

constexpr bool of_the_same(pricing::program const& a, pricing::program const& b) {
    return std::string_view(a.structure) == b.structure && std::string_view(a.half) == b.half;
}

// All programs of the structure and half of this one.
template <std::size_t i>
outcome as_recorded(request const&) {
    auto const page = recorded();
    outcome found;
    for (auto const& p : programs) {
        if (!of_the_same(p, programs[i])) {
            continue;
        }
        for (auto const& one : pricing::prices_of(p)) {
            if (page.find(one.line()) == page.npos) {
                found.violation = true;
                found.what = "COSTS OTHERWISE";
                found.history += "COSTS OTHERWISE: " + one.line();
            }
        }
    }
    return found;
}

constexpr bool is_first(std::size_t i) {
    return std::ranges::none_of(programs.begin(), programs.begin() + i, [i](auto const& p) { return of_the_same(p, programs[i]); });
}

template <std::size_t... i>
std::vector<scenario_entry> entries(std::index_sequence<i...>) {
    static std::array<std::string, sizeof...(i)> const names{fmt::format("{}_costs", programs[i].structure)...};
    std::vector<scenario_entry> all;
    ((is_first(i) ? all.push_back({programs[i].structure, programs[i].half, names[i].c_str(), verdict::pass, 1, 1, &as_recorded<i>}) : void()), ...);
    return all;
}

} // namespace

std::span<scenario_entry const> scenarios() {
    static auto const all = entries(std::make_index_sequence<programs.size()>());
    return all;
}

} // namespace tandem::model
