// SPDX-License-Identifier: BSD-2-Clause
// What each event does to a State: one overload per event and no catch-all, so that an event added
// to the schema does not compile until somebody has decided what it means.
//
// A transition believes the event. If the event contradicts the state, it notes the first
// contradiction in `problem`, takes the LWP out of wherever the state had it, and goes on; after a
// loss of events the state so mends itself step by step, and nothing counts as a contradiction
// until a snapshot puts things right.
//
// A snapshot states the machine with the same events as ever, said by (or for) whom they are about:
// LwpCreate in any state; Switch{none → lwp} on its hart for who runs, IrqEnter or SoftintEnter
// above the pinned, Runnable, Sleep, LockAcquire, LockBlock, Lend, CalloutReset. SnapshotBegin
// forgets all that was known before.
//
// The overloads are in four files by subject: transition_lwp.cpp, _lock.cpp, _interrupt.cpp,
// _run.cpp.
#pragma once

#include "model/state.hpp"

namespace model {

class Transition {
public:
    Transition(State& state, const Record& record, HartId hart);

    std::optional<std::string> problem;

    // The run and the trace
    void operator()(const Boot& event);
    void operator()(const Name& event);
    void operator()(const SnapshotBegin& event);
    void operator()(const SnapshotEnd& event);
    void operator()(const ReaderWait& event);
    void operator()(const Panic& event);
    void operator()(const Halt& event);
    void operator()(const Phase& event);
    void operator()(const Mark& event);
    void operator()(const Check& event);
    void operator()(const Verdict& event);
    void operator()(const SplRaise& event);
    void operator()(const SplLower& event);
    // Callouts
    void operator()(const CalloutInit& event);
    void operator()(const CalloutReset& event);
    void operator()(const CalloutStop& event);
    void operator()(const CalloutEnter& event);
    void operator()(const CalloutExit& event);
    void operator()(const CalloutWait& event);
    void operator()(const CalloutDestroy& event);
    void operator()(const CalloutPlace& event);
    void operator()(const CalloutTake& event);
    void operator()(const CalloutSkip& event);
    void operator()(const CalloutDone& event);
    void operator()(const CalloutDrain& event);
    void operator()(const CalloutDrained& event);
    void operator()(const CalloutSpin& event);
    void operator()(const CalloutMove& event);
    void operator()(const LockUpgrade& event);
    void operator()(const LockDowngrade& event);
    void operator()(const SemaphoreValue& event);
    void operator()(const LineThrottle& event);
    void operator()(const LineDetach& event);
    void operator()(const BaseLevel& event);
    void operator()(const SplWrite& event);
    void operator()(const Report& event);
    // LWPs and queues
    void operator()(const LwpCreate& event);
    void operator()(const LwpExit& event);
    void operator()(const Runnable& event);
    void operator()(const Steal& event);
    void operator()(const Switch& event);
    void operator()(const PriorityChange& event);
    void operator()(const Sleep& event);
    void operator()(const Unsleep& event);
    void operator()(const Resched& event);
    void operator()(const PreemptRefused& event);
    void operator()(const Ipi& event);
    void operator()(const Tick& event);
    // Locks
    void operator()(const LockInit& event);
    void operator()(const LockDestroy& event);
    void operator()(const LockAcquire& event);
    void operator()(const LockRelease& event);
    void operator()(const LockSpin& event);
    void operator()(const LockBlock& event);
    void operator()(const LockWake& event);
    void operator()(const Lend& event);
    void operator()(const Unlend& event);
    // Interrupts
    void operator()(const LineAttach& event);
    void operator()(const LineClaim& event);
    void operator()(const LineDefer& event);
    void operator()(const LineComplete& event);
    void operator()(const LineStray& event);
    void operator()(const LineDisable& event);
    void operator()(const IrqEnter& event);
    void operator()(const IrqBlock& event);
    void operator()(const IrqExit& event);
    void operator()(const RunOut& event);
    void operator()(const TimerEnter& event);
    void operator()(const TimerExit& event);
    void operator()(const SoftintEstablish& event);
    void operator()(const SoftintDisestablish& event);
    void operator()(const SoftintSchedule& event);
    void operator()(const SoftintEnter& event);
    void operator()(const SoftintRun& event);
    void operator()(const SoftintDone& event);
    void operator()(const SoftintBlock& event);
    void operator()(const SoftintExit& event);

private:
    // An object by its id, made if it is new; null for id none and for ids that are out of bounds.
    Lwp* lwp(LwpId id);
    Lock* lock(LockId id);
    Channel* channel(ChannelId id);
    Line* line(LineId id);
    Softint* softint(SoftintId id);
    Callout* callout(CalloutId id);
    Hart* hart(HartId id);
    Hart& here() { return state_.harts[static_cast<usize>(hart_)]; }
    u8 hart_bit() const { return static_cast<u8>(1U << static_cast<unsigned>(hart_)); }
    template <class T> T* slot(std::vector<T>& table, u32 id, u32 limit, const char* what);

    void impossible(std::string what);
    void cancelled(const Callout& callout, CalloutResult result);
    void set_state(Lwp& lwp, LwpState state);
    /// Takes an LWP out of the place it is in: hart, pinned stack, run queue, sleep queue,
    /// turnstile.
    void leave(Lwp& lwp);
    void enqueue(Lwp& lwp, HartId on, bool at_head);
    bool dequeue(Lwp& lwp);
    void dispatch(LwpId id); // runs here from now on
    void leave_behind(LwpId previous, LwpState state);
    [[nodiscard]] bool runs_elsewhere(LwpId id) const;
    void must_run_here(LwpId id, const char* doing);
    void enter_turnstile(Lwp& lwp, Lock& lock);
    void leave_turnstile(Lwp& lwp);
    void leave_spinners(Lwp& lwp);
    void leave_channel(Lwp& lwp);
    void borrow(LwpId handler, LwpId victim, Level level);
    void give_back(LwpId handler, LwpId victim);
    void admit_guest(LineId id, LwpId host, Level level);
    void dismiss_guest(LineId id, LwpId host);
    void raise_for(Lwp& holder, LockId spin_mutex, Level level);
    void lower_for(Lwp& holder, LockId spin_mutex);
    void set_level(LwpId id, Level level);

    State& state_;
    HartId hart_;
    LwpId lwp_;
    u64 stamp_;
};

/// "LWP 7", as problems call an LWP.
[[nodiscard]] std::string called(LwpId id);
[[nodiscard]] std::string called(HartId id);
[[nodiscard]] std::string called(LockId id);
[[nodiscard]] std::string called(LineId id);

/// Takes one element out of a vector, keeping the order. False if it was not in it.
template <class T> bool take_out(std::vector<T>& from, const T& wanted) {
    for (auto at = from.begin(); at != from.end(); ++at)
        if (*at == wanted) {
            from.erase(at);
            return true;
        }
    return false;
}

} // namespace model
