// What the mutants of orders and those of logic share, and the command.
#include "mutants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

namespace tandem::tools {

std::vector<std::string> question::command(std::filesystem::path const& results) const {
    std::vector<std::string> words{worker.string(), "--until-violation", "--json", results.string(), "--seed", seed};
    if (!executions.empty()) {
        words.insert(words.end(), {"--executions", executions});
    }
    for (auto const& name : scenarios) {
        words.insert(words.end(), {"--scenario", name});
    }
    return words;
}

std::vector<question> rising(std::vector<scenario const*> const& scenarios, invocation const& asked) {
    auto const longest = asked.get("--executions");
    auto const most = longest.empty() ? ~0ULL : std::stoull(longest);
    std::vector<question> questions;
    auto seed = std::stoull(asked.get("--seed", "1"), nullptr, 0);
    for (unsigned long long const executions : {20ULL, 200ULL, 2000ULL, ~0ULL}) {
        bool const last = executions >= most;
        auto const text = last ? longest : std::to_string(executions);
        for (auto const* one : scenarios) {
            if (one == scenarios.front() || questions.back().worker != one->worker) {
                questions.push_back({one->worker, {}, text, std::to_string(seed)});
            }
            questions.back().scenarios.push_back(one->name);
        }
        if (last) {
            break;
        }
        ++seed; // another stretch of executions
    }
    return questions;
}

void findings::add_to(json& row) const {
    row["scenario"] = scenario;
    row["checker"] = checker;
    row["noticed_after"] = noticed_after;
    row["executions"] = executions;
    row["seconds"] = seconds;
}

namespace {

class questioning {
public:
    questioning(std::filesystem::path const& root, std::vector<mutant*> mutants)
        : scratch_(root), waiting_(mutants.begin(), mutants.end()), total_(mutants.size()), shown_("mutants", 1) {}

    void run() {
        auto const next = [&]() -> std::optional<job> {
            while (!waiting_.empty()) {
                auto* const one = waiting_.front();
                waiting_.pop_front();
                if (one->prepared != one->preparations.size()) {
                    return next_preparation(*one);
                }
                if (!one->ended()) {
                    return next_question(*one);
                }
            }
            return std::nullopt;
        };
        run_jobs(next, cores_allowed(), [&] { shown_.tick(); });
    }

private:
    job next_preparation(mutant& one) {
        auto const said = std::make_shared<std::string>();
        return {one.preparations[one.prepared],
                {},
                [said](std::string_view line) { said->append(line).append("\n"); },
                [this, &one, said](ending const& end) {
                    if (interrupted()) {
                        return;
                    }
                    if (end.code != 0) {
                        throw cannot_answer(fmt::format("{}{} cannot be made", *said, one.name));
                    }
                    ++one.prepared;
                    one.known.seconds += end.seconds;
                    waiting_.push_front(&one);
                }};
    }

    job next_question(mutant& one) {
        auto const& now = one.questions[one.asked];
        auto const results = scratch_.file(fmt::format("{}.json", ++asked_));
        auto command = now.command(results);
        command.insert(command.end(), one.arguments.begin(), one.arguments.end());
        return {command, {}, {}, [this, &one, &now, results](ending const& end) {
                    if (interrupted()) {
                        return;
                    }
                    if (end.code > 1) {
                        throw cannot_answer(fmt::format("{} ends with code {} when it is asked about {}",
                                                        now.worker.filename().string(), end.code, one.name));
                    }
                    ++one.asked;
                    learn(one.known, read_json(results), end.seconds);
                    if (one.ended()) {
                        shown_.set(0, static_cast<double>(++ended_), static_cast<double>(total_), "mutants", one.name);
                    } else {
                        waiting_.push_front(&one);
                    }
                }};
    }

    static void learn(findings& known, json const& told, double seconds) {
        known.seconds += seconds;
        for (auto const& row : told.at("results")) {
            known.executions += row.value("executions", 0.0);
            known.exhaustive = row.value("exhaustive", false);
            known.mutated = row.value("mutated", known.mutated);
            if (row.value("verdict", "") == "violation") {
                known.scenario = row.value("scenario", "");
                known.checker = row.value("checker", "");
                known.noticed_after = row.value("executions", 0.0);
            }
        }
    }

    scratch_folder scratch_;
    std::deque<mutant*> waiting_;
    std::size_t total_;
    std::size_t asked_ = 0;
    std::size_t ended_ = 0;
    progress shown_;
};

} // namespace

void ask(std::filesystem::path const& root, std::vector<mutant*> mutants) {
    questioning(root, std::move(mutants)).run();
}

void tally::add(std::string const& verdict, std::string const& argument) {
    ++verdicts_[verdict];
    refuted_ += verdict == "killed" && !argument.empty() ? 1U : 0U;
}

std::size_t tally::count(std::string const& verdict) const {
    auto const found = verdicts_.find(verdict);
    return found == verdicts_.end() ? 0 : found->second;
}

std::string tally::in_words() const {
    auto text = fmt::format("{} killed, {} proved equivalent within the model, {} survived, {} unreached", count("killed"),
                            count("equivalent"), count("survived"), count("unreached"));
    if (refuted_ != 0) {
        text += fmt::format("; {} killed though a comment says that nobody can notice", refuted_);
    }
    if (count("unfinished") != 0) {
        text += fmt::format("\ninterrupted: {} were not tried to the end", count("unfinished"));
    }
    return text;
}

completion finished(recording record, tally const& sum, invocation const& asked) {
    if (interrupted()) {
        record.incomplete();
    }
    completion done{interrupted() ? 130 : sum.as_expected() ? 0 : 1, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

bool selection::has(std::string const& structure, std::string const& half) {
    bool const named = asked_.names.empty() || std::ranges::find(asked_.names, structure) != asked_.names.end();
    auto const wanted = asked_.get("--half", "both");
    return named && (wanted == "both" || wanted == half) && share_.has(index_++);
}

std::pair<std::string, std::string> owner_of(std::string const& file) {
    std::filesystem::path const path(file);
    for (char const* const half : {"locked", "lockfree"}) {
        if (file.find(fmt::format("tandem/{}/", half)) != std::string::npos) {
            return {path.stem().string(), half};
        }
    }
    return {path.stem().string(), "ground floor"};
}

completion mutants(invocation const& asked) {
    return asked.has("--logic") ? logic_mutants(asked) : order_mutants(asked);
}

} // namespace tandem::tools
