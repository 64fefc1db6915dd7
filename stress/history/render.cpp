#include <tandem/stress/render.hpp>

#include <algorithm>
#include <tuple>
#include <vector>

namespace tandem::stress {

namespace {

constexpr std::size_t most_rows = 16; // the rest of 25 lines is head, foot, and a line that says what was left out
constexpr char const* mark = "  <- impossible";

std::string join(values const& list) {
    std::string words;
    for (auto const value : list) {
        words += concat({words.empty() ? "" : " ", std::to_string(value)});
    }
    return words;
}

// The table: what each thread does, row by row. A row is one end of a call, or a whole call when nothing came between.
std::vector<lane_row> rows_of(std::span<std::string_view const> operations, history const& calls, std::size_t impossible,
                              std::vector<std::uint32_t> const& lanes) {
    struct endpoint {
        std::uint64_t time;
        bool is_return;
        std::size_t call;
    };
    std::vector<endpoint> ends;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        ends.push_back({calls[i].invoked, false, i});
        if (!calls[i].pending()) {
            ends.push_back({calls[i].returned, true, i});
        }
    }
    std::sort(ends.begin(), ends.end(), [](endpoint const& a, endpoint const& b) {
        return std::tie(a.time, a.is_return, a.call) < std::tie(b.time, b.is_return, b.call);
    });

    std::vector<lane_row> rows;
    std::vector<bool> running(lanes.size());
    auto const lane_of = [&](std::size_t i) {
        return static_cast<std::size_t>(std::find(lanes.begin(), lanes.end(), calls[i].thread) - lanes.begin());
    };
    auto const add_row = [&](std::size_t lane, std::string words, bool marked) {
        lane_row next;
        for (std::size_t other = 0; other < lanes.size(); ++other) {
            next.cells.push_back(running[other] ? "|" : ".");
        }
        next.cells[lane] = std::move(words);
        next.aside = marked ? mark : "";
        rows.push_back(std::move(next));
    };
    for (std::size_t e = 0; e < ends.size(); ++e) {
        auto const i = ends[e].call;
        auto const name = operations[calls[i].operation];
        auto const lane = lane_of(i);
        if (ends[e].is_return) {
            running[lane] = false;
            add_row(lane, concat({"| ", answer(calls[i])}), i == impossible);
        } else if (e + 1 < ends.size() && ends[e + 1].call == i) {
            add_row(lane, text(name, calls[i]), i == impossible);
            ++e;
        } else {
            add_row(lane, concat({signature(name, calls[i]), " |"}), false);
            running[lane] = true;
        }
    }
    if (std::find(running.begin(), running.end(), true) != running.end()) {
        lane_row last{std::vector<std::string>(lanes.size(), ".")};
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (calls[i].pending()) {
                last.cells[lane_of(i)] = concat({"| ", answer(calls[i])});
                last.aside = i == impossible ? mark : last.aside;
            }
        }
        rows.push_back(std::move(last));
    }
    return rows;
}

} // namespace

std::string signature(std::string_view name, call const& c) {
    std::string words(name);
    if (!c.argument.empty()) {
        words += concat({"(", join(c.argument), ")"});
    }
    return words;
}

std::string answer(call const& c) {
    if (c.pending()) {
        return c.asleep ? "asleep" : "running";
    }
    if (c.answer == status::success && !c.result.empty()) {
        return concat({"-> ", join(c.result)});
    }
    if (c.answer == threw) {
        return "-> exception";
    }
    auto const said = c.answer == status::success ? std::string("ok") : std::string(to_string(c.answer));
    return c.argument.empty() && c.answer != status::success ? concat({"-> ", said}) : said;
}

std::string spoken(call const& c) {
    auto words = answer(c);
    return words.starts_with("-> ") ? words.substr(3) : words;
}

std::string text(std::string_view name, call const& c) {
    return concat({signature(name, c), " ", answer(c)});
}

std::string render(failure_text const& failure, std::span<std::string_view const> operations, history const& calls,
                   std::size_t impossible) {
    std::vector<std::uint32_t> lanes;
    for (auto const& c : calls) {
        lanes.push_back(c.thread);
    }
    std::sort(lanes.begin(), lanes.end());
    lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());

    auto const count = [](std::size_t n, std::string const& what) {
        return concat({std::to_string(n), " ", what, n == 1 ? "" : "s"});
    };
    auto out =
        concat({"FAIL  ", failure.subject, "   ", failure.verdict, "      ", count(lanes.size(), "thread"), ", "});
    out += failure.recorded > calls.size()
               ? concat({count(failure.recorded, "call"), " shrunk to ", std::to_string(calls.size())})
               : count(calls.size(), "call");
    std::vector<std::string> names;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        names.push_back(concat({"t", std::to_string(lane)}));
    }
    return concat({out, "\n\n", table(names, rows_of(operations, calls, impossible, lanes), most_rows), "\n", foot("before", failure.before),
                   foot("why", failure.why), foot("twin", failure.twin), foot("note", failure.note), foot("again", failure.again)});
}

} // namespace tandem::stress
