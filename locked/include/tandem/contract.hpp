#pragma once

// The vocabulary that both halves speak: status, result<T>, outcome<R>, and the concepts that a
// structure of either half satisfies.

#include <tandem/fwd.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

// Without exceptions a broken precondition ends the program.
#if defined(__cpp_exceptions)
#define TANDEM_THROW(...) throw __VA_ARGS__
#else
#define TANDEM_THROW(...) std::abort()
#endif

namespace tandem::inline TANDEM_ABI {

enum class status : std::uint8_t {
    success,
    empty,   // nothing to take
    full,    // no room
    closed,  // closed; for a taker, also drained
    busy,    // another thread has claimed the slot and not finished: ask again
    timeout, // the deadline passed and nothing was taken or given
    stopped, // a stop was requested and nothing was taken or given
};

constexpr char const* to_string(status s) noexcept {
    constexpr char const* names[] = {"success", "empty", "full", "closed", "busy", "timeout", "stopped"};
    return names[static_cast<std::size_t>(s)];
}

// What result<T>::value() throws when there is none.
class bad_result : public std::exception {
public:
    explicit bad_result(status s) noexcept : status_(s) {}
    char const* what() const noexcept override { return to_string(status_); }
    status error() const noexcept { return status_; }

private:
    status status_;
};

// A T, or the status that says why there is none: std::expected<T, status> in C++20. Trivially
// copyable when T is, so that small ones travel in registers.
template <class T>
class [[nodiscard]] result {
    static constexpr bool moved_by_hand = !std::is_trivially_copyable_v<T>;
    static constexpr bool copied_by_hand = moved_by_hand && std::is_copy_constructible_v<T>;

public:
    using value_type = T;
    using error_type = status;

    result(T&& v) noexcept(std::is_nothrow_move_constructible_v<T>) : value_(std::move(v)), status_(status::success) {}
    result(T const& v) noexcept(std::is_nothrow_copy_constructible_v<T>) : value_(v), status_(status::success) {}
    // Precondition: s is not success.
    result(status s) noexcept : none_{}, status_(s) {}

    result(result const&) requires std::is_trivially_copyable_v<T> = default;
    result(result const& other) noexcept(std::is_nothrow_copy_constructible_v<T>) requires copied_by_hand
        : none_{}, status_(other.status_) {
        if (other) {
            std::construct_at(&value_, *other);
        }
    }
    result(result&&) requires std::is_trivially_copyable_v<T> = default;
    result(result&& other) noexcept(std::is_nothrow_move_constructible_v<T>) requires moved_by_hand
        : none_{}, status_(other.status_) {
        if (other) {
            std::construct_at(&value_, std::move(*other));
        }
    }
    result& operator=(result const&) requires std::is_trivially_copyable_v<T> = default;
    result& operator=(result&&) requires std::is_trivially_copyable_v<T> = default;
    result& operator=(result const& other) requires copied_by_hand { return *this = result(other); }
    result& operator=(result&& other) noexcept requires moved_by_hand {
        if (this != &other) {
            std::destroy_at(this);
            std::construct_at(this, std::move(other));
        }
        return *this;
    }
    ~result() requires std::is_trivially_copyable_v<T> = default;
    ~result() {
        if (*this) {
            std::destroy_at(&value_);
        }
    }

    bool has_value() const noexcept { return status_ == status::success; }
    explicit operator bool() const noexcept { return has_value(); }
    status error() const noexcept { return status_; }

    T& operator*() & noexcept { return value_; }
    T const& operator*() const& noexcept { return value_; }
    T&& operator*() && noexcept { return std::move(value_); }
    T* operator->() noexcept { return &value_; }
    T const* operator->() const noexcept { return &value_; }

    T& value() & { return require(), value_; }
    T const& value() const& { return require(), value_; }
    T&& value() && { return require(), std::move(value_); }

    template <class U>
    T value_or(U&& otherwise) const& {
        return has_value() ? value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    T value_or(U&& otherwise) && {
        return has_value() ? std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
    }

    // f(T) -> result<U>
    template <class F>
    auto and_then(F&& f) && -> std::invoke_result_t<F, T> {
        if (has_value()) {
            return std::invoke(std::forward<F>(f), std::move(value_));
        }
        return status_;
    }
    // f(T) -> U
    template <class F>
    auto transform(F&& f) && -> result<std::invoke_result_t<F, T>> {
        if (has_value()) {
            return std::invoke(std::forward<F>(f), std::move(value_));
        }
        return status_;
    }

private:
    void require() const {
        if (!has_value()) {
            TANDEM_THROW(bad_result(status_));
        }
    }

    union {
        T value_;
        std::byte none_;
    };
    status status_;
};

// What a piece of work came to: its R, or the exception that escaped it.
template <class R>
class [[nodiscard]] outcome {
    using stored = std::conditional_t<std::is_void_v<R>, std::monostate, R>;

public:
    template <class... Args>
    requires std::constructible_from<stored, Args...>
    outcome(std::in_place_t, Args&&... args) : kept_(std::in_place_index<0>, std::forward<Args>(args)...) {}
    // Precondition: e is not null.
    outcome(std::exception_ptr e) noexcept : kept_(std::in_place_index<1>, std::move(e)) {}

