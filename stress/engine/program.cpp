#include <tandem/stress/engine/processors.hpp>
#include <tandem/stress/engine/program.hpp>

#include <numeric>

namespace tandem::stress {

std::size_t program::calls() const {
    return std::accumulate(lanes.begin(), lanes.end(), std::size_t{0},
                           [](std::size_t sum, auto const& lane) { return sum + lane.size(); });
}

std::size_t program::values() const {
    std::size_t sum = 0;
    for (auto const& lane : lanes) {
        for (auto const& a : lane) {
            sum += a.argument.size();
        }
    }
    return sum;
}

std::size_t calls_of_a_lane(dice& d, length l) {
    return l == length::brief ? d.between(1, 8) : d.between(1000, 3000);
}

std::uint32_t choose(dice& d, std::span<unsigned const> weights) {
    auto left = d.below(std::accumulate(weights.begin(), weights.end(), 0U));
    std::uint32_t which = 0;
    while (left >= weights[which]) {
        left -= weights[which++];
    }
    return which;
}

tempo::tempo(dice& d, length l) : dice_(d), kind_(d.below(5)), moves_(l != length::brief && d.one_in(4)) {}

rest tempo::next() {
    if (moves_ && dice_.one_in(256)) {
        return {rest::kind::move, static_cast<std::uint16_t>(dice_.below(allowed_processors().size()))};
    }
    switch (kind_) {
    case 1:
        return spin(2, 64);
    case 2:
        return spin(4, 1024);
    case 3:
        return dice_.one_in(4) ? rest{rest::kind::yield} : spin(2, 64);
    case 4:
        return dice_.one_in(16) ? rest{rest::kind::yield} : rest{};
    default:
        return {};
    }
}

rest tempo::spin(std::uint64_t seldom, std::uint64_t most) {
    if (!dice_.one_in(seldom)) {
        return {};
    }
    return {rest::kind::spin, static_cast<std::uint16_t>(dice_.between(1, most))};
}

} // namespace tandem::stress
