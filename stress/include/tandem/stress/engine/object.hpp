// object: a structure under test, driven through the operations of its specification.
#pragma once

#include <tandem/stress/spec.hpp>

namespace tandem::stress {

class object {
public:
    virtual ~object() = default;
    // Called by many threads at once. Operations and answers are those of the specification's `perform`.
    virtual reply perform(std::uint32_t operation, values const& argument) = 0;
    // For an object of which each thread holds something of its own; threads are counted from 0.
    virtual reply perform_by(std::size_t /* thread */, std::uint32_t operation, values const& argument) {
        return perform(operation, argument);
    }
};

} // namespace tandem::stress
