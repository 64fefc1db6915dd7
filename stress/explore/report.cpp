#include <tandem/stress/explore/report.hpp>

#include <tandem/stress/explore/causes.hpp>
#include <tandem/stress/explore/naming.hpp>

#include <tandem/stress/lanes.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tandem::explore {

namespace {

using stress::concat;
using stress::foot;
using stress::lane_row;
using stress::padded;
using std::to_string;

constexpr std::size_t most_rows = 16; // the rest of 25 lines is head and foot

char const* to_string(std::memory_order o) {
    constexpr std::array names{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
    return names[static_cast<std::size_t>(o)];
}
char const* to_string(operation o) {
    constexpr std::array names{"load", "store", "update",     "compare_exchange", "read",   "write", "fence", "light",    "heavy",
                               "park", "time is up", "goes on", "unpark",        "pause",  "time",  "new",   "free"};
    return names[static_cast<std::size_t>(o)];
}
std::string to_string(datum const& d) {
    if (d.address) {
        return concat({"@", to_string(d.number), d.tag == 0 ? "" : concat({" tag ", std::to_string(d.tag)})});
    }
    bool const is_negative = d.number >> 63U != 0;
    return concat({is_negative ? "-" : "", to_string(is_negative ? ~d.number + 1 : d.number)});
}
std::string count(std::size_t n, std::string const& what) {
    return concat({to_string(n), " ", what, n == 1 ? "" : "s"});
}
std::string thread_name(thread t) {
    return t == 0 ? "main" : "t" + to_string(std::size_t{t} - 1);
}

std::string step_in_words(event const& e, naming const& names) {
    auto const& s = e.done;
    auto const what = concat({to_string(s.what), " ", e.of_variable() ? names.of(s.where) : std::string()});
    switch (s.what) {
    case operation::load:
        return concat({what, " -> ", to_string(e.read), " ", to_string(s.order)});
    case operation::store:
        return concat({what, " ", to_string(e.written), " ", to_string(s.order)});
    case operation::exchange:
        if (e.failed) {
            return concat({what, " fails, ", to_string(e.read), " ", to_string(s.failure)});
        }
        [[fallthrough]];
    case operation::update:
        return concat({what, " ", to_string(e.read), " -> ", to_string(e.written), " ", to_string(s.order)});
    case operation::fence:
        return concat({what, to_string(s.order)});
    case operation::write_plain:
        return s.some ? concat({"end of ", names.of(s.where)}) : what;
    case operation::park:
        return concat({what, e.failed ? ": not asleep" : ": asleep"});
    case operation::unpark: {
        std::string woken;
        for (thread t = 1; t != most_threads; ++t) {
            woken += (e.woken >> t & 1U) != 0 ? concat({" ", thread_name(t)}) : "";
        }
        return concat({"unpark", woken.empty() ? std::string(": nobody") : woken});
    }
    default:
        return what.substr(0, what.find_last_not_of(' ') + 1);
    }
}
std::string in_words(event const& e, naming const& names) {
    switch (e.what) {
    case event::kind::step:
        return step_in_words(e, names);
    case event::kind::birth:
        return concat({"birth of ", names.of(e.done.where)});
    case event::kind::allocates:
        return concat({"new block ", to_string(e.block)});
    case event::kind::frees:
        return concat({"free block ", to_string(e.block)});
    case event::kind::impossible:
        return concat({to_string(e.done.what), " ", names.of(e.done.where)});
    case event::kind::fails:
        break;
    }
    return "fails";
}

class telling {
public:
    telling(trace const& of, aspect seen) : of_(of), seen_(std::move(seen)), all_(of.events()), causes_(of), names_(of) {
        choose();
        keep();
    }

    std::string text(std::string const& remark) const {
        auto const where = place_of_failure();
        std::uint32_t threads = 0;
        std::size_t steps = 0;
        for (auto const& e : all_) {
            if (e.done.by != 0) {
                threads |= 1U << e.done.by;
                steps += e.what == event::kind::step ? 1 : 0;
            }
        }
        return concat({of_.failed().what, where, "      ", count(static_cast<std::size_t>(std::popcount(threads)), "thread"),
                       ", ", count(steps, "step"), ", ", remark, "\n\n", lanes()});
    }
    std::string lanes() const {
        auto const left_out = std::ranges::count_if(all_, [&](event const& e) { return e.what == event::kind::step && !hidden(e); }) -
                              std::ranges::count(kept_, true);
        return concat({rows(), "\n", foot("why", why_),
                       foot("rest", left_out > 0 ? concat({count(static_cast<std::size_t>(left_out), "step"), " that had no part in it"}) : std::string())});
    }

private:
    std::string rows() const {
        std::vector<thread> lanes;
        std::vector<std::size_t> shown;
        std::size_t widest = 0;
        for (std::size_t i = 0; i != all_.size(); ++i) {
            if (kept_[i]) {
                shown.push_back(i);
                lanes.push_back(all_[i].done.by);
                widest = std::max(widest, place_of(i).size());
            }
        }
        std::ranges::sort(lanes);
        lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());
        std::ranges::sort(lanes, {}, [&](thread t) { return std::pair(t == 0, name_of(t)); });
        std::vector<std::string> heads;
        for (auto const t : lanes) {
            heads.push_back(name_of(t));
        }
        std::vector<lane_row> rows;
        for (auto const i : shown) {
            lane_row row{std::vector<std::string>(lanes.size(), ".")};
            row.cells[static_cast<std::size_t>(std::ranges::find(lanes, all_[i].done.by) - lanes.begin())] = in_words(all_[i], names_);
            row.aside = concat({padded(place_of(i), widest), mark_of(i, shown)});
            rows.push_back(std::move(row));
        }
        return stress::table(heads, rows, most_rows);
    }

    using index = std::optional<std::size_t>;

    bool hidden(event const& e) const { return seen_.hidden && seen_.hidden(e); }
    std::string name_of(thread t) const { return seen_.name ? seen_.name(t) : thread_name(t); }
    bool begins(std::string_view kind) const { return of_.failed().what.starts_with(kind); }
    std::string site_of(std::size_t i) const {
        auto const site = names_.of(all_[i].done.site);
        return site.empty() ? concat({"what ", name_of(all_[i].done.by), " did"}) : site;
    }
    std::string place_of(std::size_t i) const {
        auto const site = names_.of(all_[i].done.site);
        if (site.empty()) {
            auto const before = all_[i].what == event::kind::fails ? step_before(i) : index();
            return before ? "after " + place_of(*before) : std::string();
        }
        auto const function = naming::function_of(all_[i].done.site);
        return function.empty() ? site : concat({site, " ", function});
    }
    // The last of its thread that has a place in the source.
    index step_before(std::size_t i) const {
        return last(i, [&](event const& e) { return e.done.by == all_[i].done.by && !names_.of(e.done.site).empty(); });
    }
    std::string place_of_failure() const {
        if (auto const site = names_.of(of_.failed().site); !site.empty()) {
            return " at " + site;
        }
        bool const between_steps = !all_.empty() && all_.back().what == event::kind::fails;
        auto const before = between_steps ? step_before(all_.size() - 1) : index();
        return before ? ", after " + names_.of(all_[*before].done.site) : std::string();
    }
    template <class Suits>
    index last(std::size_t before, Suits suits) const {
        for (auto i = before; i-- != 0;) {
            if (suits(all_[i])) {
                return i;
            }
        }
        return std::nullopt;
    }

    // What the failure is about: the event in which it shows, and the one that does not go with it.
    void choose() {
        if (all_.empty()) {
            return;
        }
        if (of_.failed().what.empty() || begins("DEADLOCK") || begins("LIVELOCK") || begins("MEMORY LEAK")) {
            choose_for_all();
        } else if (begins("DATA RACE")) {
            shows_ = all_.size() - 1;
            choose_for_race();
        } else if (begins("ACCESS TO")) {
            choose_for_access();
        } else if (begins("DOUBLE FREE")) {
            choose_for_free();
        } else {
            shows_ = all_.size() - 1;
            if (begins("CRASH: ") && of_.failed().what.ends_with("freed memory")) {
                tell_who_freed();
            } else {
                tell_of_old_message();
            }
        }
        for (auto const& one : {shows_, against_}) {
            if (one) {
                roots_.push_back(*one);
            }
        }
    }
    void choose_for_all() {
        std::size_t const each = begins("LIVELOCK") ? 4 : 1;
        for (thread t = 1; t != most_threads; ++t) {
            auto before = all_.size();
            for (std::size_t n = 0; n != each; ++n) {
                if (auto const one = last(before, [t](event const& e) { return e.done.by == t; })) {
                    roots_.push_back(before = *one);
                }
            }
        }
        if (begins("MEMORY LEAK")) {
            std::vector<std::size_t> open;
            for (std::size_t i = 0; i != all_.size(); ++i) {
                if (all_[i].what == event::kind::allocates) {
                    open.push_back(i);
                } else if (all_[i].what == event::kind::frees) {
                    std::erase_if(open, [&](std::size_t j) { return all_[j].block == all_[i].block; });
                }
            }
            if (!open.empty()) {
                shows_ = open.front();
                why_ = concat({"block ", to_string(all_[*shows_].block), " is never freed"});
            }
            return;
        }
        if (of_.failed().what.empty()) {
            return tell_of_old_message();
        }
        for (auto const i : roots_) {
            if (begins("DEADLOCK") && all_[i].is(operation::park)) {
                why_ += concat({why_.empty() ? "" : ", ", name_of(all_[i].done.by), " sleeps on ", names_.of(all_[i].done.where)});
            }
        }
        why_ = begins("DEADLOCK") ? why_ + ", and nobody is left to wake anybody" : "they go on like that";
    }
    void choose_for_race() {
        auto const& mine = all_[*shows_];
        bool const i_write = mine.is(operation::write_plain);
        for (auto i = *shows_; i-- != 0;) {
            auto const& other = all_[i];
            bool const it_writes = other.what == event::kind::birth || other.is(operation::write_plain);
            if (other.done.by == mine.done.by || !other.of_variable() || other.done.where != mine.done.where || !(i_write || it_writes)) {
                continue;
            }
            auto const broken = causes_.broken_between(i, *shows_);
            if (!broken || !broken->empty()) {
                against_ = i;
                why_ = missing_edge(i, broken);
                return;
            }
        }
    }
    std::string missing_edge(std::size_t i, std::optional<std::vector<causes::link>> const& broken) const {
        if (!broken) {
            return concat({"nothing orders the two: ", name_of(all_[*shows_].done.by), " has read nothing that ",
                           name_of(all_[i].done.by), " wrote afterwards"});
        }
        auto const& one = broken->front();
        auto const& reader = all_[one.read];
        auto const written = site_of(one.written);
        auto const read = site_of(one.read);
        auto const order = to_string(reader.is(operation::exchange) && reader.failed ? reader.done.failure : reader.done.order);
        auto const what = to_string(reader.done.what);
        auto const told = one.acquires   ? concat({"no release on ", written, " pairs with the acquire on ", read})
                          : one.by_fence ? concat({"the ", what, " on ", read, " reads what ", written, " wrote after a release fence, but is ", order})
                          : one.releases ? concat({"the ", what, " on ", read, " reads what the release on ", written, " wrote, but is ", order})
                                         : concat({"the ", what, " on ", read, " reads what ", written, " wrote, but both are relaxed"});
        return broken->size() == 1 ? told : concat({told, "; and ", to_string(broken->size() - 1), " more like that"});
    }
    void choose_for_access() {
        shows_ = last(all_.size(), [](event const& e) { return e.what == event::kind::impossible; });
        if (!shows_) {
            shows_ = all_.size() - 1;
            return;
        }
        auto const where = all_[*shows_].done.where;
        against_ = last(*shows_, [&](event const& e) { return e.is(operation::write_plain) && e.done.some && e.done.where == where; });
        if (against_) {
            why_ = concat({name_of(all_[*against_].done.by), " had brought it to its end, which ", name_of(all_[*shows_].done.by), " still uses"});
        } else if (begins("ACCESS TO FREED")) {
            tell_who_freed();
        }
    }
    void tell_who_freed() {
        against_ = last(*shows_, [](event const& e) { return e.what == event::kind::frees; });
        if (against_) {
            why_ = concat({name_of(all_[*against_].done.by), " had freed memory, which ", name_of(all_[*shows_].done.by), " still uses"});
        }
    }
    void choose_for_free() {
        shows_ = last(all_.size(), [](event const& e) { return e.what == event::kind::frees; });
        against_ = shows_ ? last(*shows_, [&](event const& e) { return e.what == event::kind::frees && e.block == all_[*shows_].block; })
                          : index();
        if (against_) {
            why_ = concat({name_of(all_[*against_].done.by), " had freed it"});
        }
    }
    void tell_of_old_message() {
        for (auto i = all_.size(); i-- != 0 && why_.empty();) {
            if (!all_[i].reads()) {
                continue;
            }
            if (auto const p = causes_.places_of(i); p.newest != p.read) {
                why_ = concat({name_of(all_[i].done.by), " need not see what ", site_of(p.newer), " wrote when it reads ",
                               names_.of(all_[i].done.where), " on ", site_of(i)});
            }
        }
    }

    // What had a part in it, of variables that several threads use.
    void keep() {
        auto const part = causes_.before(roots_);
        std::map<location, std::uint32_t> users; // threads, a bit each
        for (auto const& e : all_) {
            if (e.of_variable() && e.what != event::kind::birth) {
                users[e.done.where] |= 1U << e.done.by;
            }
        }
        kept_.assign(all_.size(), false);
        for (std::size_t i = 0; i != all_.size(); ++i) {
            auto const& e = all_[i];
            bool const shared = e.of_variable() ? (users[e.done.where] & (users[e.done.where] - 1)) != 0 : e.done.what != operation::pause;
            kept_[i] = part[i] && e.what == event::kind::step && shared && !hidden(e);
        }
        if (std::ranges::count(kept_, true) > static_cast<std::ptrdiff_t>(most_rows)) {
            keep_what_others_read();
        }
        for (auto const i : roots_) {
            kept_[i] = !hidden(all_[i]);
        }
        for (std::size_t i = 0; i != all_.size(); ++i) {
            if (kept_[i] && all_[i].reads()) {
                if (auto const p = causes_.places_of(i); p.newest != p.read) {
                    kept_[p.newer] = true;
                }
            }
        }
    }
    void keep_what_others_read() {
        std::vector<bool> wanted(all_.size());
        for (std::size_t i = 0; i != all_.size(); ++i) {
            auto const& e = all_[i];
            if (!kept_[i]) {
                continue;
            }
            if (auto const from = causes_.source(i); from && all_[*from].done.by != e.done.by && all_[*from].what == event::kind::step) {
                wanted[i] = wanted[*from] = true;
            }
            wanted[i] = wanted[i] || !e.of_variable() || e.is(operation::park) || e.is(operation::expire) ||
                        (e.reads() && causes_.places_of(i).newest != causes_.places_of(i).read);
        }
        kept_ = std::move(wanted);
    }

    std::string mark_of(std::size_t i, std::vector<std::size_t> const& shown) const {
        auto const row = [&](std::size_t j) { return to_string(static_cast<std::size_t>(std::ranges::find(shown, j) - shown.begin()) + 1); };
        auto const& e = all_[i];
        if (shows_ == i && against_) {
            return concat({begins("DATA RACE") ? "  <- races with " : "  <- after ", row(*against_)});
        }
        if (e.reads()) {
            auto const p = causes_.places_of(i);
            return p.newest == p.read ? "" : concat({"  <- reads #", to_string(p.read), " though #", to_string(p.newest), " exists"});
        }
        return "";
    }

    trace const& of_;
    aspect seen_;
    std::span<event const> all_;
    causes causes_;
    naming names_;
    index shows_, against_;
    std::vector<std::size_t> roots_;
    std::vector<bool> kept_;
    std::string why_;
};

} // namespace

std::string report(trace const& of, std::string const& remark) {
    return telling(of, {}).text(remark);
}
std::string in_lanes(trace const& of, aspect const& seen) {
    return telling(of, seen).lanes();
}

std::string report_of_difference(trace const& one, trace const& other, std::size_t at) {
    auto const side = [at](trace const& t) {
        if (at >= t.events().size()) {
            auto const& how = t.failed().what;
            return how.empty() ? std::string("the end") : how;
        }
        naming const names(t);
        auto const& e = t.events()[at];
        auto const site = names.of(e.done.site);
        return concat({thread_name(e.done.by), "  ", in_words(e, names), site.empty() ? "" : "   ", site});
    };
    return concat({"NONDETERMINISM: the same choices do not lead to the same execution, and the explorer cannot judge what it cannot repeat\n\n",
                   foot("both", concat({to_string(at), " events the same, then"})), foot("one", side(one)), foot("other", side(other))});
}

} // namespace tandem::explore
