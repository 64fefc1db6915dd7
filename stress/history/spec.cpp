#include <tandem/stress/spec.hpp>

#include <algorithm>

namespace tandem::stress {

namespace {

std::size_t mix(std::size_t hash, std::uint64_t value) {
    hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdu;
}

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::int64_t wrapping_difference(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::size_t wanted(values const& argument) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(argument[0], 0, static_cast<std::int64_t>(max_batch)));
}

} // namespace

reply queue_spec::perform(std::uint32_t operation, values const& argument) {
    switch (operation) {
    case try_push:
        if (closed) {
            return {status::closed, {}};
        }
        if (items.size() >= capacity) {
            return {status::full, {}};
        }
        items.push_back(argument[0]);
        return {};
    case try_pop: {
        if (items.empty()) {
            return {closed ? status::closed : status::empty, {}};
        }
        auto const oldest = items.front();
        items.erase(items.begin());
        return {status::success, {oldest}};
    }
    case try_push_n: {
        auto const room = closed || items.size() >= capacity ? 0 : capacity - items.size();
        auto const pushed = std::min(room, argument.size());
        items.insert(items.end(), argument.begin(), argument.begin() + pushed);
        return {status::success, {static_cast<std::int64_t>(pushed)}};
    }
    case try_pop_n: {
        reply said;
        auto const popped = static_cast<std::ptrdiff_t>(std::min(wanted(argument), items.size()));
        for (auto i = items.begin(); i != items.begin() + popped; ++i) {
            said.result.push_back(*i);
        }
        items.erase(items.begin(), items.begin() + popped);
        if (popped == 0) {
            said.answer = status::empty;
        }
        return said;
    }
    case close:
        closed = true;
        return {};
    case is_closed:
        return {status::success, {closed ? 1 : 0}};
    default:
        return {status::stopped, {}}; // no such operation, and no queue answers so
    }
}

bool queue_spec::step(call const& c, bool overlapped) {
    if (c.pending()) {
        perform(c.operation, c.argument);
        return true;
    }
    auto const excused = overlapped && promise == strength::weak;
    if (c.answer == status::busy) {
        return excused && (c.operation == try_push || c.operation == try_pop);
    }
    if (excused && c.operation == try_pop_n && c.answer == status::empty) {
        return c.result.empty();
    }
    auto argument = c.argument;
    if (excused && c.operation == try_push_n && c.result[0] >= 0 && c.result[0] < argument.count) {
        argument.count = static_cast<std::uint8_t>(c.result[0]); // the rest it was free not to try
    }
    if (excused && c.operation == try_pop_n && c.result.size() < wanted(argument)) {
        argument = {c.result.count};
    }
    return perform(c.operation, argument) == reply{c.answer, c.result};
}

std::vector<call> queue_spec::completions(call const& c) const {
    std::vector<call> forms{c};
    auto part = c;
    if (c.operation == try_push_n) {
        while (part.argument.count > 1) {
            --part.argument.count, forms.push_back(part);
        }
    } else if (c.operation == try_pop_n) {
        for (auto n = static_cast<std::int64_t>(wanted(c.argument)); n > 1;) {
            part.argument = {--n}, forms.push_back(part);
        }
    }
    return forms;
}

// Where a batch stopped short, its last part is left out: it found the queue full or closed, empty or closed.
std::vector<call> queue_spec::parts(call const& c) const {
    std::vector<call> all;
    bool const pushes = c.operation == try_push_n;
    if (one_by_one && (pushes || c.operation == try_pop_n)) {
        auto const done = pushes ? c.pending() ? c.argument.size() : static_cast<std::size_t>(std::max<std::int64_t>(c.result[0], 0))
                                 : c.pending() ? wanted(c.argument) : c.result.size();
        auto part = c;
        part.operation = pushes ? try_push : try_pop;
        part.answer = status::success;
        for (std::size_t i = 0; i != std::min(done, max_batch); ++i) {
            part.argument = pushes ? values{c.argument[i]} : values{};
            part.result = pushes || c.pending() ? values{} : values{c.result[i]};
            all.push_back(part);
        }
    }
    return all.empty() ? std::vector<call>{c} : all;
}

std::size_t queue_spec::hash() const {
    std::size_t hash = closed ? 1 : 0;
    for (auto const item : items) {
        hash = mix(hash, static_cast<std::uint64_t>(item));
    }
    return hash;
}

reply counter_spec::perform(std::uint32_t operation, values const& argument) {
    auto const old = value;
    switch (operation) {
    case add:
        value = wrapping_sum(value, argument[0]);
        return {};
    case sub:
        value = wrapping_difference(value, argument[0]);
        return {};
    case fetch_add:
        value = wrapping_sum(value, argument[0]);
        return {status::success, {old}};
    case load:
        return {status::success, {old}};
    case exchange:
        value = argument[0];
        return {status::success, {old}};
    default:
        return {status::stopped, {}}; // no such operation
    }
}

std::size_t counter_spec::hash() const {
    return mix(0, static_cast<std::uint64_t>(value));
}

} // namespace tandem::stress
