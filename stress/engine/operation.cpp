#include <tandem/stress/operation.hpp>

namespace tandem::stress::detail {

std::vector<bool> unique_ones(std::function<values(draws&)> const& draw) {
    std::vector<bool> always(max_batch, true);
    constexpr std::int64_t far_from_others = 1'000'000;
    for (std::uint64_t seed = 0; seed != 16; ++seed) {
        draws from(seed, far_from_others);
        auto const drawn = draw(from);
        for (std::size_t i = 0; i != drawn.size(); ++i) {
            always[i] = always[i] && drawn[i] > far_from_others && drawn[i] < from.unique();
        }
    }
    return always;
}

} // namespace tandem::stress::detail
