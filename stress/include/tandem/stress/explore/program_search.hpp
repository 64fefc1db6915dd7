// program_search: the executions of one program, until one goes wrong.
#pragma once

#include <tandem/stress/explore/choices.hpp>
#include <tandem/stress/explore/search.hpp>
#include <tandem/stress/explore/stage.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tandem::stress::detail::explored {

// Which execution of a program: at random, by number; or the n-th of all, with callers apart or in touch.
struct execution_name {
    enum class search : char { random = 'r', apart = 'a', in_touch = 't' };
    search by = search::random;
    std::uint64_t number = 0;

    std::string text() const;
    static std::optional<execution_name> parse(std::string const&);
};

inline constexpr std::string_view nondeterminism = "nondeterminism";

struct went_wrong {
    std::string what{}; // "data race", or nondeterminism, and then `why` is all that there is to say
    std::string why{};  // the explorer's words; none: the specification has some
    execution_name where{};
    history calls{};
    explore::trace trace{};
};

struct tally_of_executions {
    std::uint64_t executions = 0, histories = 0, calls = 0, undecided = 0;
    discernment noticed{}; // changed answers of one history
    bool saw_a_step = false;
};

class program_search {
public:
    program_search(scenario const& what, program const& p) : what_(what), program_(p), stage_(what, p) {}

    // Numbers [first, last).
    std::optional<went_wrong> at_random(std::uint64_t first, std::uint64_t last);
    // At most so many; exhausted() says whether these were all.
    std::optional<went_wrong> all(callers, std::uint64_t at_most);
    bool exhausted() const noexcept { return exhausted_; }

    // Whether the execution with that number, run twice, is not the same.
    std::optional<went_wrong> goes_two_ways(std::uint64_t number);

    // That execution again.
    std::optional<went_wrong> again(execution_name);
    // The execution that ends so and asks least of whoever reads it, of those that are tried; every step is noted.
    std::optional<went_wrong> least(went_wrong const&);

    tally_of_executions const& sum() const noexcept { return sum_; }

private:
    enum class ending : std::uint8_t { fine, abandoned, endless, wrong };
    std::optional<explore::choices> choices_of(execution_name);
    ending run(explore::chooser&, callers);
    ending judged(explore::execution::end);
    ending judge();
    bool explained_while_running() const;
    std::optional<went_wrong> found(execution_name) const;

    scenario const& what_;
    program const& program_;
    stage stage_;
    bool exhausted_ = false;
    std::string wrong_{}, why_{};
    history calls_{}; // of the last execution
    struct by_words {
        std::size_t operator()(std::vector<std::uint64_t> const& words) const { return detail::hash_words(words); }
    };
    std::unordered_set<std::vector<std::uint64_t>, by_words> seen_{}; // histories that were explained
    std::vector<std::uint64_t> words_{};
    tally_of_executions sum_{};
};

} // namespace tandem::stress::detail::explored
