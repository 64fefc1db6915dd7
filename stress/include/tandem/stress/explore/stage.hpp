// stage: one program of calls, run execution after execution, each against an object of its own, and what its callers saw.
//
// Lane 0 of the program runs alone, before the others; the calls that bring to light what is left come after them.
//
// The order of calls of two threads counts only where one can know of it: who returns from a call says so (a release), and who makes a call
// looks at what has been said (an acquire, of an old message perhaps). A call comes before another if its return was seen there. This
// is a counter in the modelled memory, and makes happens-before where it is looked at; so half of the executions have none of it,
// and nothing but what the program alone does orders its threads; then calls of different lanes overlap.
#pragma once

#include <tandem/stress/engine/scenario.hpp>
#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::stress::detail::explored {

enum class callers : std::uint8_t { apart, in_touch };

class stage final : afterwards {
public:
    stage(scenario const&, program const&);

    explore::execution::end run(explore::chooser&, callers);
    explore::failure const& failed() const noexcept { return engine_.failed(); }
    bool halted() const { return failed().what.starts_with("DEADLOCK"); }

    // Of the last execution. Their times are an order of the calls only where orders_calls().
    history calls() const;
    bool orders_calls() const;
    // Whether any execution so far took a step that the explorer could choose, in a call.
    bool saw_a_step() const noexcept { return saw_a_step_; }

    // As run, every step noted.
    explore::execution::end traced(explore::chooser&, callers);
    explore::trace const& trace() const noexcept { return trace_; }

private:
    class watching;

    program const& what() const override { return what_; }
    reply then(std::uint32_t operation, values const& argument) override;

    void prepare();
    void perform(call&);
    std::uint64_t seen_returns();
    std::uint64_t say_returned();

    scenario const& scenario_;
    program const& what_;
    explore::rules rules_{};
    explore::execution engine_{rules_};
    explore::execution::program bodies_{};
    explore::trace trace_{};
    callers how_ = callers::apart;

    // Not of the program's memory.
    std::vector<std::vector<call>> lanes_{};
    std::vector<std::size_t> begun_{};
    std::vector<call> last_{};
    std::size_t last_begun_ = 0;
    std::uint64_t clock_ = 0; // of callers that are apart
    bool saw_a_step_ = false;

    // Of the program's: gone with the execution.
    object* object_ = nullptr;
    explore::location returned_ = 0;
};

} // namespace tandem::stress::detail::explored
