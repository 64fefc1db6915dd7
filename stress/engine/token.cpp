#include <tandem/stress/engine/token.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace tandem::stress {

std::uint32_t fingerprint(scenario const& s) {
    std::uint32_t hash = 2166136261; // FNV-1a
    for (char const c : s.identity()) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
    }
    return (hash >> 16 ^ hash) & 0xffff;
}

std::string token::text() const {
    std::array<char, 64> buffer;
    auto const length = std::snprintf(buffer.data(), buffer.size(), "%c-%04x-%zx-%llx", execution.empty() ? 'S' : 'E', scenario, threads,
                                      static_cast<unsigned long long>(seed));
    std::string made(buffer.data(), static_cast<std::size_t>(length));
    return execution.empty() ? made : made.append("-").append(execution);
}

std::optional<token> token::parse(std::string const& text) {
    token t;
    unsigned long long seed = 0;
    char kind = 0;
    int read = 0;
    if (std::sscanf(text.c_str(), "%c-%4x-%zx-%llx%n", &kind, &t.scenario, &t.threads, &seed, &read) != 4) {
        return std::nullopt;
    }
    t.seed = seed;
    auto const rest = text.substr(static_cast<std::size_t>(read));
    if (kind == 'S' && rest.empty()) {
        return t;
    }
    bool const known = rest.find_first_not_of("-0123456789abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    if (kind == 'E' && rest.size() > 1 && rest.front() == '-' && known) {
        t.execution = rest.substr(1);
        return t;
    }
    return std::nullopt;
}

} // namespace tandem::stress
