// SPDX-License-Identifier: BSD-2-Clause
// Emitting an event: trace::record(trace::LockBlock{.lock = id, …}).
//
// At the call site there are three instructions if the event's class is off: load the mask, test
// the bit, branch. If it is on, the fields are packed into three words (constants fold), and one
// function for all events, emit(), adds stamp and LWP and stores the record in the open packet of
// this hart. No lock, no cache line shared with another hart.
//
// How causes come before effects on another hart (record.hpp, invariant 2): whatever carries an
// effect across also carries a stamp.
//
//      hart 0                                   hart 1
//      record(LockRelease)   stamp 100
//      lock.stamp = carry_out()     (100)
//      lock.word = 0            ─────────────▶  takes the lock
//                                               carry_in(lock.stamp)     last stamp >= 100
//                                               record(LockAcquire)      stamp >= 101
//
// Rules
//   - record(), carry_out() and carry_in() may be called in any context, with any lock held.
//   - An event is recorded in the critical section that makes it true (events.hpp).
// Why not an atomic reservation instead of masking interrupts, which is cheaper under QEMU? An
// interrupt between reservation and store would leave a hole in the packet for as long as the
// handler runs, and a visualizer that stops the machine there would show a past that never was.
// Read next: ring.hpp, drain.hpp (what happens to a full packet)
#pragma once

#include "arch/current.hpp"
#include "trace/events.hpp"
#include "trace/ring.hpp"

namespace trace {

/// Bits of the groups that are recorded. Group meta is always on.
extern "C" u32 trace_mask;

inline u32 mask() {
    return __atomic_load_n(&trace_mask, __ATOMIC_RELAXED);
}
/// Takes effect at once on this hart and soon on the others. Any context.
void set_mask(u32 groups);

/// Who wants to see every enter and exit of a lock: not zero sends locks into their slow paths. One
/// word for all, so that the inline paths test one word.
extern "C" u32 lock_attention;
constexpr u32 attention_of_trace = 1;   // events of group lock are recorded
constexpr u32 attention_of_checker = 2; // lockcheck/hook.hpp

inline u32 attention() {
    return __atomic_load_n(&lock_attention, __ATOMIC_RELAXED);
}
void set_attention(u32 whose, bool on);

/// Stores a record whose words were packed by pack(). Call record() instead.
extern "C" void trace_emit(u64 word0, u64 word1, u64 word2);

/// Records an event of this hart and its current LWP.
/// Somebody listens to events of this type.
template <Event E> [[gnu::always_inline]] inline bool wants() {
    return E::info.group == Group::meta || (mask() & group_bit(E::info.group)) != 0;
}

template <Event E> [[gnu::always_inline]] inline void record(const E& event) {
    if (!wants<E>()) [[likely]]
        return;
    Packed packed = pack(event, id_of<E>);
    trace_emit(packed.words[0], packed.words[1], packed.words[2]);
}

/// The stamp to leave with whatever another hart will pick up (a lock, an IPI), after the last
/// event that it may depend on.
inline u64 carry_out() {
    return __atomic_load_n(&trace_rings[arch::current().hart].stamp, __ATOMIC_RELAXED);
}

/// Only ever raises, also against an interrupt in between; nearly always there is nothing to do.
inline void raise_stamp(u64& stamp, u64 to) {
    u64 last = __atomic_load_n(&stamp, __ATOMIC_RELAXED);
    while (last < to
           && !__atomic_compare_exchange_n(&stamp, &last, to, true, __ATOMIC_RELAXED,
                                           __ATOMIC_RELAXED)) {
    }
}

/// Makes this hart's later stamps larger than `carried`. If the LWP is moved to another hart in the
/// middle, it goes round once more; a stamp that was raised elsewhere does no harm.
inline void carry_in(u64 carried) {
    const u16& place = arch::current().hart;
    u16 hart;
    do {
        hart = __atomic_load_n(&place, __ATOMIC_RELAXED);
        raise_stamp(trace_rings[hart].stamp, carried);
    } while (hart != __atomic_load_n(&place, __ATOMIC_RELAXED));
}

/// The same for an LWP that cannot be moved.
[[gnu::always_inline]] inline void carry_in_here(u64 carried) {
    u64& stamp = trace_rings[arch::current().hart].stamp;
    if (__atomic_load_n(&stamp, __ATOMIC_RELAXED) < carried) [[unlikely]]
        raise_stamp(stamp, carried);
}

} // namespace trace
