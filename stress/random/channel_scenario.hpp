// channel_scenario: programs for channels, and channels as objects.
#pragma once

#include "element.hpp"
#include "program.hpp"

#include <tandem/contract.hpp>
#include <tandem/stress/channel_spec.hpp>
#include <tandem/stress/engine/scenario.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <type_traits>

namespace tandem::stress {

// Every program ends: a lane that can wait for good holds handles of one end only, so that it is woken by the other end
// or when the last handle of that is dropped; its own are dropped by its last steps, which stay.
program random_channel_program(dice&, length, std::size_t threads, bool one_to_one);

// How many of the lane's handles of an end it was given, and did not copy: 0 or 1.
bool holds_sender(std::vector<action> const& lane);
bool holds_receiver(std::vector<action> const& lane);

class channel_scenario : public judged_scenario<channel_spec> {
public:
    using factory = std::function<std::unique_ptr<object>(program const&)>;

    channel_scenario(std::string structure, std::string half, length, bool one_to_one, factory);

    std::size_t most_threads() const override { return one_to_one_ ? 2 : 64; }
    program random_program(dice&, std::size_t threads) const override;
    std::unique_ptr<object> make(program const&) const override;
    void finish(afterwards&) const override;
    channel_spec initial(program const&) const override;

private:
    std::string twin() const override { return half == "lockfree" ? "locked." + structure : ""; }

    bool one_to_one_;
    factory make_;
};

// The ends of a channel as each thread holds them; Kind is of element.hpp.
template <class Kind, class Sender, class Receiver>
class channel_object : public object {
    using element = typename Kind::type;

public:
    channel_object(program const& p, std::pair<Sender, Receiver> ends) : ledger_(p), hands_(p.lanes.size()) {
        for (std::size_t i = 0; i != p.lanes.size(); ++i) {
            hand_out(ends.first, holds_sender(p.lanes[i]), hands_[i].senders);
            hand_out(ends.second, holds_receiver(p.lanes[i]), hands_[i].receivers);
        }
    }

    reply perform(std::uint32_t operation, values const& argument) override {
        return perform_by(0, operation, argument);
    }

    reply perform_by(std::size_t thread, std::uint32_t operation, values const& argument) override {
        auto& mine = hands_[thread];
        switch (operation) {
        case channel_spec::copy_sender:
            return copy(mine.senders);
        case channel_spec::copy_receiver:
            return copy(mine.receivers);
        case channel_spec::drop_sender:
            mine.senders.erase(mine.senders.begin());
            return {};
        case channel_spec::drop_receiver:
            mine.receivers.erase(mine.receivers.begin());
            return {};
        case channel_spec::stop:
            stops_.at(static_cast<std::size_t>(argument[0])).request_stop();
            return {};
        case channel_spec::account: {
            auto const sum = ledger_.closed();
            return {status::success, {sum.lost, sum.doubled, sum.spoiled}};
        }
        case channel_spec::close:
            mine.senders.empty() ? mine.receivers.back().close() : mine.senders.back().close();
            return {};
        case channel_spec::is_closed:
            return {
                status::success,
                {(mine.senders.empty() ? mine.receivers.back().is_closed() : mine.senders.back().is_closed()) ? 1 : 0}};
        default:
            return operation <= channel_spec::send_many ? send(mine.senders.back(), operation, argument)
                                                        : receive(mine, operation, argument);
        }
    }

private:
    struct hand {
        std::vector<Sender> senders{};
        std::vector<Receiver> receivers{};
        std::int64_t waited = 0; // times, for some time
    };

    // Each gets a copy; where there are none, the first gets it.
    template <class End>
    static void hand_out(End& end, bool wanted, std::vector<End>& to) {
        if (!wanted) {
            return;
        }
        if constexpr (std::is_copy_constructible_v<End>) {
            to.push_back(end);
        } else {
            to.push_back(std::move(end));
        }
    }
    template <class End>
    static reply copy(std::vector<End>& ends) {
        if constexpr (std::is_copy_constructible_v<End>) {
            ends.push_back(End(ends.front()));
            return {};
        } else {
            throw std::logic_error("no such operation");
        }
    }

