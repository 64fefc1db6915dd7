#pragma once

// stop_token, stop_source and stop_callback for the threads of a model checker, which std's cannot tell apart.
//
// The list of callbacks is changed at the step of the operation on `word`, with which it belongs: threads change
// only between steps. What std orders is ordered, and nothing else: a request before whoever is told of it, the
// birth of a callback before its call, its call before the end of its destructor.
//
// Included by the worlds of the model checkers.

#include <cstdint>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {

namespace world {

class stop_call {
public:
    stop_call(stop_call const&) = delete;
    stop_call& operator=(stop_call const&) = delete;

protected:
    stop_call() = default;
    ~stop_call() = default;

private:
    friend class stop_state;

    virtual void call() noexcept = 0;

    stop_call* next_ = nullptr;
    bool registered_ = false;
    bool* gone_ = nullptr; // while it is called: told when it is destroyed meanwhile
    atomic<std::uint32_t> called_{0};
};

class stop_state {
    using enum std::memory_order;
    static constexpr std::uint32_t requested = 1;

public:
    static stop_state* make() { return std::construct_at(allocator<stop_state>().allocate(1)); }
    void join() noexcept { owners_.fetch_add(1, relaxed); }
    void leave() noexcept {
        if (owners_.fetch_sub(1, acq_rel) == 1) {
            std::destroy_at(this);
            allocator<stop_state>().deallocate(this, 1);
        }
    }

    bool stop_requested() const noexcept { return word_.load(acquire) == requested; }
    bool request_stop() noexcept {
        if (word_.fetch_or(requested, acq_rel) == requested) {
            return false;
        }
        requester_ = world::current_thread();
        while (auto* const one = first_) {
            first_ = one->next_;
            bool gone = false;
            one->gone_ = &gone;
            one->registered_ = false;
            one->call();
            if (!gone) {
                one->gone_ = nullptr;
                one->called_.store(1, release); // from here on it may be gone
                unpark_all(one->called_);
            }
        }
        return true;
    }

    void add(stop_call& one) noexcept {
        if (word_.fetch_or(0, acq_rel) == requested) {
            one.called_.store(1, relaxed);
            one.call();
            return;
        }
        one.next_ = first_;
        one.registered_ = true;
        first_ = &one;
    }
    void remove(stop_call& one) noexcept {
        word_.fetch_or(0, relaxed);
        if (one.registered_) {
            auto** at = &first_;
            while (*at != &one) {
                at = &(*at)->next_;
            }
            *at = one.next_;
        } else if (one.gone_ != nullptr && requester_ == world::current_thread()) {
            *one.gone_ = true;
        } else {
            while (one.called_.load(acquire) == 0) {
                park(one.called_, 0);
            }
        }
    }

private:
    atomic<std::uint32_t> owners_{1};
    atomic<std::uint32_t> word_{0};
    stop_call* first_ = nullptr;
    std::size_t requester_ = 0;
};

class stop_handle {
public:
    stop_handle() noexcept = default;
    explicit stop_handle(stop_state* state) noexcept : state_(state) {}
    stop_handle(stop_handle const& other) noexcept : state_(other.state_) {
        if (state_ != nullptr) {
            state_->join();
        }
    }
    stop_handle(stop_handle&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    stop_handle& operator=(stop_handle other) noexcept {
        std::swap(state_, other.state_);
        return *this;
    }
    ~stop_handle() {
        if (state_ != nullptr) {
            state_->leave();
        }
    }

    bool stop_requested() const noexcept { return state_ != nullptr && state_->stop_requested(); }

protected:
    stop_state* state_ = nullptr; // nullptr: no stop is possible
};

} // namespace world

class stop_token : public world::stop_handle {
public:
    stop_token() noexcept = default;

private:
    friend class stop_source;
    template <class F>
    friend class stop_callback;
    explicit stop_token(world::stop_handle const& h) noexcept : stop_handle(h) {}
};

class stop_source : public world::stop_handle {
public:
    stop_source() : stop_handle(world::stop_state::make()) {}

    [[nodiscard]] stop_token get_token() const noexcept { return stop_token(*this); }
    bool request_stop() const noexcept { return state_ != nullptr && state_->request_stop(); }
};

template <class F>
class [[nodiscard]] stop_callback final : world::stop_call {
public:
    template <class G>
    explicit stop_callback(stop_token token, G&& f) noexcept(std::is_nothrow_constructible_v<F, G>)
        : f_(std::forward<G>(f)), token_(std::move(token)) {
        if (token_.state_ != nullptr) {
            token_.state_->add(*this);
        }
    }
    ~stop_callback() {
        if (token_.state_ != nullptr) {
            token_.state_->remove(*this);
        }
    }

private:
    void call() noexcept override { std::forward<F>(f_)(); }

    F f_;
    stop_token token_;
};
template <class F>
stop_callback(stop_token, F) -> stop_callback<F>;

} // namespace tandem::inline TANDEM_ABI
