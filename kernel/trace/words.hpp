// SPDX-License-Identifier: BSD-2-Clause
// The words for the enumerations of ids.hpp, as every program of the tree prints them: narration,
// monitor, CTF metadata, tables. A value that an enumeration does not have prints as "?".
#pragma once

#include "trace/ids.hpp"

namespace trace {

template <class E> struct Words; // one specialisation per enumeration, in order of its values

template <> struct Words<Kind> {
    static constexpr const char* list[] = {"lwp",       "hart",    "line",         "lock",
                                           "channel",   "callout", "softint",      "text",
                                           "parameter", "level",   "priority_band"};
};
template <> struct Words<LwpState> {
    static constexpr const char* list[] = {"idle",     "runnable", "running", "pinned",
                                           "sleeping", "blocked",  "zombie"};
};
template <> struct Words<LwpKind> {
    static constexpr const char* list[] = {"kernel", "user", "idle", "softint", "interrupt"};
};
template <> struct Words<SwitchReason> {
    static constexpr const char* list[] = {"preempted", "yielded", "slept",       "blocked",
                                           "exited",    "idle",    "handler_done"};
};
template <> struct Words<Refusal> {
    static constexpr const char* list[] = {"preempt_disabled", "softint", "interrupt",
                                           "kernel_lock", "ipl"};
};
template <> struct Words<Hold> { static constexpr const char* list[] = {"exclusive", "shared"}; };
template <> struct Words<LockKind> {
    static constexpr const char* list[] = {"adaptive_mutex",   "spin_mutex",  "rw_lock",
                                           "read_mostly_lock", "kernel_lock", "long_term_lock"};
};
template <> struct Words<ReportKind> {
    static constexpr const char* list[] = {"lock_use", "lock_order", "interrupt_safety", "deadlock",
                                           "run_out",  "storm",      "slow_function"};
};
template <> struct Words<Model> {
    static constexpr const char* list[] = {"borrow", "thread", "classic"};
};
template <> struct Words<CalloutResult> {
    static constexpr const char* list[] = {"cancelled", "running", "not_pending"};
};
template <> struct Words<WakeReason> {
    static constexpr const char* list[] = {"signalled", "broadcast", "timed_out", "callout_done"};
};
template <> struct Words<Group> {
    static constexpr const char* list[] = {"meta",    "sched",   "lock",     "spin", "irq",
                                           "softint", "callout", "scenario", "spl"};
};

template <class E>
concept Worded = requires {
    Words<E>::list;
};

template <Worded E> constexpr const char* word(E value) {
    auto index = static_cast<usize>(value);
    return index < sizeof Words<E>::list / sizeof(const char*) ? Words<E>::list[index] : "?";
}

} // namespace trace
