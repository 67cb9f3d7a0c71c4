// SPDX-License-Identifier: BSD-2-Clause
#include "trace/emit.hpp"

#include "trace/drain.hpp"

namespace trace {

Ring trace_rings[arch::max_harts];
u32 trace_mask = group_bit(Group::meta);
u32 lock_attention = 0;

void set_mask(u32 groups) {
    __atomic_store_n(&trace_mask, groups | group_bit(Group::meta), __ATOMIC_RELAXED);
    set_attention(attention_of_trace, (groups & group_bit(Group::lock)) != 0);
}

void set_attention(u32 whose, bool on) {
    if (on)
        __atomic_fetch_or(&lock_attention, whose, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&lock_attention, ~whose, __ATOMIC_RELAXED);
}

namespace {

using PartOfWord [[gnu::may_alias]] = u16; // one store instead of shift and or

// Called in tail position, so that the hot path needs no stack frame.
[[gnu::noinline]] void packet_is_full(Ring& ring, u64 saved) {
    turn_over(ring);
    arch::irq_restore(saved);
}

} // namespace

// The hot path: 24 instructions on riscv64, of which the clock is the dearest. The packet that this
// record fills is replaced here, not before the next record, so there is always room for one.
[[gnu::noinline, gnu::noclone, gnu::optimize("omit-frame-pointer")]] //
void trace_emit(u64 word0, u64 word1, u64 word2) {
    u64 saved = arch::irq_save();
    u16 lwp = arch::current().id;
    Ring* ring = trace_rings + arch::current().hart;
    asm("" : "+r"(ring)); // computed once: the compiler would rather add the offset twice

    u64 stamp = ring->stamp + 1;
    u64 clock = arch::now() << order_bits;
    if (stamp < clock)
        stamp = clock;
    ring->stamp = stamp;

    Record* record = ring->next;
    record->stamp = stamp;
    record->words[0] = word0;
    record->words[1] = word1;
    record->words[2] = word2;
    *reinterpret_cast<PartOfWord*>(reinterpret_cast<u8*>(record) + lwp_offset) = lwp;

    // Published: whoever has stopped the machine at this label sees the record.
    __atomic_signal_fence(__ATOMIC_RELEASE);
    ring->next = ++record;
    arch::trace_gate();
    if (record == ring->end) [[unlikely]]
        return packet_is_full(*ring, saved);
    arch::irq_restore(saved);
}

} // namespace trace
