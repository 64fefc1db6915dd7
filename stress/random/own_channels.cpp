// The channels of both halves.
#include "channel_scenario.hpp"
#include "subjects.hpp"

#include <tandem/locked/channel.hpp>
#include <tandem/locked/spsc_channel.hpp>
#include <tandem/lockfree/channel.hpp>
#include <tandem/lockfree/spsc_channel.hpp>

namespace tandem::stress {

namespace {

template <class Make>
void add_channel(scenarios& all, std::string const& structure, std::string const& half, bool one_to_one, Make make) {
    for (auto const l : {length::brief, length::ring}) {
        all.push_back(std::make_unique<channel_scenario>(
            structure, half, l, one_to_one, [make](program const& p) { return channel_object_of(p, make); }));
    }
}

} // namespace

void add_own_channels(scenarios& all) {
    add_channel(all, "channel", "locked", false,
                []<class T>(std::size_t capacity, std::type_identity<T>) { return locked::channel<T>(capacity); });
    add_channel(all, "channel", "lockfree", false,
                []<class T>(std::size_t capacity, std::type_identity<T>) { return lockfree::channel<T>(capacity); });
    add_channel(all, "spsc_channel", "locked", true,
                []<class T>(std::size_t capacity, std::type_identity<T>) { return locked::spsc_channel<T>(capacity); });
    add_channel(all, "spsc_channel", "lockfree", true, []<class T>(std::size_t capacity, std::type_identity<T>) {
        return lockfree::spsc_channel<T>(capacity);
    });
}

} // namespace tandem::stress
