// Planted: a queue of boxes that forgets the box when there is no room for it. With over-aligned boxes, a second bug: leak
// checkers that replace `operator new` often forget its aligned form.
#pragma once

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <cstdint>
#include <deque>
#include <memory>

namespace tandem::planted {

template <class T>
struct box {
    T element;
};
template <class T>
struct alignas(256) over_aligned_box {
    T element;
};

template <class T, template <class> class Box>
class leak {
public:
    explicit leak(std::size_t capacity) : capacity_(capacity) {}

    status try_push(T v) {
        auto* const boxed = new Box<T>{v};
        scoped_lock const lock(mutex_);
        if (boxes_.size() == capacity_) {
            return status::full; // boxed is lost
        }
        boxes_.emplace_back(boxed);
        return status::success;
    }

    result<T> try_pop() {
        scoped_lock const lock(mutex_);
        if (boxes_.empty()) {
            return status::empty;
        }
        T const taken = boxes_.front()->element;
        boxes_.pop_front();
        return taken;
    }

private:
    std::size_t const capacity_;
    mutex mutex_;
    std::deque<std::unique_ptr<Box<T>>> boxes_ TANDEM_GUARDED_BY(mutex_);
};

} // namespace tandem::planted
