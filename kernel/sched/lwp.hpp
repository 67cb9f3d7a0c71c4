// SPDX-License-Identifier: BSD-2-Clause
// An LWP: a context, a stack, and its place in the kernel.
//
// An LWP is always in exactly one place, and `state` says which:
//
//      idle ──interrupt, softint──▶ running ◀──mi_switch── runnable ◀──wake── sleeping, blocked
//                                    │  ▲ ╲                   ▲                     ▲
//                            borrow  ▼  │  ╲──────────────────┴─────────────────────┘
//                                   pinned   zombie
//
// `pinned` is what borrowing makes: while an interrupt or softint LWP runs on the context of its
// victim, the victim is on no queue, cannot be stolen and does not count as running (S3.14).
//
// Rules
//   - Everything here is protected by sched::lock, with two exceptions: an LWP's `current` belongs
//     to itself, and pinning (state, victim) happens with interrupts disabled on the one hart that
//     both run on.
//   - LWPs live in a static pool and are never freed, only used again. So a pointer to an LWP that
//     has exited is harmless to follow, which the mutex's owner test needs.
// Invariants
//   (1) `queue_link` is on a run queue, a sleep queue or in a turnstile exactly if `state` is
//       runnable, sleeping or blocked.
//   (2) An LWP with a victim is of kind interrupt or softint, and its victim is pinned.
//   (3) A blocked LWP has lent its spare turnstile; all others have one.
// Read next: sched.hpp
#pragma once

#include "arch/current.hpp"
#include "hart/cell.hpp"
#include "lib/list.hpp"
#include "sched/priority.hpp"

namespace sync {
class Mutex;
struct Lock;
struct Turnstile;
} // namespace sync

namespace sched {

using trace::ChannelId;
using trace::HartId;
using trace::Hold;
using trace::LineId;
using trace::LwpId;
using trace::LwpKind;
using trace::LwpState;
using trace::SwitchReason;
using trace::WakeReason;

class SleepQueue;

/// A handler or softint without an LWP of its own, on the context of whoever was interrupted
/// (hart/model.hpp). It lives on the stack of the code that runs it.
struct Guest {
    const char* name = nullptr; // of the handler or softint function
    LineId line{};              // none: a softint
    trace::SoftintId softint{};
    trace::Level level = 0;
    trace::Level before = 0;  // to which the LWP goes back
    Guest* beneath = nullptr; // whom it interrupted on the same context
};

/// RW and read-mostly locks that one LWP can hold shared at a time.
constexpr unsigned max_shared_holds = 8;

struct Lwp {
    arch::Current current; // first: see arch/current.hpp

    hart::Cell<LwpState> state{LwpState::zombie};
    LwpKind kind = LwpKind::kernel;
    Priority own = 0;
    Priority inherited = 0;
    HartId home = HartId::none; // bound to this hart, or to none
    u8 base_level = 0;          // the level it has when nothing raises it
    u8 quantum = 0;             // ticks left
    lib::Link<Lwp> queue_link;  // (1)

    Lwp* victim = nullptr;            // whose context this LWP borrows
    LineId line{};                    // interrupt LWP: whose handlers it runs
    trace::SoftintId softint{};       // softint LWP: the softint that it runs
    const char* serving = nullptr;    // name of the handler, softint or callout function that runs
    Guest* guest = nullptr;           // the innermost on this context: it may wait for nothing
    sync::Turnstile* spare = nullptr; // the turnstile that it brings to the first lock it waits for
    sync::Turnstile* blocked_in = nullptr;
    sync::Turnstile* lenders = nullptr;              // turnstiles through which it inherits
    sync::Mutex* spin_mutexes = nullptr;             // that it holds, the newest first
    Hold wants{};                                    // blocked: how it wants the lock
    sync::Lock* shared_holds[max_shared_holds] = {}; // in no order (sync/shared_holds.hpp)
    u16 stays = 0;             // read holds that keep it on this hart (sync/read_mostly.hpp)
    u32 kernel_holds = 0;      // of kernel_lock, nested (sync/kernel_lock.hpp)
    u32 kernel_holds_owed = 0; // given up to wait, to be had again before it goes on
    hart::Cell<bool> wants_kernel_lock; // spins for it: runs, but makes no progress
    SleepQueue* sleeps_on = nullptr;
    u64 deadline = 0; // of a timed sleep, in hardclock ticks; 0 for none
    WakeReason woken{};
    bool joinable = false;       // has to be joined before it is used again
    const Lwp* joiner = nullptr; // who waits for its end

    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
    char name[24] = {};
    u64 switches = 0; // times mi_switch chose it
    u32 waits = 0;    // times it has blocked on a lock
    arch::Context context;

