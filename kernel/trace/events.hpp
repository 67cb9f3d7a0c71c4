// SPDX-License-Identifier: BSD-2-Clause
// Every event there is: the single source of truth from the kernel to the pixel.
//
// One struct per event, in events/: an `info` with its name as traces spell it, its group (the mask
// bit) and the sentence that explains it to a person; and describe(), which names the fields in
// order. The kernel's emit functions, the decoder, the narration, the CTF metadata and the table in
// docs/events.md all come from here. To add an event: write the struct, put its name at the end of
// the list below. A reader that forgets it does not compile.
//
// A sentence may use {field} for the event's fields, {lwp} for the LWP that was current and {hart}.
// Fields print by their type: an LwpId prints that LWP's name, a Priority its number, and so on.
//
// Rules for emitters
//   - An event is emitted in the critical section that makes it true: whoever stops the machine
//     while no spin mutex is held finds the kernel's structures equal to the model built from the
//     events.
//   - State follows from events alone. A reader never has to guess a transition.
// Read next: ring.hpp (how a record gets into memory), visualizer/model/state.hpp (who folds them)
#pragma once

#include "trace/event.hpp"
#include "trace/events/callout.hpp"
#include "trace/events/irq.hpp"
#include "trace/events/lock.hpp"
#include "trace/events/meta.hpp"
#include "trace/events/scenario.hpp"
#include "trace/events/sched.hpp"
#include "trace/events/softint.hpp"

namespace trace {

using Events =
    List<Boot, Name, SnapshotBegin, SnapshotEnd, ReaderWait, Panic, Halt, LwpCreate, LwpExit,
         Runnable, Steal, Switch, PriorityChange, Sleep, Unsleep, Resched, PreemptRefused, Ipi,
         Tick, LockInit, LockDestroy, LockAcquire, LockRelease, LockSpin, LockBlock, LockWake, Lend,
         Unlend, LineAttach, LineClaim, LineDefer, LineComplete, LineStray, LineDisable, IrqEnter,
         IrqBlock, IrqExit, RunOut, TimerEnter, TimerExit, SoftintEstablish, SoftintDisestablish,
         SoftintSchedule, SoftintEnter, SoftintRun, SoftintDone, SoftintBlock, SoftintExit,
         CalloutInit, CalloutReset, CalloutStop, CalloutEnter, CalloutExit, CalloutWait,
         CalloutDestroy, Phase, Mark, Check, Verdict, SplRaise, SplLower, LockUpgrade,
         LockDowngrade, SemaphoreValue, LineThrottle, LineDetach, BaseLevel, SplWrite, Report,
         CalloutPlace, CalloutTake, CalloutSkip, CalloutDone, CalloutDrain, CalloutDrained,
         CalloutSpin, CalloutMove>;

template <class E> constexpr u16 id_of = Events::id_of<E>();

/// An event of the list whose fields fit a record.
template <class E>
concept Event = Events::id_of<E>()
!= 0 && [] {
    E event{};
    Layout layout;
    E::describe(event, [&](const char*, auto& field) { layout.place(field); });
    return layout.offset <= sizeof(Record);
}();

static_assert(
    [] {
        bool all_fit = true;
        Events::for_each([&]<class E>() { all_fit = all_fit && Event<E>; });
        return all_fit;
    }(),
    "an event's fields do not fit the record");

/// The name of an event by its id; "?" if there is none.
constexpr const char* name_of(u16 wanted) {
    const char* name = "?";
    u16 id = 0;
    Events::for_each([&]<class E>() {
        if (++id == wanted)
            name = E::info.name;
    });
    return name;
}

/// Two programs that agree on this number agree on every record.
constexpr u64 schema = schema_hash<Events>();

/// The object of a Name event: what kind of thing, and which.
constexpr u32 object(Kind kind, u32 id) {
    return static_cast<u32>(kind) << 24 | (id & 0xffffff);
}
constexpr Kind object_kind(u32 object) {
    return static_cast<Kind>(object >> 24);
}
constexpr u32 object_id(u32 object) {
    return object & 0xffffff;
}

} // namespace trace