    bool has_value() const noexcept { return kept_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    std::exception_ptr error() const noexcept { return has_value() ? nullptr : std::get<1>(kept_); }

    // The value, moved out; or rethrows what escaped.
    R value() && {
        if (!has_value()) {
            std::rethrow_exception(std::get<1>(kept_));
        }
        if constexpr (!std::is_void_v<R>) {
            return std::move(std::get<0>(kept_));
        }
    }
    // The text of what escaped; empty when nothing did.
    std::string what() const {
#if defined(__cpp_exceptions)
        if (!has_value()) {
            try {
                std::rethrow_exception(std::get<1>(kept_));
            } catch (std::exception const& e) {
                return e.what();
            } catch (...) {
                return "not a std::exception";
            }
        }
#endif
        return {};
    }

private:
    std::variant<stored, std::exception_ptr> kept_;
};

namespace contract {

// What a queue holds: it is moved and destroyed where nothing can be undone.
template <class T>
concept element = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>;

// Exact capacity; never waits. Many producers and consumers, or one of each (spsc_queue).
template <class Q, class T>
concept bounded_queue =
    element<T> && std::constructible_from<Q, std::size_t> && requires(Q& q, Q const& c, T&& v, std::span<T> items) {
        { q.try_push(std::move(v)) } -> std::same_as<status>;
        { q.try_emplace(std::move(v)) } -> std::same_as<status>;
        { q.try_pop() } -> std::same_as<result<T>>;
        { q.try_push_n(items) } -> std::same_as<std::size_t>;
        { q.try_pop_n(items) } -> std::same_as<std::size_t>;
        { q.close() } -> std::same_as<void>;
        { c.is_closed() } -> std::same_as<bool>;
        { c.capacity() } -> std::same_as<std::size_t>;
        { c.was_empty() } -> std::same_as<bool>;
        { c.approx_size() } -> std::same_as<std::size_t>;
    };

// The ends of a channel; they wait. What has no parameter for how long waits for ever.
template <class S, class T>
concept sender = element<T> && std::movable<S> &&
                 requires(S const& s, T&& v, std::span<T> items, stop_token t, clock::time_point at) {
                     { s.send(std::move(v)) } -> std::same_as<status>;
                     { s.send(std::move(v), t) } -> std::same_as<status>;
                     { s.send_for(std::move(v), at - at) } -> std::same_as<status>;
                     { s.send_until(std::move(v), at) } -> std::same_as<status>;
                     { s.try_send(std::move(v)) } -> std::same_as<status>;
                     { s.send_many(items) } -> std::same_as<std::size_t>;
                     { s.close() } -> std::same_as<void>;
                     { s.is_closed() } -> std::same_as<bool>;
                 };
template <class R, class T>
concept receiver =
    element<T> && std::movable<R> && requires(R const& r, std::span<T> out, stop_token t, clock::time_point at) {
        { r.recv() } -> std::same_as<std::optional<T>>;
        { r.recv(t) } -> std::same_as<result<T>>;
        { r.recv_for(at - at) } -> std::same_as<result<T>>;
        { r.recv_until(at) } -> std::same_as<result<T>>;
        { r.try_recv() } -> std::same_as<result<T>>;
        { r.recv_many(out) } -> std::same_as<std::size_t>;
        { *r.begin() } -> std::same_as<T&>;
        { r.begin() == r.end() } -> std::same_as<bool>;
        { *r.try_iter().begin() } -> std::same_as<T&>;
        { r.close() } -> std::same_as<void>;
        { r.is_closed() } -> std::same_as<bool>;
        { r.approx_size() } -> std::same_as<std::size_t>;
        { r.capacity() } -> std::same_as<std::size_t>;
    };

// A 64-bit number that many change and any may read or wait for; it wraps around.
template <class C>
concept counter =
    std::default_initializable<C> && requires(C& c, C const& r, std::int64_t n, bool (*enough)(std::int64_t)) {
        { c.add(n) } -> std::same_as<void>;
        { c.sub(n) } -> std::same_as<void>;
        { c.fetch_add(n) } -> std::same_as<std::int64_t>;
        { c.exchange(n) } -> std::same_as<std::int64_t>;
        { r.load() } -> std::same_as<std::int64_t>;
        { r.wait_until(enough) } -> std::same_as<std::int64_t>;
    };

// A 64-bit number that many add to at little cost, and few read; it wraps around. `drain` takes out what is there.
template <class C>
concept striped_counter = std::default_initializable<C> && requires(C& c, C const& r, std::int64_t n) {
    { c.add(n) } -> std::same_as<void>;
    { c.sub(n) } -> std::same_as<void>;
    { r.sum() } -> std::same_as<std::int64_t>;
    { c.drain() } -> std::same_as<std::int64_t>;
};

// Values by key, shared by many; it grows. Nothing here hands out a reference that outlives the call, and there are no
// iterators: one into a map that others change is a race, or a lock held too long.
template <class M, class K, class V>
concept map = std::default_initializable<M> &&
              requires(M& m, M const& r, K const& k, V const& v, void (*see)(V const&), void (*change)(V&),
                       bool (*test)(V const&), void (*see_each)(K const&, V const&), bool (*test_each)(K const&, V const&)) {
                  { r.find(k) } -> std::same_as<std::optional<V>>;
                  { r.contains(k) } -> std::same_as<bool>;
                  { r.visit(k, see) } -> std::same_as<bool>;
                  { m.insert(k, v) } -> std::same_as<bool>;
                  { m.try_emplace(k, v) } -> std::same_as<bool>;
                  { m.insert_or_assign(k, v) } -> std::same_as<bool>;
                  { m.update(k, change) } -> std::same_as<bool>;
                  { m.erase(k) } -> std::same_as<std::optional<V>>;
                  { m.erase_if(k, test) } -> std::same_as<bool>;
                  { r.for_each(see_each) } -> std::same_as<void>;
                  { m.erase_if(test_each) } -> std::same_as<std::size_t>;
                  { r.approx_size() } -> std::same_as<std::size_t>;
                  { m.clear() } -> std::same_as<void>;
              };

} // namespace contract
} // namespace tandem::inline TANDEM_ABI
