// SPDX-License-Identifier: BSD-2-Clause
#include "kernel_memory.hpp"

#include <algorithm>
#include <stdexcept>

namespace truth {

using trace::LockKind;
using trace::LwpId;
using trace::LwpKind;
using trace::LwpState;

namespace {

constexpr unsigned tp = 4, pc = 32;
constexpr u64 interrupts_enabled = 2;        // sstatus.SIE
constexpr u64 mutex_bits = 7;                // of a mutex's word (sync/mutex.hpp)
constexpr u64 written = 1, reader_or_id = 8; // in an RW lock's word (sync/rw_lock.hpp)
constexpr unsigned priorities = 256;
constexpr unsigned wheel_levels = 4, wheel_buckets = 256;
constexpr unsigned nowhere = 999; // level and bucket of what is filed wrongly
constexpr u64 two_pointers = 16;  // a FIFO of a run queue, a ring

bool is_on_hart(LwpState state) {
    return state == LwpState::running || state == LwpState::pinned;
}

} // namespace

u64 KernelMemory::symbol(const char* name) const {
    if (auto address = image_.symbol(name))
        return *address;
    throw std::runtime_error(std::string("the kernel has no symbol ") + name);
}

u64 KernelMemory::lwp_at(u32 index) const {
    return symbol("_ZN5sched12_GLOBAL__N_14lwpsE") + index * layout_.size("sched::Lwp");
}
u32 KernelMemory::lwp_count() const {
    return read<u32>(symbol("_ZN5sched12_GLOBAL__N_14bornE"));
}

// arch::Current is an LWP's first member, and its id and hart are that struct's first two.
LwpId KernelMemory::id_of(u64 lwp) {
    return static_cast<LwpId>(lwp != 0 ? read<u16>(lwp) : 0);
}

std::vector<LwpId> KernelMemory::list(u64 list) {
    std::vector<LwpId> out;
    for (u64 lwp = read<u64>(list); lwp != 0; lwp = pointer(lwp, "sched::Lwp", "queue_link"))
        out.push_back(id_of(lwp));
    return out;
}

// In the firmware, tp may be the firmware's own.
bool KernelMemory::is_in_kernel(u64 address) const {
    return address >= symbol("kernel_begin") && address < symbol("text_end");
}

std::optional<unsigned> KernelMemory::busy_hart() {
    u64 wait = symbol("_ZN4arch4waitEv");
    constexpr u64 wait_size = 8;
    for (unsigned hart = 0; hart < harts_; hart++) {
        u64 at = debugger_.machine_register(hart, pc);
        if (!is_in_kernel(at))
            return hart;
        u64 lwp = debugger_.machine_register(hart, tp);
        bool open = (debugger_.machine_register(hart, sstatus_) & interrupts_enabled) != 0;
        bool waits = at >= wait && at < wait + wait_size;
        if (read<u16>(lwp, "arch::Current", "spin_depth") != 0 || (!open && !waits))
            return hart;
    }
    return std::nullopt;
}

bool KernelMemory::is_at(u64 address) {
    for (unsigned hart = 0; hart < harts_; hart++)
        if (debugger_.machine_register(hart, pc) == address)
            return true;
    return false;
}

// ---- LWPs and harts -----------------------------------------------------------------------------

Picture::Lwp KernelMemory::read_lwp(u64 lwp) {
    Picture::Lwp out;
    out.id = id_of(lwp);
    out.state = read<LwpState>(lwp, "sched::Lwp", "state");
    if (is_on_hart(out.state) || out.state == LwpState::runnable)
        out.hart = read<trace::HartId>(lwp, "arch::Current", "hart");
    out.own = read<u16>(lwp, "sched::Lwp", "own");
    out.inherited = read<u16>(lwp, "sched::Lwp", "inherited");
    if (is_on_hart(out.state))
        out.level = read_level(lwp);
    return out;
}

// Who is on no hart has the level of the scheduler's lock, which it held when it left. A handler's
// level is told when it begins to serve, and that of a hart::SpinMutex not at all.
std::optional<trace::Level> KernelMemory::read_level(u64 lwp) {
    LwpKind kind = read<LwpKind>(lwp, "sched::Lwp", "kind");
    bool is_handler = kind == LwpKind::interrupt || kind == LwpKind::softint;
    bool serves =
        pointer(lwp, "sched::Lwp", "serving") != 0 || read<u32>(lwp, "sched::Lwp", "softint") != 0;
    if ((is_handler && !serves) || read<u16>(lwp, "arch::Current", "spin_depth") != 0)
        return std::nullopt;
    return read<trace::Level>(lwp, "arch::Current", "level");
}

Picture::Hart KernelMemory::read_hart(unsigned hart, u64 running) {
    Picture::Hart out;
    out.running = id_of(running);
    for (u64 lwp = pointer(running, "sched::Lwp", "victim"); lwp != 0;
         lwp = pointer(lwp, "sched::Lwp", "victim"))
        out.pinned.insert(out.pinned.begin(), id_of(lwp)); // the model has the first victim first
    u64 local = symbol("_ZN5sched6localsE") + hart * layout_.size("sched::Local");
    u64 fifos = local + layout_.offset("sched::Local", "queue")
                + layout_.offset("sched::RunQueue", "fifos_");
    for (unsigned priority = priorities; priority-- > 0;)
        for (LwpId id : list(fifos + priority * two_pointers))
            out.run_queue.push_back(id);
    u64 state = symbol("_ZN4hart5hartsE") + hart * layout_.size("hart::Hart");
    out.base_level = read<trace::Level>(state, "hart::Hart", "base_level");
    return out;
}

// ---- locks --------------------------------------------------------------------------------------

LwpId KernelMemory::owner_in_mutex(u64 mutex) {
    u64 owner = pointer(mutex, "sync::Mutex", "word_") & ~mutex_bits;
    return owner == ~mutex_bits ? LwpId::none : id_of(owner); // ~bits: not ready
}

// Each kind of lock begins with its sync::Lock.
LwpId KernelMemory::owner_of(u64 lock, LockKind kind) {
    switch (kind) {
    case LockKind::adaptive_mutex:
    case LockKind::spin_mutex:
        return owner_in_mutex(lock);
    case LockKind::rw_lock: {
        u64 word = pointer(lock, "sync::RwLock", "word_");
        return static_cast<LwpId>((word & written) != 0 ? word / reader_or_id : 0);
    }
    case LockKind::read_mostly_lock:
        return read<bool>(lock, "sync::ReadMostlyLock", "writes_")
                   ? owner_in_mutex(lock + layout_.offset("sync::ReadMostlyLock", "writers_"))
                   : LwpId::none;
    case LockKind::kernel_lock:
        return id_of(pointer(lock, "sync::KernelLock", "owner_"));
    case LockKind::long_term_lock:
        return id_of(pointer(lock, "sync::LongTermLock", "owner_"));
    }
    return LwpId::none;
}

std::vector<LwpId> KernelMemory::readers_of(u64 lock) {
    u64 holds = layout_.offset("sched::Lwp", "shared_holds");
    u64 end = layout_.offset("sched::Lwp", "stays");
    std::vector<LwpId> out;
    for (u32 i = 0; i < lwp_count(); i++)
        for (u64 place = holds; place + sizeof(u64) <= end; place += sizeof(u64))
            if (read<u64>(lwp_at(i) + place) == lock)
                out.push_back(id_of(lwp_at(i)));
    return out;
}

Picture::Lock KernelMemory::read_lock(u64 lock) {
    Picture::Lock out;
    out.id = read<u32>(lock, "sync::Lock", "id");
    out.owner = owner_of(lock, read<LockKind>(lock, "sync::Lock", "kind"));
    out.readers = readers_of(lock);
    if (u64 turnstile = pointer(lock, "sync::Lock", "turnstile")) {
        out.waiters = list(turnstile + layout_.offset("sync::Turnstile", "waiters"));
        out.lent = read<u16>(turnstile, "sync::Turnstile", "lent");
        if (out.lent != 0)
            out.lent_to = id_of(pointer(turnstile, "sync::Turnstile", "owner"));
    }
    return out;
}

// ---- callouts -----------------------------------------------------------------------------------

// An entry is its callout's first part. What has come out of its bucket (`nowhere`) still says
// where it lay.
void KernelMemory::read_ring(unsigned hart, u64 ring, unsigned level, unsigned bucket,
                             std::vector<Picture::Callout>& out) {
    u64 entry = pointer(ring, "lib::Ringed", "next");
    for (; entry != 0 && entry != ring; entry = pointer(entry, "lib::Ringed", "next")) {
        unsigned says_level = read<u8>(entry, "callout::Entry", "level");
        unsigned says_bucket = read<u8>(entry, "callout::Entry", "bucket");
        bool agrees = level == nowhere || (level == says_level && bucket == says_bucket);
        out.push_back({read<u32>(entry, "callout::Callout", "id_"),
                       static_cast<trace::HartId>(hart), read<u64>(entry, "callout::Entry", "due"),
                       agrees ? says_level : nowhere, agrees ? says_bucket : nowhere});
    }
}

void KernelMemory::read_wheel(unsigned hart, u64 wheel, std::vector<Picture::Callout>& out) {
    read_ring(hart, wheel + layout_.offset("callout::Wheel", "todo_"), nowhere, nowhere, out);
    u64 ring = wheel + layout_.offset("callout::Wheel", "bucket_");
    for (unsigned level = 0; level < wheel_levels; level++)
        for (unsigned bucket = 0; bucket < wheel_buckets; bucket++, ring += two_pointers)
            read_ring(hart, ring, level, bucket, out);
}

// ---- all of it ----------------------------------------------------------------------------------

Picture KernelMemory::picture() {
    Picture out;
    for (u32 i = 0; i < lwp_count(); i++) {
        Picture::Lwp one = read_lwp(lwp_at(i));
        if (one.state != LwpState::zombie)
            out.lwps.push_back(one);
    }
    out.harts.resize(harts_);
    for (unsigned hart = 0; hart < harts_; hart++) { // the debugger's number, not the kernel's
        u64 running = debugger_.machine_register(hart, tp);
        u16 here = read<u16>(running, "arch::Current", "hart");
        out.harts.at(here) = read_hart(here, running);
    }
    for (u64 lock = read<u64>(symbol("_ZN4sync9all_locksE")); lock != 0;
         lock = pointer(lock, "sync::Lock", "next"))
        out.locks.push_back(read_lock(lock));
    for (u64 queue = read<u64>(symbol("_ZN5sched10SleepQueue6first_E")); queue != 0;
         queue = pointer(queue, "sched::SleepQueue", "next_"))
        out.channels.push_back({read<u32>(queue, "sched::SleepQueue", "id_"),
                                list(queue + layout_.offset("sched::SleepQueue", "sleepers_"))});
    for (unsigned hart = 0; hart < harts_; hart++) {
        u64 clock = symbol("_ZN7callout6clocksE") + hart * layout_.size("callout::Clock");
        for (const char* executor : {"slow", "fast"})
            read_wheel(hart,
                       pointer(clock + layout_.offset("callout::Clock", executor),
                               "callout::Executor", "wheel"),
                       out.callouts);
    }
    return out;
}

} // namespace truth
