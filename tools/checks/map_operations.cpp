// The operations of the locked map, and of the lock under it. Not in operations.cpp: so much more code there changes what
// g++ inlines in the queues.
#include <tandem/brief_mutex.hpp>
#include <tandem/locked/map.hpp>

#include "map_operations.hpp"

#include <cstdint>

template <class Mutex>
struct brief_operations {
    static void lock(Mutex& m) TANDEM_ANNOTATE(acquire_capability(m)) { m.lock(); }
    static void unlock(Mutex& m) TANDEM_ANNOTATE(release_capability(m)) { m.unlock(); }
};

using word = std::uint64_t;
template struct map_operations<tandem::locked::map<word, word>, word, word>;
template struct brief_operations<tandem::brief_mutex>;
