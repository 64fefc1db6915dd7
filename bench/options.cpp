#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <set>

namespace tandem::bench {
namespace {

using words = std::vector<std::string>;

// Insertions, deletions and substitutions that make b of a (Levenshtein).
std::size_t distance(std::string const& a, std::string const& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i != a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j != b.size(); ++j) {
            auto const substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

void require_known(char const* kind, std::string const& word, words const& known) {
    if (std::ranges::find(known, word) != known.end()) {
        return;
    }
    auto const nearest = std::ranges::min_element(known, {}, [&](auto const& one) { return distance(word, one); });
    throw usage_error(fmt::format("unknown {} '{}'; the nearest is '{}'", kind, word, *nearest));
}

void require_all_known(char const* kind, words const& asked, words const& known) {
    for (auto const& word : asked) {
        require_known(kind, word, known);
    }
}

words workloads_of(catalogue const& all) {
    words names;
    for (auto const& one : all.offers) {
        if (std::ranges::find(names, one.workload) == names.end()) {
            names.push_back(one.workload);
        }
    }
    return names;
}

words peers_of(catalogue const& all) {
    std::set<std::string> names{"all", "none"};
    for (auto const& one : all.offers) {
        if (std::string("peer") == one.who.half) {
            names.insert(one.who.library);
        }
    }
    for (auto const& one : all.missing) {
        names.insert(one.library);
    }
    return {names.begin(), names.end()};
}

} // namespace

options parse(int argc, char const* const* argv, catalogue const& all) {
    options asked;
    int milliseconds = 0;
    int rounds = 0;
    CLI::App app{"Measures queues and counters side by side, all implementations interleaved in one run."};
    app.add_option("workloads", asked.workloads, "which workloads (default all)");
    app.add_option("--threads", asked.threads, "thread counts; of a queue, producers and consumers together")
        ->delimiter(',');
    app.add_option("--capacity", asked.capacities, "of those that a workload is measured with, only these")
        ->delimiter(',');
    app.add_option("--batch", asked.batches, "of those that a workload is measured with, only these")->delimiter(',');
    app.add_option("--cores", asked.cores, "core counts, by affinity (default 1,2)")->delimiter(',');
    app.add_option("--peers", asked.peers, "other libraries: all, none, or their names")->delimiter(',');
    app.add_option("--placement", asked.placements, "of one, split, mixed, free (default one,split)")
        ->delimiter(',');
    app.add_option("--rounds", rounds, "samples of every case")->check(CLI::PositiveNumber);
    app.add_option("--sample", milliseconds, "about how many milliseconds a sample takes")->check(CLI::PositiveNumber);
    app.add_option("--json", asked.json, "where the results go");
    app.add_flag("--quick", asked.quick, "few and short samples, for a first look");
    app.add_flag("--list", asked.list, "only say what can be measured");
    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const&) {
        std::cout << app.help();
        std::exit(0);
    } catch (CLI::ExtrasError const& error) {
        words names;
        for (auto const* option : app.get_options()) {
            names.push_back(option->get_name());
        }
        for (auto const& word : app.remaining()) {
            require_known("option", word, names);
        }
        throw usage_error(error.what());
    } catch (CLI::ParseError const& error) {
        throw usage_error(error.what());
    }

    require_all_known("workload", asked.workloads, workloads_of(all));
    require_all_known("peer", asked.peers, peers_of(all));
    require_all_known("placement", asked.placements, {"one", "split", "mixed", "free"});
    for (auto const n : asked.threads) {
        if (n < 1 || n > 1024) {
            throw usage_error(fmt::format("--threads {}: wants 1 to 1024", n));
        }
    }
    for (auto const n : asked.cores) {
        if (n < 1) {
            throw usage_error(fmt::format("--cores {}: wants 1 or more", n));
        }
    }
    auto const or_else = [](auto& list, auto const& otherwise) {
        if (list.empty()) {
            list = otherwise;
        }
    };
    or_else(asked.workloads, workloads_of(all));
    or_else(asked.cores, std::vector{1, 2});
    or_else(asked.peers, words{"all"});
    or_else(asked.placements, words{"one", "split"});
    asked.rounds = rounds != 0 ? rounds : asked.quick ? 5 : asked.rounds;
    asked.sample = std::chrono::milliseconds(milliseconds != 0 ? milliseconds
                                             : asked.quick     ? 10
                                                               : asked.sample.count());
    return asked;
}

} // namespace tandem::bench