    static std::chrono::microseconds some_time(std::int64_t seed) {
        return std::chrono::microseconds(20 + seed * 37 % 180);
    }
    std::stop_token token(std::int64_t which) { return stops_.at(static_cast<std::size_t>(which)).get_token(); }

    reply send(Sender const& to, std::uint32_t operation, values const& argument) {
        auto const v = argument[0];
        switch (operation) {
        case channel_spec::send:
            return offer(v, [&](auto&& e) { return to.send(std::forward<decltype(e)>(e)); });
        case channel_spec::try_send:
            return offer(v, [&](auto&& e) { return to.try_send(std::forward<decltype(e)>(e)); });
        case channel_spec::send_for:
            return offer(v, [&](auto&& e) { return to.send_for(std::forward<decltype(e)>(e), some_time(v)); });
        case channel_spec::send_unless:
            return offer(v, [&](auto&& e) { return to.send(std::forward<decltype(e)>(e), token(argument[1])); });
        default:
            return send_many(to, argument);
        }
    }

    // What was refused is still there, and then returned.
    template <class Send>
    reply offer(std::int64_t v, Send send) {
        auto e = Kind::make(ledger_, v);
        auto said = status::busy;
        if constexpr (Kind::copied) {
            for (bool again = true; again;) {
                try {
                    said = send(std::as_const(e));
                    again = false;
                } catch (copy_refused const&) {
                    check_untouched(e, v);
                }
            }
            check_untouched(e, v);
        } else {
            said = send(std::move(e));
            if (said != status::success) {
                check_untouched(e, v);
            }
        }
        return {said};
    }
    reply send_many(Sender const& to, values const& argument) {
        std::array<element, max_batch> items{};
        for (std::size_t i = 0; i != argument.size(); ++i) {
            items[i] = Kind::make(ledger_, argument[i]);
        }
        auto const n = to.send_many(std::span(items).first(argument.size()));
        for (std::size_t i = n; i != argument.size(); ++i) {
            check_untouched(items[i], argument[i]);
        }
        return {status::success, {static_cast<std::int64_t>(n)}};
    }
    void check_untouched(element const& e, std::int64_t v) {
        if (!Kind::holds(e, v)) {
            ledger_.spoil();
        }
    }

    reply receive(hand& mine, std::uint32_t operation, values const& argument) {
        auto const& from = mine.receivers.back();
        switch (operation) {
        case channel_spec::recv: {
            auto e = from.recv();
            return e ? reply{status::success, {Kind::take(*e)}} : reply{status::closed};
        }
        case channel_spec::try_recv:
            return received(from.try_recv());
        case channel_spec::recv_for:
            return received(from.recv_for(some_time(++mine.waited)));
        case channel_spec::recv_unless:
            return received(from.recv(token(argument[0])));
        default: {
            std::array<element, max_batch> room{};
            auto const n = from.recv_many(std::span(room).first(static_cast<std::size_t>(argument[0])));
            reply said{n == 0 ? status::closed : status::success};
            for (std::size_t i = 0; i != n; ++i) {
                said.result.push_back(Kind::take(room[i]));
            }
            return said;
        }
        }
    }
    static reply received(result<element> r) { return r ? reply{status::success, {Kind::take(*r)}} : reply{r.error()}; }

    ledger ledger_;
    std::array<std::stop_source, 64> stops_{};
    std::vector<hand> hands_;
};

inline constexpr std::uint8_t element_kinds = 5;

// make(capacity, type_identity<element>) -> both ends.
template <class Make>
std::unique_ptr<object> channel_object_of(program const& p, Make make) {
    auto const of = [&]<class Kind>(Kind) -> std::unique_ptr<object> {
        auto ends = make(p.capacity, std::type_identity<typename Kind::type>());
        using object_type = channel_object<Kind, decltype(ends.first), decltype(ends.second)>;
        return std::make_unique<object_type>(p, std::move(ends));
    };
    switch (p.variant) {
    case 0:
        return of(of_integers());
    case 1:
        return of(of_movables());
    case 2:
        return of(of_boxes());
    case 3:
        return of(of_copyables());
    default:
        return of(of_over_aligned());
    }
}

} // namespace tandem::stress
