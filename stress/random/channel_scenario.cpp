#include "channel_scenario.hpp"

#include <tandem/stress/engine/crew.hpp>

#include <algorithm>

namespace tandem::stress {

namespace {

using ch = channel_spec;
using weights = std::array<unsigned, ch::account>; // in the order of channel_spec's operations

std::int64_t difference(std::vector<action> const& lane, std::uint32_t drop, std::uint32_t copy) {
    return std::ranges::count(lane, drop, &action::operation) - std::ranges::count(lane, copy, &action::operation);
}

// What one lane holds, and what it may do with that.
class lane_of_a_channel {
public:
    lane_of_a_channel(dice& d, length l, bool sends, bool receives, bool one_to_one)
        : dice_(d), brief_(l == length::brief), one_to_one_(one_to_one), senders_(sends ? 1 : 0),
          receivers_(receives ? 1 : 0), batches_(d.one_in(2)), stops_(d.one_in(3)), waits_for_a_time_(d.one_in(2)),
          closes_(brief_ && d.one_in(4)) {}

    // Of `left` to come.
    action next(std::size_t left) {
        if (senders_ != 0 && receivers_ != 0 && (left == 1 || dice_.one_in(left))) {
            return drop(dice_.one_in(2));
        }
        if (!one_to_one_ && dice_.one_in(brief_ ? 8 : 200)) {
            return copy_or_drop();
        }
        return {.operation = choose(dice_, choices())};
    }
    void let_go(std::vector<action>& steps) {
        while (senders_ + receivers_ != 0) {
            steps.push_back(drop(senders_ != 0));
        }
    }

private:
    weights choices() const {
        weights w{};
        bool const both = senders_ != 0 && receivers_ != 0; // then it must not wait for good
        if (senders_ != 0) {
            w[ch::send] = both ? 0 : 8;
            w[ch::try_send] = 4;
            w[ch::send_for] = waits_for_a_time_ ? 1 : 0;
            w[ch::send_unless] = stops_ && !both ? 4 : 0;
            w[ch::send_many] = batches_ && !both ? 4 : 0;
        }
        if (receivers_ != 0) {
            w[ch::recv] = both ? 0 : 8;
            w[ch::try_recv] = 4;
            w[ch::recv_for] = waits_for_a_time_ ? 1 : 0;
            w[ch::recv_unless] = stops_ && !both ? 4 : 0;
            w[ch::recv_many] = batches_ && !both ? 4 : 0;
        }
        w[ch::close] = closes_ ? 1 : 0;
        w[ch::is_closed] = closes_ ? 1 : 0;
        w[ch::stop] = stops_ && brief_ ? 1 : 0;
        return w;
    }

    action drop(bool sender) {
        --(sender ? senders_ : receivers_);
        return {.operation = sender ? ch::drop_sender : ch::drop_receiver, .stays = true};
    }
    action copy_or_drop() {
        bool const sender = receivers_ == 0 || (senders_ != 0 && dice_.one_in(2));
        auto& handles = sender ? senders_ : receivers_;
        if (handles > 1 && dice_.one_in(2)) {
            return drop(sender);
        }
        ++handles;
        return {.operation = sender ? ch::copy_sender : ch::copy_receiver, .stays = true};
    }

