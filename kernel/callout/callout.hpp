// SPDX-License-Identifier: BSD-2-Clause
// A callout: a function to be called once, later, by the softclock LWP of a hart (callout(9)).
//
//            reset                    due                      function returns
//   idle ───────────▶ pending ───────────────▶ running ─────────────────────────▶ idle
//     ▲                  │ stop: cancelled        │ reset from inside: pending again
//     └──────────────────┘                        │ stop: running (it cannot be called back)
//
// hardclock, in the timer interrupt, only turns the wheel and schedules the softclock softint. The
// function runs in that softint's LWP, so it may block on a mutex like any handler (S1.1, S1.5),
// and softclock is not re-entrant, so a hart runs one callout at a time (S1.17).
//
// Every control answers in one language (trace::CalloutResult):
//   cancelled     it was pending and will not run; for reset: the old appointment is gone
//   running       the function runs at this moment (or is about to, in softclock)
//   not_pending   neither
//
// Rules
//   - init before all else; the memory is the caller's, and stays until stop said other than
//     running or halt returned.
//   - reset, schedule and stop never wait: any context up to level clock, any adaptive mutex held.
//   - halt sleeps until the function has returned, unless called from the function itself, and
//     keeps a callout stopped that re-arms itself. Barred in hard interrupt handlers and with a
//     spin mutex held (S1.3); the interlock is released while it sleeps.
//   - The function runs without locks, at level softclock. It may free the callout.
// Invariants
//   (1) A callout is pending if and only if it is on the wheel of `hart_`.
//   (2) At most one callout per hart is running, and Clock::running names it.
//   (3) hart_ changes only under the lock of the wheel it names, while neither pending nor running.
// Why does stop not wait, as S1.8 asks? The caller may hold the very mutex that the function is
// blocked on (S1.13), and then nobody would ever go on. Who must wait calls halt, and says which
// mutex stands in the way.
// Read next: wheel.hpp, clock.cpp
#pragma once

#include "callout/wheel.hpp"
#include "hart/cell.hpp"
#include "trace/ids.hpp"

#include <optional>

namespace sync {
class Mutex;
}

namespace callout {

struct Clock;
using Result = trace::CalloutResult;

class Callout : private Entry {
public:
    using Function = void (*)(void* argument);

    constexpr Callout() = default;
    Callout(const Callout&) = delete;
    Callout& operator=(const Callout&) = delete;

    /// Makes the callout usable. Once, before any other call. callout_init(9).
    void init(const char* name);
    /// The end: neither pending nor running any more, or panics. callout_destroy(9).
    void destroy();

    /// Calls function(argument) `delta` hardclock ticks from now, at least one; replaces an earlier
    /// appointment. On the hart where it is pending or running, else on this one. callout_reset(9).
    Result reset(Ticks delta, Function function, void* argument);
    /// The same with the function of the last reset. callout_schedule(9).
    Result schedule(Ticks delta);
    /// Cancels. `running` means: too late, and not waited for. callout_stop(9), S1.11.
    Result stop();
    /// Cancels, and waits until the function is not running. `interlock`, if given, is held by the
    /// caller, and is released while waiting. The result says what was found first.
    /// callout_halt(9).
    Result halt(sync::Mutex* interlock = nullptr);

    /// A snapshot that may be old when it is looked at.
    [[nodiscard]] bool pending() const { return list != nullptr; }
    [[nodiscard]] Ticks due_at() const { return due; }
    [[nodiscard]] trace::CalloutId id() const { return id_; }
    [[nodiscard]] const char* name() const { return name_; }

    /// Calls fn(callout) for each that is initialised (sched::lock held, or the machine stopped).
    static void for_each(auto&& fn) {
        for (Callout* one = first_; one != nullptr; one = one->next_)
            fn(*one);
    }
    /// The hart on whose wheel it is. A glance.
    [[nodiscard]] unsigned hart() const { return hart_.peek(); }

    /// The callout that this entry of a wheel is.
    [[nodiscard]] static const Callout& of(const Entry& entry) {
        return static_cast<const Callout&>(entry);
    }

    /// What the softclock softint of a hart runs: every callout that is due, in order.
    static void run_due(void* clock);

private:
    /// One run of the function, told from later ones by the number of completions before it.
    struct Run {
        Clock* clock;
        u64 completions;
    };

    Result arm(Ticks delta, Function function, void* argument);
    Result cancel(Clock& clock);
    [[nodiscard]] bool in_own_function() const;
    [[nodiscard]] std::optional<Run> run_in_the_way();
    void wait_for_completion(const Run& run) const;
    static Callout* take_due(Clock& clock);
    static void complete(Clock& clock, trace::CalloutId id);

    static constinit Callout* first_;

    Callout* next_ = nullptr; // of all that are initialised
    hart::Cell<u32> hart_;    // the number of the hart whose wheel it belongs to
    trace::CalloutId id_ = trace::CalloutId::none;
    const char* name_ = nullptr;
    Function function_ = nullptr;
    void* argument_ = nullptr;
};

} // namespace callout
