#include <tandem/stress/engine/campaign.hpp>
#include <tandem/stress/engine/session.hpp>
#include <tandem/stress/engine/watchdog.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

namespace tandem::stress {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Everything that the threads of a run touch. A run whose calls never return is left behind, with this.
class session {
public:
    session(detail::some_scenarios what, run_options asked, replayer again)
        : what_(std::move(what)), asked_(std::move(asked)), again_(std::move(again)) {}

    void run() {
        crew threads(std::max<std::size_t>(4, asked_.threads));
        watchdog const guard(threads, [this](std::string const& verdict, history const& pending) {
            finish(report_stuck(verdict, pending), true);
        });
        finish(asked_.replay.empty() ? search(threads) : replay(threads), false);
    }

    struct ending {
        test_report report{};
        bool stuck = false; // its threads will never end
    };

    ending wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return end_.has_value(); });
        return *end_;
    }

private:
    void finish(test_report found, bool stuck) {
        {
            std::lock_guard const lock(mutex_);
            if (end_) {
                return;
            }
            end_ = {std::move(found), stuck};
        }
        changed_.notify_all();
    }

    test_report search(crew& threads) {
        std::vector<campaign> campaigns;
        for (auto const& s : what_) {
            campaigns.emplace_back(*s, threads, asked_.threads, again_);
        }
        auto const begin = clock::now();
        for (std::uint64_t k = 0; asked_.rounds != 0 ? k != asked_.rounds : clock::now() - begin < asked_.time; ++k) {
            for (std::size_t i = 0; i != campaigns.size(); ++i) {
                begin_seed(*what_[i], {fingerprint(*what_[i]), asked_.threads, asked_.seed + k});
                if (campaigns[i].run(asked_.seed + k)) {
                    return report(campaigns);
                }
            }
        }
        return report(campaigns);
    }

    test_report replay(crew& threads) {
        auto const wanted = *token::parse(asked_.replay);
        auto const found =
            std::ranges::find_if(what_, [&](auto const& s) { return fingerprint(*s) == wanted.scenario; });
        if (found == what_.end() || !wanted.execution.empty()) {
            return {.text = concat({asked_.replay, " is of another test, or of this one with other operations or in another world\n"})};
        }
        std::vector<campaign> one;
        one.emplace_back(**found, threads, wanted.threads, again_);
        begin_seed(**found, wanted);
        auto const deadline = clock::now() + 20s;
        for (int attempt = 0; attempt != 500 && clock::now() < deadline; ++attempt) {
            if (one.front().run(wanted.seed)) {
                break;
            }
        }
        return report(one);
    }

    // What the watchdog names when this seed never ends.
    void begin_seed(scenario const& s, token const& seed) {
        std::lock_guard const lock(mutex_);
        current_ = &s;
        seed_ = seed;
    }

    test_report report(std::vector<campaign> const& campaigns) const {
        test_report made{.passed = true};
        std::uint64_t overlapping = 0;
        std::chrono::duration<double> seconds{0};
        for (auto const& c : campaigns) {
            auto const& sum = c.sum();
            made.seeds = std::max(made.seeds, sum.seeds);
            made.histories += sum.histories;
            made.operations += sum.operations;
            made.undecided += sum.undecided;
            overlapping += sum.overlapping;
            seconds += sum.seconds;
            if (sum.failed) {
                made.passed = false;
                made.text = sum.failed->report.text;
                made.token = sum.failed->token;
                made.shrunk_to = sum.failed->report.calls;
            }
        }
        if (made.passed) {
            std::array<char, 256> line;
            auto const share = 100 * static_cast<double>(overlapping) /
                               static_cast<double>(std::max<std::uint64_t>(made.operations, 1));
            std::snprintf(
                line.data(), line.size(), ": %llu histories, %llu calls (%.0f %% overlapping), %llu seeds, %.1f s",
                static_cast<unsigned long long>(made.histories), static_cast<unsigned long long>(made.operations),
                share, static_cast<unsigned long long>(made.seeds), seconds.count());
            made.text =
                concat({"pass  ", what_.front()->subject(), line.data(),
                        made.undecided != 0 ? concat({", ", std::to_string(made.undecided), " undecided"}) : "", "\n"});
        }
        return made;
    }

    test_report report_stuck(std::string const& verdict, history const& pending) {
        std::lock_guard const lock(mutex_);
        test_report made;
        made.token = seed_.text();
        made.shrunk_to = pending.size();
        made.text = render({.subject = current_->subject(),
                            .verdict = verdict,
                            .recorded = pending.size(),
                            .why = "these calls do not return, and nobody is left to wake their threads",
                            .again = again_ ? again_(seed_) : std::string()},
                           current_->operations(), pending, pending.size());
        return made;
    }

    detail::some_scenarios what_;
    run_options asked_;
    replayer again_;

    std::mutex mutex_{};
    std::condition_variable changed_{};
    scenario const* current_ = nullptr;
    token seed_{};
    std::optional<ending> end_{};
};

} // namespace

namespace detail::on_threads {

test_report run(some_scenarios const& what, run_options const& asked, replayer const& again) {
    auto const state = std::make_shared<session>(what, asked, again);
    std::thread runner([state] { state->run(); });
    auto const end = state->wait();
    if (end.stuck) {
        runner.detach();
    } else {
        runner.join();
    }
    return end.report;
}

int run_as_main(some_scenarios const& what, int argc, char const* const* argv) {
    run_options asked;
    if (auto const over = read_options(runner::threads, argc, argv, asked)) {
        return *over;
    }
    return print_report(run(what, asked, replay_by_program(argc, argv)), asked);
}

} // namespace detail::on_threads

} // namespace tandem::stress
