#pragma once

// causes: what in a trace led to what.

#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace tandem::explore {

// Events are numbers in trace.events().
class causes {
public:
    explicit causes(trace const&);

    // Who wrote the message that an event read.
    std::optional<std::size_t> source(std::size_t read) const { return sources_[read]; }
    // Of the message that an event read: its place in modification order, from 0 on; and of the newest that there was.
    struct places {
        std::size_t read = 0, newest = 0;
        std::size_t newer = 0; // the event that wrote the next one after that read, when there was one
    };
    places places_of(std::size_t read) const;

    // Whether an event can have had a part in one of these.
    std::vector<bool> before(std::span<std::size_t const> these) const;

    // A message that is read, on the way from one event to another.
    struct link {
        std::size_t written, read;
        bool releases, acquires; // both: whoever reads knows what the writer knew
        bool by_fence;           // releases
        bool orders() const noexcept { return releases && acquires; }
    };
    // The links that order nothing on the way that lacks least; nothing: there is no way at all.
    std::optional<std::vector<link>> broken_between(std::size_t earlier, std::size_t later) const;

private:
    struct edge {
        std::size_t from;
        std::optional<link> by{}; // none: the order of the program
    };
    void find_sources(std::span<event const>);
    void add_threads(std::span<event const>);
    void add_reads(std::span<event const>);
    void add_barriers(std::span<event const>);

    trace const& of_;
    std::vector<std::optional<std::size_t>> sources_;
    std::map<location, std::vector<std::size_t>> writes_; // events, in their order
    std::vector<std::vector<edge>> into_; // what orders, or would if orders were stronger
    std::vector<std::vector<std::size_t>> others_into_; // what only lets others go on
};

} // namespace tandem::explore
