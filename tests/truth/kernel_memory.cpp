// SPDX-License-Identifier: BSD-2-Clause
#include "kernel_memory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace truth {

using trace::LwpId;
using trace::LwpState;

namespace {

constexpr unsigned tp = 4, pc = 32;
constexpr u64 interrupts_enabled = 2;    // sstatus.SIE
constexpr u64 busy = 2, waiters_bit = 1; // in a mutex's word (sync/mutex.hpp)
constexpr unsigned priorities = 256;

bool has_place(LwpState state) {
    return state == LwpState::running || state == LwpState::pinned || state == LwpState::runnable;
}

} // namespace

u64 KernelMemory::symbol(const char* name) const {
    if (auto address = image_.symbol(name))
        return *address;
    throw std::runtime_error(std::string("the kernel has no symbol ") + name);
}

u64 KernelMemory::pointer(u64 object, const char* type, const char* member) {
    return debugger_.read<u64>(object + layout_.offset(type, member));
}

// arch::Current is an LWP's first member, and its id and hart are that struct's first two.
LwpId KernelMemory::id_of(u64 lwp) {
    return static_cast<LwpId>(lwp != 0 ? debugger_.read<u16>(lwp) : 0);
}

std::vector<LwpId> KernelMemory::list(u64 list) {
    std::vector<LwpId> out;
    u64 link = layout_.offset("sched::Lwp", "queue_link");
    for (u64 lwp = debugger_.read<u64>(list); lwp != 0; lwp = debugger_.read<u64>(lwp + link))
        out.push_back(id_of(lwp));
    return out;
}

std::optional<unsigned> KernelMemory::busy_hart() {
    u64 wait = symbol("_ZN4arch4waitEv");
    constexpr u64 wait_size = 8;
    for (unsigned hart = 0; hart < harts_; hart++) {
        u64 lwp = debugger_.machine_register(hart, tp);
        u64 at = debugger_.machine_register(hart, pc);
        bool open = (debugger_.machine_register(hart, sstatus_) & interrupts_enabled) != 0;
        bool waits = at >= wait && at < wait + wait_size;
        if (debugger_.read<u16>(lwp + layout_.offset("arch::Current", "spin_depth")) != 0
            || (!open && !waits))
            return hart;
    }
    return std::nullopt;
}

Picture::Lwp KernelMemory::read_lwp(u64 lwp) {
    Picture::Lwp out;
    out.id = id_of(lwp);
    out.state = debugger_.read<LwpState>(lwp + layout_.offset("sched::Lwp", "state"));
    if (has_place(out.state))
        out.hart = debugger_.read<trace::HartId>(lwp + layout_.offset("arch::Current", "hart"));
    out.own = debugger_.read<u16>(lwp + layout_.offset("sched::Lwp", "own"));
    out.inherited = debugger_.read<u16>(lwp + layout_.offset("sched::Lwp", "inherited"));
    return out;
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
    constexpr u64 fifo_size = 16;
    for (unsigned priority = priorities; priority-- > 0;)
        for (LwpId id : list(fifos + priority * fifo_size))
            out.run_queue.push_back(id);
    return out;
}

Picture::Lock KernelMemory::read_lock(u64 lock) {
    Picture::Lock out;
    out.id = debugger_.read<u32>(lock + layout_.offset("sync::Lock", "id"));
    u64 word = debugger_.read<u64>(lock + layout_.offset("sync::Mutex", "word_"));
    out.owner = id_of(word & ~(busy | waiters_bit));
    if (u64 turnstile = pointer(lock, "sync::Lock", "turnstile")) {
        out.waiters = list(turnstile + layout_.offset("sync::Turnstile", "waiters"));
        out.lent = debugger_.read<u16>(turnstile + layout_.offset("sync::Turnstile", "lent"));
    }
    return out;
}

