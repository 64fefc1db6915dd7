#pragma once

// catalogue: everything that can be measured, one offer for each workload of each implementation.

#include "sample.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tandem::bench {

// Who is measured.
struct identity {
    char const* name;
    char const* half;    // locked, lockfree, peer, machine
    char const* library; // what --peers names
    char const* note;    // what is not comparable
};

// Which threads a workload is made for.
enum class crowd {
    one_thread,
    two_threads,
    one_each,  // one producer, one consumer
    many_each, // any number of producers and consumers
    threads,   // any number, all alike
};

// What it is measured over when nothing else is asked for.
struct extent {
    std::vector<int> threads{1, 2, 3, 4, 8, 16, 64};
    std::vector<std::size_t> capacities{}; // empty where nothing is kept
    std::vector<std::size_t> batches{};    // empty where nothing is passed on in batches
    std::vector<std::size_t> finds{};      // percent; empty where not a part of what is done only looks
};

struct offer {
    std::string workload;
    identity who;
    crowd made_for;
    std::string wait_loop; // empty where nothing is waited for
    std::string wait_note;
    bool crowded; // makes sense with more threads than cores
    std::string unit;
    sample (*run)(setup const&);
    extent over{};
    // How much work a sample is, where its speed depends on how much: the same for everyone. Otherwise, as much as takes the
    // time asked for.
    std::uint64_t (*amount)(setup const&, std::chrono::milliseconds) = nullptr;
};

struct absent {
    std::string library;
    std::string package;
};

struct catalogue {
    std::vector<offer> offers;
    std::vector<absent> missing; // their headers were not found when this was built
};

// Everything that this program was built with.
catalogue everything();

// The parts of it, each compiled for itself.
void offer_limits(catalogue&);
void offer_counters(catalogue&);
void offer_striped_counters(catalogue&);
void offer_tandem_queues(catalogue&);
void offer_peer_queues(catalogue&);
void offer_tandem_channels(catalogue&);
void offer_peer_channels(catalogue&);
void offer_tandem_maps(catalogue&);
void offer_peer_maps(catalogue&);

} // namespace tandem::bench
