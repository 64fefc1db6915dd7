#pragma once

#include "../channels.hpp"

#include <tandem/locked/channel.hpp>
#include <tandem/locked/spsc_channel.hpp>
#include <tandem/lockfree/channel.hpp>
#include <tandem/lockfree/spsc_channel.hpp>

#include <utility>

namespace tandem::bench {

// Both ends of a tandem channel, as they are: the last sender destroyed closes it.
template <class Sender, class Receiver>
class tandem_channel {
public:
    static constexpr char const* how = "spins briefly, then sleeps";
    static constexpr bool sleeps = true;

    tandem_channel(setup const& s, std::pair<Sender, Receiver> ends)
        : senders_(copies(s.producers, sender{std::move(ends.first)})),
          receivers_(copies(s.consumers, receiver{std::move(ends.second)})) {}

    struct sender {
        Sender tx;
        void send(message m) const { tx.send(m); }
        void send_many(std::span<message> some) const { tx.send_many(some); }
    };
    struct receiver {
        Receiver rx;
        bool receive(message& m) const {
            auto const received = rx.recv();
            if (received) {
                m = *received;
            }
            return received.has_value();
        }
        std::size_t receive_many(std::span<message> room) const { return rx.recv_many(room); }
    };
    std::vector<sender> senders() { return std::move(senders_); }
    std::vector<receiver> receivers() { return std::move(receivers_); }

private:
    template <class End>
    static std::vector<End> copies(int n, End end) {
        std::vector<End> ends;
        if constexpr (std::is_copy_constructible_v<End>) {
            ends.assign(static_cast<std::size_t>(n - 1), end);
        }
        ends.push_back(std::move(end));
        return ends;
    }

    std::vector<sender> senders_;
    std::vector<receiver> receivers_;
};

struct lockfree_channel : tandem_channel<lockfree::sender<message>, lockfree::receiver<message>> {
    explicit lockfree_channel(setup const& s) : tandem_channel(s, lockfree::channel<message>(s.capacity)) {}
    static constexpr identity who{"lockfree.channel", "lockfree", "tandem", ""};
    static constexpr bool single = false;
};

struct locked_channel : tandem_channel<locked::sender<message>, locked::receiver<message>> {
    explicit locked_channel(setup const& s) : tandem_channel(s, locked::channel<message>(s.capacity)) {}
    static constexpr identity who{"locked.channel", "locked", "tandem", ""};
    static constexpr bool single = false;
};

struct lockfree_spsc_channel : tandem_channel<lockfree::spsc_sender<message>, lockfree::spsc_receiver<message>> {
    explicit lockfree_spsc_channel(setup const& s) : tandem_channel(s, lockfree::spsc_channel<message>(s.capacity)) {}
    static constexpr identity who{"lockfree.spsc_channel", "lockfree", "tandem", "one producer and one consumer only"};
    static constexpr bool single = true;
};

struct locked_spsc_channel : tandem_channel<locked::spsc_sender<message>, locked::spsc_receiver<message>> {
    explicit locked_spsc_channel(setup const& s) : tandem_channel(s, locked::spsc_channel<message>(s.capacity)) {}
    static constexpr identity who{"locked.spsc_channel", "locked", "tandem", "one producer and one consumer only"};
    static constexpr bool single = true;
};

} // namespace tandem::bench
