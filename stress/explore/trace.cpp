#include <tandem/stress/explore/trace.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace tandem::explore {

namespace {

bool same(std::source_location const& a, std::source_location const& b) {
    return a.line() == b.line() && (a.file_name() == b.file_name() || std::strcmp(a.file_name(), b.file_name()) == 0);
}

} // namespace

bool same(event const& a, event const& b) noexcept {
    auto const& s = a.done;
    auto const& o = b.done;
    return a.what == b.what && s.by == o.by && s.what == o.what && s.where == o.where && s.some == o.some && s.order == o.order &&
           s.failure == o.failure && a.failed == b.failed && a.read == b.read && a.written == b.written && a.read_at == b.read_at &&
           a.written_at == b.written_at && a.woken == b.woken && a.block == b.block && same(s.site, o.site);
}

void trace::clear() {
    events_.clear();
    memory_.clear();
    addresses_.clear();
    failure_ = {};
}
void trace::add(event e) {
    events_.push_back(std::move(e));
}
void trace::add_memory(void const* at, std::size_t bytes) {
    auto const begin = reinterpret_cast<std::uintptr_t>(at);
    memory_.push_back({begin, begin + bytes});
}
void trace::ends(failure const& how) {
    failure_ = how;
}
datum trace::named(value v) {
    if (std::ranges::none_of(memory_, [&](region const& r) { return r.begin <= v && v < r.end; })) {
        return {v, false};
    }
    return {addresses_.try_emplace(v, addresses_.size() + 1).first->second, true};
}

std::optional<std::size_t> first_difference(trace const& a, trace const& b) {
    auto const one = a.events();
    auto const other = b.events();
    auto const [at, there] = std::ranges::mismatch(one, other, [](event const& x, event const& y) { return same(x, y); });
    if (at == one.end() && there == other.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(at - one.begin());
}

char const* to_string(operation o) noexcept {
    constexpr std::array names{"load",       "store",       "update", "compare_exchange", "fence", "light", "heavy",
                               "read plain", "write plain", "park",   "time is up",  "goes on", "unpark",           "pause", "time",  "allocate", "free"};
    return names[static_cast<std::size_t>(o)];
}

namespace {

char const* to_string(std::memory_order o) {
    constexpr std::array names{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
    return names[static_cast<std::size_t>(o)];
}
std::string to_string(datum const& d) {
    return (d.address ? "@" : "") + std::to_string(d.number);
}

std::string step_in_words(event const& e) {
    std::string const what = to_string(e.done.what);
    std::string const order = to_string(e.done.order);
    switch (e.done.what) {
    case operation::load:
        return what + " " + order + " -> " + to_string(e.read);
    case operation::store:
        return what + " " + order + " " + to_string(e.written);
    case operation::update:
        return what + " " + order + " " + to_string(e.read) + " -> " + to_string(e.written);
    case operation::exchange:
        return e.failed ? what + " " + to_string(e.done.failure) + " fails, " + to_string(e.read)
                        : what + " " + order + " " + to_string(e.read) + " -> " + to_string(e.written);
    case operation::fence:
        return what + " " + order;
    case operation::write_plain:
        return e.done.some ? "end" : what;
    case operation::park:
        return e.failed ? what + ", not asleep" : what;
    default:
        return what;
    }
}

} // namespace

std::string to_string(event const& e) {
    switch (e.what) {
    case event::kind::step:
        return step_in_words(e);
    case event::kind::birth:
        return e.writes() ? "birth " + to_string(e.written) : "birth";
    case event::kind::allocates:
        return "new block " + std::to_string(e.block);
    case event::kind::frees:
        return "free block " + std::to_string(e.block);
    case event::kind::impossible:
        return std::string(to_string(e.done.what)) + ", impossible";
    case event::kind::fails:
        break;
    }
    return "fails";
}

std::string to_string(trace const& t) {
    auto const at = [](std::source_location const& site) {
        return site.line() == 0 ? std::string() : "   " + std::string(site.file_name()) + ":" + std::to_string(site.line());
    };
    std::string all;
    for (auto const& e : t.events()) {
        all += "thread " + std::to_string(e.done.by) + "  " + to_string(e) + "  of " + std::to_string(e.done.where) + at(e.done.site) + "\n";
    }
    return t.failed().what.empty() ? all : all + t.failed().what + at(t.failed().site) + "\n";
}

} // namespace tandem::explore
