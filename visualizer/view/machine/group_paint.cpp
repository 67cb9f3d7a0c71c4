// SPDX-License-Identifier: BSD-2-Clause
// Locks and sleep queues with those who wait, and the head of a hart. See paint.hpp.
#include "view/machine/facts_of_hart.hpp"
#include "view/machine/paint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view::machine {

using trace::LwpId;

/// "held by a", "read by a, b and 3 more", "free"
std::string holders(const model::Lock& lock, const model::Names& names) {
    constexpr usize most = 3;
    if (lock.owner != LwpId::none)
        return (may_be_shared(lock.kind) ? "written by " : "held by ") + names.of(lock.owner);
    if (lock.shared.empty())
        return "free";
    std::string words = "read by ";
    for (usize i = 0; i < lock.shared.size() && i < most; i++)
        words += (i == 0 ? "" : ", ") + names.of(lock.shared[i]);
    if (lock.shared.size() > most)
        words += fmt::format(" and {} more", lock.shared.size() - most);
    return words;
}

bool may_be_shared(trace::LockKind kind) {
    return kind == trace::LockKind::rw_lock || kind == trace::LockKind::read_mostly_lock
           || kind == trace::LockKind::long_term_lock;
}

const char* lock_kind_name(trace::LockKind kind) {
    static constexpr const char* names[] = {"adaptive mutex",   "spin mutex",  "reader/writer lock",
                                            "read-mostly lock", "kernel lock", "long-term lock"};
    auto at = static_cast<usize>(kind);
    return at < std::size(names) ? names[at] : "lock of an unknown kind";
}

void Paint::group(const Motion::Body& body) {
    bool is_lock = body.item.part == Part::turnstile;
    Colour colour = state_colour(is_lock ? trace::LwpState::blocked : trace::LwpState::sleeping);
    box(body.at, fade(theme_.window, body.alpha), fade(colour, 0.6f * body.alpha), px(1.5f));
    auto kind = is_lock ? trace::Kind::lock : trace::Kind::channel;
    std::string name = context_.store.names().of(kind, body.item.id);
    if (is_lock && body.item.id < state_.locks.size())
        lock(body, name, state_.locks[body.item.id]);
    else if (!is_lock && body.item.id < state_.channels.size())
        channel(body, name, state_.channels[body.item.id]);
}

void Paint::lock(const Motion::Body& body, const std::string& name, const model::Lock& lock) {
    const model::Names& names = context_.store.names();
    float x = body.at.x + px(8), y = body.at.y + px(2), width = body.at.w - px(16);
    Colour ink = fade(theme_.text, body.alpha), faint = fade(theme_.text_faint, body.alpha);
    float used = text(Face::bold, x, y, ink, name, width);
    std::string held = holders(lock, names);
    if (lock.lent != 0)
        held += fmt::format(", which is lent priority {}", lock.lent);
    std::string spins;
    for (LwpId spinner : lock.spinners)
        spins += (spins.empty() ? "spinning: " : ", ") + names.of(spinner);
    // As many lines of words as there is room above the first who waits.
    float line = px(17);
    usize lines = body.item.detail == Detail::two_lines ? 1 : 0;
    std::string beside = lines != 0 ? lock_kind_name(lock.kind) : held;
    if (used + px(60) < width)
        text(Face::small, x + used + px(8), y + px(2), faint, beside, width - used - px(8));
    y += px(18);
    if (lines != 0) {
        text(Face::small, x, y, ink, held, width);
        y += line;
    }
    if (!spins.empty() && y + line <= body.at.bottom() + 1)
        text(Face::small, x, y, ink, spins, width);
}

void Paint::channel(const Motion::Body& body, const std::string& name,
                    const model::Channel& channel) {
    float x = body.at.x + px(8), y = body.at.y + px(2), width = body.at.w - px(16);
    float used = text(Face::bold, x, y, fade(theme_.text, body.alpha), name, width);
    std::string what = "sleep queue";
    if (channel.counts)
        what = fmt::format("semaphore, counts {}", channel.value);
    else if (channel.sleepers.size() > 1)
        what += fmt::format(" of {}", channel.sleepers.size());
    if (used + px(60) < width)
        text(Face::small, x + used + px(8), y + px(2),
             fade(channel.counts ? theme_.text : theme_.text_faint, body.alpha), what,
             width - used - px(8));
}

void Paint::hart(const Motion::Body& body) {
    u32 id = body.item.id;
    box(body.at, theme_.panel, theme_.line);
    float x = body.at.x + px(8), y = body.at.y + px(4), right = body.at.right() - px(6);
    x += text(Face::bold, x, y, theme_.text, context_.store.names().of(trace::Kind::hart, id),
              body.at.w * 0.5f);
    x += px(10);
    for (const HartFact& fact : facts_of_hart(state_, context_.store.names(), id)) {
        Colour colour = fact.tone == Tone::bad       ? theme_.bad
                        : fact.tone == Tone::warning ? theme_.warning
                        : fact.tone == Tone::active  ? theme_.accent
                                                     : theme_.text_faint;
        if (right - x < px(24))
            return;
        x += text(Face::small, x, y + px(2), colour, fact.words, right - x) + px(8);
    }
}

} // namespace view::machine
