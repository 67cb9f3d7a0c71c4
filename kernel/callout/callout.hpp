// SPDX-License-Identifier: BSD-2-Clause
// A callout: a function to be called once, later, on a hart's clock (callout(9)).
//
//            reset                    due                      function returns
//   idle ───────────▶ pending ───────────────▶ in flight ───────────────────────▶ idle
//     ▲                  │ stop: cancelled        │ reset: pending once more, as well
//     └──────────────────┘                        │ stop: running (it cannot be called back)
//
// hardclock, in the timer interrupt, only turns the wheel and schedules the softclock softint. A
// slow callout's function runs in that softint's LWP, so it may block on a mutex like any handler
// (S1.1, S1.5), and softclock is not re-entrant, so a hart runs one slow callout at a time (S1.17).
// A fast callout's function runs in the timer interrupt itself (S4.1). What happens between the
// wheel and the function, and where a stop can come in between, is told in executor.hpp.
//
// Every control answers in one language (trace::CalloutResult), and the answer may not be ignored:
//   running       the function is being called, or nothing can keep it from being; it has not
//                 returned yet. An appointment that was pending besides is cancelled all the same.
//   cancelled     there was an appointment, and its function will not be called
//   not_pending   neither
//
// With a lock. A callout that is initialised with a lock has its function entered with that lock
// held. Who holds the lock exclusively and calls stop, reset or schedule never gets `running`: the
// function is either not entered yet, and will not be, or has returned (S4.7). A lock that is held
// shared gives no such promise, because the function may be inside at the same time (S4.5, S4.6).
//
// Rules
//   - init before all else; destroy before the memory is used for something else.
//   - reset, schedule, stop, try_stop, drain_async, ack: any context up to level clock, any mutex
//     held. Under the policy `wait` (policy.hpp) reset, schedule and stop need an LWP of their own
//     and no spin mutex (S1.6), and panic in a handler or softint if they must wait.
//   - halt and drain sleep. Ordinary LWPs, no spin mutex held, and not with a lock that the
//     function is entered with, but for the interlock that halt gives back. (S1.3)
//   - From inside the function all controls may be called, and none waits (S1.15 … S1.18).
//   - The function may destroy and free its callout. It runs at level softclock (slow) or in the
//     timer interrupt (fast).
// Invariants
//   (1) A callout is pending exactly if it is on the wheel of `hart_`.
//   (2) It is in flight exactly if `hart_`'s executor of its speed says so.
//   (3) hart_ changes only under the locks of both clocks, the old one and the new one, and, while
//       the callout is in flight, only by who runs it.
// Why does stop not wait, as S1.8 asks? The caller may hold the very mutex that the function is
// blocked on (S1.13), and then nobody would ever go on. Who must wait calls halt, and says which
// mutex stands in the way.
// Read next: executor.hpp, callout.cpp (arming and stopping), wait.cpp (halt and drain), run.cpp
#pragma once

#include "callout/executor.hpp"
#include "callout/policy.hpp"
#include "lib/list.hpp"
#include "trace/ids.hpp"

#include <optional>

namespace callout {

struct Clock;
using Result = trace::CalloutResult;

class Callout : private Entry {
public:
    using Function = callout::Function;

    constexpr Callout() = default;
    Callout(const Callout&) = delete;
    Callout& operator=(const Callout&) = delete;

    /// Makes the callout usable: callout_init(9), and callout_init_mtx, _rw, _rm of FreeBSD. Once,
    /// before any other call. Panics if the lock cannot be used at this speed (interlock.hpp).
    /// `name` lives as long as the callout, and longer if its function frees it. Takes sched::lock.
    void init(const char* name, Speed speed = Speed::slow, Interlock lock = {});
    /// The end, after which the memory is free: callout_destroy(9). Panics if it is pending, being
    /// drained, or inside its function, unless that is where destroy is called. Takes sched::lock.
    void destroy();

    /// Calls function(argument) `delta` hardclock ticks from now, at least one; replaces an earlier
    /// appointment. Where it is pending or in flight, else on this hart. callout_reset(9).
    [[nodiscard]] Result reset(Ticks delta, Function function, void* argument);
    /// The same on a hart of the caller's choice: an appointment that was pending moves. One that
    /// is in flight is run there, and moves when that is over. callout_reset_on (FreeBSD).
    [[nodiscard]] Result reset_on(unsigned hart, Ticks delta, Function function, void* argument);
    /// The same at an absolute tick. One that has passed already counts as the next one.
    [[nodiscard]] Result reset_at(Ticks due, Function function, void* argument);
    /// With the function of the last reset. callout_schedule(9).
    [[nodiscard]] Result schedule(Ticks delta);
    [[nodiscard]] Result schedule_on(unsigned hart, Ticks delta);

    /// Cancels. What it does if the function runs depends on `policy`. callout_stop(9).
    [[nodiscard]] Result stop();
    /// Cancels, and never waits, whatever the policy: for who holds a driver's mutex (S1.11).
    [[nodiscard]] Result try_stop();
    /// Cancels, and sleeps until the callout is not in flight. `interlock`, if given, is held by
    /// the caller, and given back while it sleeps. callout_halt(9). The answer is what was found
    /// first.
    [[nodiscard]] Result halt(Interlock interlock = {});
    /// Cancels, keeps the function from arming it again, and sleeps until it is not in flight.
    /// Never looks at the callout after that. callout_drain(9) of FreeBSD, S4.13.
    [[nodiscard]] Result drain();
    /// Cancels. True: nothing is in flight, and the caller may free. False: then(argument) will be
    /// called, once, when the function has returned and its lock has been released, by whoever ran
    /// it and with no lock held; until then nobody can arm the callout again. Never waits. S4.11.
    [[nodiscard]] bool drain_async(Function then, void* argument);

