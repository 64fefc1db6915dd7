#include "explored.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace tandem::litmus {

using explore::execution;

void fence(std::memory_order o) {
    execution::now()->take({.what = explore::operation::fence, .order = o});
}

execution::program program_of(test const& t, std::function<void(state const&)> look) {
    struct stage { // a state is left as it is: an execution may be cut short
        alignas(state) std::byte storage[sizeof(state)];
        state* now = nullptr;
    };
    auto const on = std::make_shared<stage>();
    execution::program p;
    p.prepare = [on] {
        world::begin_execution();
        on->now = ::new (on->storage) state;
    };
    for (auto* const body : t.threads) {
        p.bodies.emplace_back([on, body] { body(*on->now); });
    }
    p.finish = [on, look = std::move(look)] { look(*on->now); };
    return p;
}

namespace {

// One execution after the other, as long as there are more.
template <class Choose, class More>
finding search(test const& t, explore::rules const& r, Choose& choose, More more) {
    finding found;
    bool seen = false;
    auto const p = program_of(t, [&](state const& s) { seen = t.outcome != nullptr && t.outcome(s); });
    execution run(r);
    do {
        seen = false;
        auto const end = run.run(p, choose);
        found.executions += end != execution::end::abandoned ? 1 : 0;
        if (end == execution::end::failed) {
            went_wrong(t, run.failed().what, found);
        }
        found.seen += seen ? 1 : 0;
    } while (more());
    return found;
}

} // namespace

finding explored(test const& t, explore::rules const& r) {
    explore::exhaustive_search all(misfortunes);
    return search(t, r, all, [&] { return all.another(); });
}

finding sampled(test const& t, std::uint64_t executions) {
    explore::rules const held;
    std::uint64_t number = 1;
    explore::random_search any(number);
    return search(t, held, any, [&] {
        any = explore::random_search(++number);
        return number <= executions;
    });
}

bool as_expected(test const& t, finding const& f) {
    return f.executions != 0 && (t.expected == verdict::not_produced ? f.accused.empty() && f.seen == 0 : right(t, f));
}

} // namespace tandem::litmus
