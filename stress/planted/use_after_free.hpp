// Planted: a list behind a lock, whose pop takes the lock after it has found the first node. Another pop may have freed it.
// No value that is ever read there changes an answer, so that only who watches the memory can tell.
#pragma once

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace tandem::planted {

template <class T>
class use_after_free {
public:
    use_after_free() = default;
    use_after_free(use_after_free const&) = delete;
    use_after_free& operator=(use_after_free const&) = delete;
    ~use_after_free() {
        for (auto* n = front_.load(order::relaxed); n != nullptr;) {
            delete std::exchange(n, n->next.read());
        }
    }

    status try_push(T v) {
        auto* const added = new node(v);
        scoped_lock const lock(mutex_);
        if (back_ == nullptr) {
            front_.store(added, order::release);
        } else {
            back_->next.write(added);
        }
        back_ = added;
        return status::success;
    }

    result<T> try_pop() {
        auto const* const hint = front_.load(order::acquire);
        scoped_lock const lock(mutex_);
        if (hint != nullptr) {
            seen_.write(hint->element.read()); // while this one waited for the lock, another may have freed it
        }
        std::unique_ptr<node> const first(front_.load(order::relaxed));
        if (!first) {
            return status::empty;
        }
        front_.store(first->next.read(), order::release);
        if (first->next.read() == nullptr) {
            back_ = nullptr;
        }
        return first->element.read();
    }

private:
    struct node {
        explicit node(T v) : element(v) {}
        cell<T> element;
        cell<node*> next{nullptr};
    };

    mutex mutex_;
    atomic<node*> front_{nullptr};
    node* back_ TANDEM_GUARDED_BY(mutex_) = nullptr;
    cell<T> seen_ TANDEM_GUARDED_BY(mutex_);
};

} // namespace tandem::planted
