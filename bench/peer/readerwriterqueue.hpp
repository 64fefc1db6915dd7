#pragma once

#if __has_include(<readerwriterqueue/readerwriterqueue.h>)

#include "../channels.hpp"
#include "../queues.hpp"

#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>

namespace tandem::bench {

class readerwriter_queue {
public:
    static constexpr identity who{"moodycamel::ReaderWriterQueue", "peer", "readerwriterqueue",
                                  "one producer and one consumer only; holds one message less"};
    static constexpr bool single = true;

    // Rounds up to a power of two less one: asked for 1024 it would hold 2047, and wait half as often.
    explicit readerwriter_queue(setup const& s) : queue_(s.capacity - 1) {}
    bool push(message m) { return queue_.try_enqueue(m); } // never allocates
    bool pop(message& m) { return queue_.try_dequeue(m); }

private:
    moodycamel::ReaderWriterQueue<message> queue_;
};

class circular_buffer {
public:
    static constexpr identity who{"moodycamel::BlockingReaderWriterCircularBuffer", "peer", "readerwriterqueue",
                                  "one producer and one consumer only; cannot be closed"};
    static constexpr char const* how = "both ends spin long, then sleep on a semaphore";
    static constexpr bool single = true;
    static constexpr bool sleeps = true;

    explicit circular_buffer(setup const& s) : queue_(s.capacity) {}
    void push(message m) { queue_.wait_enqueue(m); }
    void pop(message& m) { queue_.wait_dequeue(m); }

private:
    moodycamel::BlockingReaderWriterCircularBuffer<message> queue_;
};

inline void offer_readerwriterqueue(catalogue& all) {
    offer_queue<readerwriter_queue>(all);
    offer_customary<readerwriter_queue>(all);
}
inline void offer_readerwriterqueue_channels(catalogue& all) {
    offer_channel<waiting_queue<circular_buffer>>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_readerwriterqueue(catalogue& all) {
    all.missing.push_back({"readerwriterqueue", "libreaderwriterqueue-dev"});
}
inline void offer_readerwriterqueue_channels(catalogue&) {}
} // namespace tandem::bench

#endif