    dice& dice_;
    bool brief_, one_to_one_;
    unsigned senders_, receivers_;
    bool batches_, stops_, waits_for_a_time_, closes_;
};

std::int64_t value_of(std::size_t lane, std::int64_t sequence) {
    return static_cast<std::int64_t>(lane + 1) << 32 | sequence;
}

// As many elements as are waited for, and some for those that wait only for a time. Who receives holds a sender too, so
// that nothing is closed, and nobody woken by that, before all is received: a wake-up that was lost stays lost. The
// steps stay, since with one send less it would not end.
program patient_program(dice& d, length l, std::size_t threads) {
    program made;
    bool const brief = l == length::brief;
    made.capacity = brief ? d.between(1, 4) : std::size_t{1} << d.below(5);
    auto const senders = d.between(1, threads / 2);
    bool const timed = threads - senders > 1 && d.one_in(2); // the last one
    auto const receivers = threads - senders;
    std::vector<std::size_t> sends(senders);
    auto const each = brief ? d.between(1, 4) : d.between(100, 500);
    for (std::size_t i = 0; i != each * receivers; ++i) {
        ++sends[d.below(senders)];
    }
    tempo pace(d, l);
    auto const rest_long = [&]() -> rest { // about as long as a timed wait
        return d.one_in(2) ? rest{rest::kind::spin, static_cast<std::uint16_t>(d.below(0x10000))} : pace.next();
    };
    for (std::size_t lane = 0; lane != threads; ++lane) {
        auto& steps = made.lanes.emplace_back();
        if (lane < senders) {
            for (std::size_t i = 0; i != sends[lane]; ++i) {
                steps.push_back({ch::send, {value_of(lane, static_cast<std::int64_t>(i + 1))}, rest_long(), true});
            }
            steps.push_back({.operation = ch::drop_sender, .stays = true});
            continue;
        }
        for (std::size_t i = 0; i != each; ++i) {
            steps.push_back({timed && lane + 1 == threads ? ch::recv_for : ch::recv, {}, pace.next(), true});
        }
        steps.push_back({.operation = ch::drop_receiver, .stays = true});
        steps.push_back({.operation = ch::drop_sender, .stays = true});
    }
    return made;
}

} // namespace

bool holds_sender(std::vector<action> const& lane) {
    return difference(lane, ch::drop_sender, ch::copy_sender) > 0;
}
bool holds_receiver(std::vector<action> const& lane) {
    return difference(lane, ch::drop_receiver, ch::copy_receiver) > 0;
}

program random_channel_program(dice& d, length l, std::size_t threads, bool one_to_one) {
    auto const variant = static_cast<std::uint8_t>(d.below(element_kinds));
    if (!one_to_one && d.one_in(4)) {
        auto made = patient_program(d, l, threads);
        made.variant = variant;
        return made;
    }
    program made;
    made.variant = variant;
    bool const brief = l == length::brief;
    made.capacity = brief ? d.between(1, 4) : std::size_t{1} << d.below(11);
    tempo pace(d, l);
    for (std::size_t lane = 0; lane != threads; ++lane) {
        bool const both = lane > 1 && d.one_in(3);
        bool const sends = both || lane == 0 || (lane != 1 && d.one_in(2));
        lane_of_a_channel choice(d, l, sends, both || !sends, one_to_one);
        auto& steps = made.lanes.emplace_back();
        auto const length_of_lane = calls_of_a_lane(d, l);
        std::int64_t sequence = 0;
        for (std::size_t i = 0; i != length_of_lane; ++i) {
            auto s = choice.next(length_of_lane - i);
            s.before = pace.next();
            auto const n = s.operation == ch::send_many ? d.between(1, max_batch) : s.operation < ch::send_many ? 1 : 0;
            for (std::uint64_t k = 0; k != n; ++k) {
                s.argument.push_back(value_of(lane, ++sequence));
            }
            if (s.operation == ch::send_unless || s.operation == ch::recv_unless || s.operation == ch::stop) {
                s.argument.push_back(static_cast<std::int64_t>(brief ? d.below(2) : i / 64));
            }
            if (s.operation == ch::recv_many) {
                s.argument.push_back(static_cast<std::int64_t>(d.between(1, max_batch)));
            }
            steps.push_back(s);
        }
        if (!brief && d.one_in(4)) { // stop requests, and perhaps a close in the last quarter, while the others go on
            for (std::size_t i = 64; i < steps.size(); i += 64) {
                steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(i - d.below(64)),
                             {.operation = ch::stop, .argument = {static_cast<std::int64_t>(i / 64)}});
            }
            if (d.one_in(2)) {
                auto const at = steps.size() - 1 - d.below(steps.size() / 4);
                steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(at), {.operation = ch::close});
            }
        }
        choice.let_go(steps);
    }
    return made;
}

channel_scenario::channel_scenario(std::string s, std::string h, length l, bool one_to_one, factory make)
    : judged_scenario(std::move(s), std::move(h), l), one_to_one_(one_to_one), make_(std::move(make)) {}

program channel_scenario::random_program(dice& d, std::size_t threads) const {
    return random_channel_program(d, kind, threads, one_to_one_);
}

std::unique_ptr<object> channel_scenario::make(program const& p) const {
    return make_(p);
}

void channel_scenario::finish(afterwards& t) const {
    t.then(channel_spec::account);
}

channel_spec channel_scenario::initial(program const& p) const {
    channel_spec promise{.capacity = p.capacity, .senders = 0, .receivers = 0};
    for (auto const& lane : p.lanes) {
        promise.senders += holds_sender(lane) ? 1 : 0;
        promise.receivers += holds_receiver(lane) ? 1 : 0;
    }
    return promise;
}

} // namespace tandem::stress