Picture KernelMemory::picture() {
    Picture out;
    u64 lwps = symbol("_ZN5sched12_GLOBAL__N_14lwpsE");
    u32 born = debugger_.read<u32>(symbol("_ZN5sched12_GLOBAL__N_14bornE"));
    for (u32 i = 0; i < born; i++) {
        Picture::Lwp one = read_lwp(lwps + i * layout_.size("sched::Lwp"));
        if (one.state != LwpState::zombie)
            out.lwps.push_back(one);
    }
    for (unsigned hart = 0; hart < harts_; hart++) {
        u64 running = debugger_.machine_register(hart, tp);
        out.harts.resize(harts_);
        // The debugger counts the machine's harts, the kernel its own.
        out.harts.at(debugger_.read<u16>(running + layout_.offset("arch::Current", "hart"))) =
            read_hart(debugger_.read<u16>(running + layout_.offset("arch::Current", "hart")),
                      running);
    }
    for (u64 lock = debugger_.read<u64>(symbol("_ZN4sync9all_locksE")); lock != 0;
         lock = pointer(lock, "sync::Lock", "next"))
        if (debugger_.read<trace::LockKind>(lock + layout_.offset("sync::Lock", "kind"))
            == trace::LockKind::adaptive_mutex)
            out.locks.push_back(read_lock(lock));
    for (u64 queue = debugger_.read<u64>(symbol("_ZN5sched10SleepQueue6first_E")); queue != 0;
         queue = pointer(queue, "sched::SleepQueue", "next_"))
        out.channels.push_back(
            {debugger_.read<u32>(queue + layout_.offset("sched::SleepQueue", "id_")),
             list(queue + layout_.offset("sched::SleepQueue", "sleepers_"))});
    return out;
}

Picture picture_of(const model::State& state) {
    Picture out;
    for (const model::Lwp& lwp : state.lwps)
        if (lwp.known && lwp.state != LwpState::zombie)
            out.lwps.push_back({lwp.id, lwp.state,
                                has_place(lwp.state) ? lwp.hart : trace::HartId::none, lwp.own,
                                lwp.inherited});
    for (unsigned hart = 0; hart < state.hart_count; hart++) {
        const model::Hart& from = state.harts[hart];
        out.harts.push_back({from.running, from.pinned, from.run_queue});
    }
    for (u32 id = 0; id < state.locks.size(); id++)
        if (const model::Lock& lock = state.locks[id];
            lock.known && lock.kind == trace::LockKind::adaptive_mutex)
            out.locks.push_back({id, lock.owner, lock.waiters, lock.lent});
    for (u32 id = 0; id < state.channels.size(); id++)
        if (state.channels[id].known)
            out.channels.push_back({id, state.channels[id].sleepers});
    return out;
}

namespace {

std::string text(const std::vector<LwpId>& ids) {
    std::string out = "[";
    for (LwpId id : ids)
        out += fmt::format(" {}", static_cast<unsigned>(id));
    return out + " ]";
}
std::string text(const Picture::Lwp& lwp) {
    return fmt::format("LWP {} state {} hart {} own {} inherited {}", static_cast<unsigned>(lwp.id),
                       static_cast<unsigned>(lwp.state), static_cast<unsigned>(lwp.hart), lwp.own,
                       lwp.inherited);
}
std::string text(const Picture::Hart& hart) {
    return fmt::format("runs {} pinned {} queue {}", static_cast<unsigned>(hart.running),
                       text(hart.pinned), text(hart.run_queue));
}
std::string text(const Picture::Lock& lock) {
    return fmt::format("lock {} owner {} waiters {} lent {}", lock.id,
                       static_cast<unsigned>(lock.owner), text(lock.waiters), lock.lent);
}
std::string text(const Picture::Channel& channel) {
    return fmt::format("channel {} sleepers {}", channel.id, text(channel.sleepers));
}

template <class T>
void compare(const std::vector<T>& kernel, const std::vector<T>& model,
             std::vector<std::string>& out) {
    for (usize i = 0; i < std::max(kernel.size(), model.size()); i++)
        if (i >= kernel.size() || i >= model.size() || kernel[i] != model[i])
            out.push_back(fmt::format("kernel: {} | model: {}",
                                      i < kernel.size() ? text(kernel[i]) : "nothing",
                                      i < model.size() ? text(model[i]) : "nothing"));
}

template <class T> std::vector<T> by_id(std::vector<T> objects) {
    std::sort(objects.begin(), objects.end(), [](const T& a, const T& b) { return a.id < b.id; });
    return objects;
}

// The model learns of a lock or channel by its first event, the kernel lists it a moment earlier.
template <class T> std::vector<T> without_idle(std::vector<T> objects) {
    std::erase_if(objects, [](const T& object) {
        T idle{};
        idle.id = object.id;
        return object == idle;
    });
    return by_id(std::move(objects));
}

} // namespace

std::vector<std::string> differences(const Picture& kernel, const Picture& model) {
    std::vector<std::string> out;
    compare(by_id(kernel.lwps), by_id(model.lwps), out);
    compare(kernel.harts, model.harts, out);
    compare(without_idle(kernel.locks), without_idle(model.locks), out);
    compare(without_idle(kernel.channels), without_idle(model.channels), out);
    return out;
}

} // namespace truth