    /// It has been created, and has not exited.
    [[nodiscard]] bool exists() const {
        return current.id != 0 && state.peek() != LwpState::zombie;
    }
    [[nodiscard]] LwpId id() const { return static_cast<LwpId>(current.id); }
    [[nodiscard]] Priority effective() const { return own > inherited ? own : inherited; }
    [[nodiscard]] bool bound() const { return home != HartId::none; }
    /// Another hart may take it from this one's run queue.
    [[nodiscard]] bool may_move() const { return !bound() && stays == 0; }
    /// It makes progress on some hart, so that what it holds will soon be free. A hint. Whoever
    /// spins for kernel_lock does not count: the one it waits for may be waiting for it (S3.1).
    [[nodiscard]] bool is_running() const {
        return state.peek() == LwpState::running && !wants_kernel_lock.peek();
    }
    /// Interrupt and softint LWPs: may wait for a lock and for nothing else.
    [[nodiscard]] bool is_handler() const {
        return kind == LwpKind::interrupt || kind == LwpKind::softint;
    }
};

inline Lwp& current() {
    return *arch::curlwp();
}

// ---- the pool -----------------------------------------------------------------------------------

constexpr unsigned max_lwps = 512; // ids 1 … max_lwps

/// The memory below a stack's first byte belongs to a page that the machine leaves unmapped.
struct alignas(4096) Stack {
    u8 guard[4096];
    u8 bytes[arch::stack_size];
};
extern Stack stacks[max_lwps];

/// The LWP with this id, 1 … max_lwps; perhaps one that does not exist.
[[nodiscard]] Lwp& lwp(unsigned id);
[[nodiscard]] inline Stack& stack_of(const Lwp& lwp) {
    return stacks[lwp.current.id - 1];
}

struct Birth {
    const char* name;
    LwpKind kind = LwpKind::kernel;
    Priority priority = kernel_priority;
    HartId home = HartId::none;
    u8 level = 0;
    bool joinable = false; // somebody will join() it; until then its id is not used again
};

/// Takes an LWP from the pool and announces it in state `idle` (or `running`, the idle LWPs of the
/// harts). Panics if the pool is empty. Takes sched::lock.
Lwp& create(const Birth& birth, LwpState state);

/// Creates an LWP in state `idle` that begins with entry(argument) when somebody makes it runnable.
/// Takes sched::lock.
Lwp& create_waiting(const Birth& birth, void (*entry)(void*), void* argument);

/// Creates a kernel LWP that runs entry(argument) and makes it runnable (kthread_create(9)). Any
/// context in which sched::lock may be taken. The LWP ends when entry returns.
Lwp& spawn(const Birth& birth, void (*entry)(void*), void* argument);

/// Ends the current LWP (kthread_exit(9)). Ordinary LWPs only, holding nothing.
[[noreturn]] void exit();

/// Sleeps until `lwp`, which was spawned joinable, has exited (kthread_join(9)). Once per LWP, by
/// somebody else. Ordinary LWPs, no spin mutex held.
void join(Lwp& lwp);
/// Creates the channel that joining LWPs sleep on. Once, before the first LWP runs.
void init_join();

/// Calls fn(lwp) for every LWP that exists (lock held, or the machine stopped).
void for_each_lwp(auto&& fn) {
    for (unsigned id = 1; id <= max_lwps; id++)
        if (Lwp& one = lwp(id); one.exists())
            fn(one);
}

} // namespace sched