    /// The function says that it has begun to look after itself. callout_ack(9).
    void ack();

    // Snapshots, which may be old when they are looked at. callout_pending(9) and its kin.

    /// It is on the wheel.
    [[nodiscard]] bool pending() const { return has(flag_pending); }
    /// The function has been called (or was about to be, and called off) since it was armed last.
    [[nodiscard]] bool expired() const { return has(flag_fired); }
    /// Pending or expired: it has been armed, and not stopped.
    [[nodiscard]] bool active() const { return has(flag_pending | flag_fired); }
    /// The function is being called and has not said ack() yet.
    [[nodiscard]] bool invoking() const { return has(flag_invoking); }

    [[nodiscard]] Ticks due_at() const { return due; }
    [[nodiscard]] Speed speed() const { return speed_; }
    [[nodiscard]] const Interlock& lock() const { return lock_; }
    [[nodiscard]] trace::CalloutId id() const { return id_; }
    [[nodiscard]] const char* name() const { return name_; }
    /// The hart on whose wheel it is.
    [[nodiscard]] unsigned hart() const { return hart_.peek(); }
    /// Level and bucket of that wheel, while pending (the clock's lock held, or the machine
    /// stopped).
    [[nodiscard]] const Entry& entry() const { return *this; }

    /// Calls fn(callout) for each that is initialised (sched::lock held, or the machine stopped).
    static void for_each(auto&& fn) {
        for (Callout* one = all_.front(); one != nullptr; one = one->link_.next)
            fn(*one);
    }
    /// The callout that this entry of a wheel is.
    [[nodiscard]] static const Callout& of(const Entry& entry) {
        return static_cast<const Callout&>(entry);
    }

    /// Runs every callout of this executor that is due, in order: by the softclock softint, or in
    /// the timer interrupt.
    static void run_due(Clock& clock, Executor& executor);

private:
    static constexpr u32 flag_pending = 1, flag_fired = 2, flag_invoking = 4;
    static constexpr u32 any_hart = ~u32{0};

    struct Appointment {
        const char* primitive; // what was called, for panics
        Ticks when;
        bool absolute = false;
        Function function = nullptr; // null: that of the last reset
        void* argument = nullptr;
        u32 hart = any_hart;
    };
    /// A run that is in somebody's way, told from later ones by the number of runs before it.
    struct Run {
        Clock* clock;
        Executor* executor;
        u64 completions;
    };
    /// What somebody waits for: that the function has returned, or that the whole run is over.
    enum class Extent : u8 { function, run };
    /// What a run needs, copied, because the callout may be gone before it is over.
    struct Job {
        Callout* callout = nullptr; // who looks into it makes a mistake (Mutation::touches_freed)
        trace::CalloutId id{};
        const char* name = nullptr;
        Function function = nullptr;
        void* argument = nullptr;
        Interlock lock;
        u32 late = 0; // ticks
    };
    /// What the end of a run leaves to do when the clock's lock has been released.
    struct Aftermath {
        bool awaited;
        bool id_is_free;
        Executor::Sequel sequel;
    };
    class Held;

    [[nodiscard]] bool has(u32 flags) const { return (flags_.peek() & flags) != 0; }
    void assert_usable(const char* primitive) const;

    // Arming and stopping: callout.cpp
    Result arm(const Appointment& wanted);
    Result arm_on(Clock& clock, const Appointment& wanted);
    [[nodiscard]] u32 destination(const Executor& executor, u32 wanted) const;
    void file(Clock& clock);
    Result take_off(Executor& executor);
    Result cancel(Executor& executor);
    [[nodiscard]] bool inside_for_us(const Executor& executor) const;

    // Waiting: wait.cpp
    void assert_may_wait(const char* primitive, const Interlock& interlock) const;
    void assert_has_lwp(const char* primitive) const;
    void learn_order() const;
    [[nodiscard]] bool in_own_function() const;
    [[nodiscard]] std::optional<Run> obstacle(Clock& clock, Extent extent) const;
    void let_function_return(const char* primitive);
    [[nodiscard]] bool pass(const char* primitive, const Run& run) const;

    // Running: run.cpp
    enum class Found : u8 { nothing, more, due };
    static Found take(Clock& clock, Executor& executor, Job& job);
    void begin(Executor& executor, Job& job);
    static void say_entered(const Executor& executor, const Job& job);
    static bool enter(Clock& clock, Executor& executor, const Job& job);
    static void leave(Clock& clock, Executor& executor, const Job& job);
    static void perform(Clock& clock, Executor& executor, const Job& job);
    static void finish(Clock& clock, Executor& executor, const Job& job);
    static std::optional<Aftermath> end(Clock& clock, Executor& executor, const Job& job);
    static void move_now(Clock& clock, Executor& executor);

    lib::Link<Callout> link_; // of all that are initialised
    static constinit lib::List<Callout, &Callout::link_> all_;

    hart::Cell<u32> hart_;  // the number of the hart whose wheel it belongs to
    hart::Cell<u32> flags_; // written under that clock's lock
    Speed speed_ = Speed::slow;
    trace::CalloutId id_ = trace::CalloutId::none;
    const char* name_ = nullptr; // stays when it is destroyed, for panics
    Interlock lock_;
    Function function_ = nullptr;
    void* argument_ = nullptr;
};

} // namespace callout
