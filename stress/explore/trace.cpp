#include <tandem/stress/explore/trace.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tandem::explore {

namespace {

bool same(std::source_location const& a, std::source_location const& b) {
    return a.line() == b.line() && (a.file_name() == b.file_name() || std::strcmp(a.file_name(), b.file_name()) == 0);
}

} // namespace

bool event::of_variable() const noexcept {
    auto const o = done.what;
    return what == kind::birth || what == kind::impossible ||
           (what == kind::step && (o <= operation::write_plain || o == operation::park || o == operation::expire));
}

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
    constexpr unsigned address_bits = 48;
    auto const at = v & ((value{1} << address_bits) - 1);
    if (std::ranges::none_of(memory_, [at](region const& r) { return r.begin <= at && at < r.end; })) {
        return {.number = v};
    }
    return {addresses_.try_emplace(at, addresses_.size() + 1).first->second, true, static_cast<std::uint16_t>(v >> address_bits)};
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

} // namespace tandem::explore
