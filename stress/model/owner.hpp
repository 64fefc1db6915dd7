#pragma once

#include <tandem/world.hpp>

#include <memory>
#include <utility>

namespace tandem::model {

// An element that owns something, is checked like plain data, and says when it is copied, moved from or
// destroyed at the wrong time.
class owner {
public:
    explicit owner(int v) : value_(std::construct_at(allocator<cell<int>>().allocate(1), v)) {}
    owner(owner&& from) noexcept : value_(std::exchange(from.value_, nullptr)) {}
    owner& operator=(owner&& from) noexcept {
        std::swap(value_, from.value_);
        return *this;
    }
    ~owner() {
        if (value_ != nullptr) {
            std::destroy_at(value_);
            allocator<cell<int>>().deallocate(value_, 1);
        }
    }

    int value() const { return value_ == nullptr ? 0 : value_->read(); }

private:
    cell<int>* value_;
};

} // namespace tandem::model
