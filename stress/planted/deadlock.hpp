// Planted: a queue behind a lock whose unlock forgets to wake who is parked.
#pragma once

#include <tandem/contract.hpp>

#include <cstdint>
#include <deque>

namespace tandem::planted {

template <class T>
class deadlock {
public:
    explicit deadlock(std::size_t capacity) : capacity_(capacity) {}

    status try_push(T v) {
        holding const lock(word_);
        if (elements_.size() == capacity_) {
            return status::full;
        }
        elements_.push_back(v);
        return status::success;
    }

    result<T> try_pop() {
        holding const lock(word_);
        if (elements_.empty()) {
            return status::empty;
        }
        T const taken = elements_.front();
        elements_.pop_front();
        return taken;
    }

private:
    class holding {
    public:
        explicit holding(atomic<std::uint32_t>& word) : word_(word) {
            while (word_.exchange(1, order::acquire) != 0) {
                park(word_, 1);
            }
        }
        ~holding() { word_.store(0, order::release); } // and no unpark
        holding(holding const&) = delete;
        holding& operator=(holding const&) = delete;

    private:
        atomic<std::uint32_t>& word_;
    };

    std::size_t const capacity_;
    atomic<std::uint32_t> word_{0};
    std::deque<T> elements_;
};

} // namespace tandem::planted
