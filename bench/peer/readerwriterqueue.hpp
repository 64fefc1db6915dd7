#pragma once

#if __has_include(<readerwriterqueue/readerwriterqueue.h>)

#include "../queues.hpp"

#include <readerwriterqueue/readerwriterqueue.h>

namespace tandem::bench {

class readerwriter_queue {
public:
    static constexpr identity who{"moodycamel::ReaderWriterQueue", "peer", "readerwriterqueue",
                                  "one producer and one consumer only; capacity at least what is asked"};
    static constexpr bool waits = false;
    static constexpr bool single = true;

    explicit readerwriter_queue(setup const& s) : queue_(s.capacity) {}
    bool push(message m) { return queue_.try_enqueue(m); } // never allocates
    bool pop(message& m) { return queue_.try_dequeue(m); }

private:
    moodycamel::ReaderWriterQueue<message> queue_;
};

inline void offer_readerwriterqueue(catalogue& all) {
    offer_queue<readerwriter_queue>(all);
    offer_customary<readerwriter_queue>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_readerwriterqueue(catalogue& all) {
    all.missing.push_back({"readerwriterqueue", "libreaderwriterqueue-dev"});
}
} // namespace tandem::bench

#endif
