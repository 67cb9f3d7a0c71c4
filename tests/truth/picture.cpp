// SPDX-License-Identifier: BSD-2-Clause
#include "picture.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace truth {

using trace::LwpId;
using trace::LwpState;

namespace {

bool is_on_hart(LwpState state) {
    return state == LwpState::running || state == LwpState::pinned;
}

Picture::Lwp lwp_of(const model::Lwp& lwp) {
    Picture::Lwp out{lwp.id, lwp.state, trace::HartId::none, lwp.own, lwp.inherited, std::nullopt};
    if (is_on_hart(lwp.state) || lwp.state == LwpState::runnable)
        out.hart = lwp.hart;
    if (is_on_hart(lwp.state))
        out.level = lwp.level;
    return out;
}

Picture::Lock lock_of(u32 id, const model::Lock& lock) {
    Picture::Lock out{id, lock.owner, lock.shared, lock.waiters, lock.lent_to, lock.lent};
    std::sort(out.readers.begin(), out.readers.end());
    return out;
}

} // namespace

Picture picture_of(const model::State& state) {
    Picture out;
    for (const model::Lwp& lwp : state.lwps)
        if (lwp.known && lwp.state != LwpState::zombie)
            out.lwps.push_back(lwp_of(lwp));
    for (unsigned hart = 0; hart < state.hart_count; hart++) {
        const model::Hart& from = state.harts[hart];
        out.harts.push_back({from.running, from.pinned, from.run_queue, from.base_level});
    }
    for (u32 id = 0; id < state.locks.size(); id++)
        if (state.locks[id].known)
            out.locks.push_back(lock_of(id, state.locks[id]));
    for (u32 id = 0; id < state.channels.size(); id++)
        if (state.channels[id].known)
            out.channels.push_back({id, state.channels[id].sleepers});
    for (u32 id = 0; id < state.callouts.size(); id++)
        if (const model::Callout& callout = state.callouts[id]; callout.known && callout.placed)
            out.callouts.push_back(
                {id, callout.on, callout.due, callout.wheel_level, callout.bucket});
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
    return fmt::format("LWP {} state {} hart {} own {} inherited {} level {}",
                       static_cast<unsigned>(lwp.id), static_cast<unsigned>(lwp.state),
                       static_cast<unsigned>(lwp.hart), lwp.own, lwp.inherited,
                       lwp.level ? std::to_string(*lwp.level) : "unknown");
}
std::string text(const Picture::Hart& hart) {
    return fmt::format("runs {} pinned {} queue {} base level {}",
                       static_cast<unsigned>(hart.running), text(hart.pinned), text(hart.run_queue),
                       hart.base_level);
}
std::string text(const Picture::Lock& lock) {
    return fmt::format("lock {} owner {} readers {} waiters {} lent {} to {}", lock.id,
                       static_cast<unsigned>(lock.owner), text(lock.readers), text(lock.waiters),
                       lock.lent, static_cast<unsigned>(lock.lent_to));
}
std::string text(const Picture::Channel& channel) {
    return fmt::format("channel {} sleepers {}", channel.id, text(channel.sleepers));
}
std::string text(const Picture::Callout& callout) {
    return fmt::format("callout {} hart {} due {} level {} bucket {}", callout.id,
                       static_cast<unsigned>(callout.hart), callout.due, callout.level,
                       callout.bucket);
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

// Of a level that memory does not say nothing is compared.
std::vector<Picture::Lwp> without_levels_unknown_to(const std::vector<Picture::Lwp>& kernel,
                                                    std::vector<Picture::Lwp> model) {
    for (Picture::Lwp& lwp : model)
        for (const Picture::Lwp& other : kernel)
            if (other.id == lwp.id && !other.level)
                lwp.level.reset();
    return by_id(std::move(model));
}

} // namespace

std::vector<std::string> differences(const Picture& kernel, const Picture& model) {
    std::vector<std::string> out;
    compare(by_id(kernel.lwps), without_levels_unknown_to(kernel.lwps, model.lwps), out);
    compare(kernel.harts, model.harts, out);
    compare(without_idle(kernel.locks), without_idle(model.locks), out);
    compare(without_idle(kernel.channels), without_idle(model.channels), out);
    compare(by_id(kernel.callouts), by_id(model.callouts), out);
    return out;
}

} // namespace truth
