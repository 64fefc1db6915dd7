#include <tandem/stress/explore/step.hpp>

namespace tandem::explore {

namespace {

bool is_barrier(operation o) {
    return o == operation::light || o == operation::heavy;
}
bool is_time(operation o) {
    return o == operation::time || o == operation::expire;
}
bool lets_time_pass(step const& s) {
    return s.what == operation::expire || (s.what == operation::time && s.some);
}
bool is_sc(step const& s) {
    return !is_plain(s.what) && (s.order == std::memory_order::seq_cst ||
                                 (s.what == operation::exchange && s.failure == std::memory_order::seq_cst));
}

} // namespace

// A load changes nothing for others, and may read an old message: so what others do comes to the same before it. A store may come before messages
// that its thread does not know: so a store or an update of another comes to the same after it. What is seq_cst is ordered as it is done.
bool disturbs(step const& done, step const& other) noexcept {
    using enum operation;
    auto const either = [&](operation o) { return done.what == o || other.what == o; };
    if (either(pause)) {
        return true;
    }
    if (is_time(done.what) && is_time(other.what)) {
        return lets_time_pass(done) || lets_time_pass(other);
    }
    if ((done.what == unpark || other.what == unpark) && done.address == other.address) {
        return true; // whom it finds
    }
    if (either(park)) {
        return (is_access(done.what) || is_access(other.what)) && done.where == other.where && !either(load);
    }
    if (done.what >= park || other.what >= park) {
        return other.what == allocate && (done.what == allocate || done.what == deallocate);
    }
    if (is_barrier(done.what) && is_barrier(other.what)) {
        return true;
    }
    bool const both_sc = is_sc(done) && is_sc(other);
    if (!is_access(done.what) || !is_access(other.what)) {
        return both_sc;
    }
    if (done.where != other.where) {
        return false;
    }
    return both_sc || done.newest || (done.what != load && other.what != store);
}

} // namespace tandem::explore
