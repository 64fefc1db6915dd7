#include <tandem/stress/engine/scenario.hpp>

namespace tandem::stress {

std::string scenario::name() const {
    switch (kind) {
    case length::brief:
        return "brief";
    case length::ring:
        return "ring";
    case length::stream:
        return "stream";
    }
    return {};
}

} // namespace tandem::stress
