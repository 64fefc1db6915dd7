#include "litmus.hpp"
#include "programs/families.hpp"

#include <array>
#include <cstddef>

namespace tandem::litmus {

std::span<test const> tests() {
    static auto const all = [] {
        list made;
        for (auto* const family :
             {store_buffering, message_passing, release_sequences, coherence, updates, exchanges_that_fail, last_writers, chains, seq_cst,
              limits, races, barriers, waiting}) {
            family(made);
        }
        return made;
    }();
    return all;
}

bool possible(verdict v) noexcept {
    return v == verdict::allowed || v == verdict::not_produced || v == verdict::race || v == verdict::stuck;
}

void went_wrong(test const& t, std::string const& what, finding& f) {
    bool const of_races = t.expected == verdict::race || t.expected == verdict::no_race;
    if (t.outcome == nullptr && what.starts_with(of_races ? "DATA RACE" : "DEADLOCK")) {
        ++f.seen;
    } else {
        f.accused = what;
    }
}

bool right(test const& t, finding const& f) noexcept {
    return f.accused.empty() && (f.seen != 0) == possible(t.expected);
}

char const* to_string(verdict v) noexcept {
    constexpr std::array names{"allowed", "forbidden", "allowed, not produced", "race", "no race", "stuck", "never stuck"};
    return names[static_cast<std::size_t>(v)];
}

} // namespace tandem::litmus
