#pragma once

// litmus: small programs whose outcomes the C++20 memory model decides, and what the explorer makes of them.

#include <tandem/stress/explore/execution.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace tandem::explore::litmus {

// Variables as a test writes them.
class atom {
public:
    explicit atom(value initial = 0) : at_(execution::now()->add_atomic(initial)) {}

    value load(std::memory_order o) { return execution::now()->take({.what = operation::load, .where = at_, .order = o}); }
    void store(value v, std::memory_order o) {
        execution::now()->take({.what = operation::store, .where = at_, .order = o, .operand = v});
    }
    value fetch_add(value n, std::memory_order o) { return update(n, o, [](value old, value more) { return old + more; }); }
    value exchange(value v, std::memory_order o) { return update(v, o, [](value, value by) { return by; }); }
    bool compare_exchange(value& expected, value by, std::memory_order success, std::memory_order failure) {
        bool failed = false;
        expected = execution::now()->take({.what = operation::exchange,
                                          .where = at_,
                                          .order = success,
                                          .failure = failure,
                                          .operand = by,
                                          .expected = expected},
                                         &failed);
        return !failed;
    }
    // In the end: the last in modification order.
    value last() const { return execution::now()->last(at_); }

private:
    value update(value n, std::memory_order o, value (*compute)(value, value)) {
        return execution::now()->take({.what = operation::update, .where = at_, .order = o, .operand = n, .compute = compute});
    }

    location at_;
};
class plain {
public:
    plain() : at_(execution::now()->add_plain()) {}
    void read() { execution::now()->take({.what = operation::read_plain, .where = at_}); }
    void write() { execution::now()->take({.what = operation::write_plain, .where = at_}); }

private:
    location at_;
};
inline void fence(std::memory_order o) {
    execution::now()->take({.what = operation::fence, .order = o});
}

// What every test has; it uses what it needs.
struct state {
    atom x, y, z;
    plain d;
    value r1 = 99, r2 = 99, r3 = 99, r4 = 99; // what is not read
};

enum class verdict : unsigned char {
    allowed,
    forbidden,
    not_produced, // allowed, and one of the two things that the explorer is known not to do
    race,         // of plain accesses, in some execution
    no_race
};

struct test {
    std::string name;
    verdict expected;
    std::vector<void (*)(state&)> threads;
    bool (*outcome)(state const&) = nullptr; // that the verdict is about; none where it is about races
};
std::span<test const> tests();

struct finding {
    std::uint64_t executions = 0; // all that differ
    std::uint64_t seen = 0;       // those with the outcome, or the race
};
// All executions of a test.
finding explored(test const&, rules const&);
// Whether that is the verdict.
bool as_expected(test const&, finding const&);

char const* to_string(verdict) noexcept;

} // namespace tandem::explore::litmus
