// SPDX-License-Identifier: BSD-2-Clause
// Draws the things of the machine view, one function per kind of thing.
//
// Colour says a state, and words or shape say it again: every card carries its state as a word (or
// lies in a titled place that says it), a lamp's shape changes with its state, a masked line is
// crossed out.
// Read next: wires.hpp
#pragma once

#include "view/draw.hpp"
#include "view/machine/motion.hpp"

namespace view::machine {

class Paint {
public:
    Paint(Context& context, ImDrawList& list, ImVec2 origin)
        : context_(context)
        , list_(list)
        , origin_(origin)
        , state_(context.state)
        , theme_(context.theme) {}

    void body(const Motion::Body& body);
    /// Frames a body that took part in the last event (or is selected).
    void frame(const Motion::Body& body, Colour colour, float thickness);
    [[nodiscard]] ImVec2 at(Point p) const { return {origin_.x + p.x, origin_.y + p.y}; }

private:
    void band(const Motion::Body& body);
    void plic(const Motion::Body& body);
    void hart(const Motion::Body& body);
    void place(const Motion::Body& body);
    void group(const Motion::Body& body);
    void lock(const Motion::Body& body, const std::string& name, const model::Lock& lock);
    void channel(const Motion::Body& body, const std::string& name, const model::Channel& channel);
    void level(const Motion::Body& body);
    void line(const Motion::Body& body);
    void softint(const Motion::Body& body);
    void wheel(const Motion::Body& body);
    void mark(const Motion::Body& body);
    void callout(const Motion::Body& body);
    void more(const Motion::Body& body);
    void lwp(const Motion::Body& body);
    void dot(const Motion::Body& body, Colour colour, bool known);
    void words(const Motion::Body& body, const model::Lwp& lwp, Colour ink);
    void lamp(ImVec2 centre, float radius, model::LineState state, float alpha);
    void chip(const Motion::Body& body, Colour ground, const std::string& left,
              const std::string& right);

    [[nodiscard]] std::string priority(const model::Lwp& lwp) const;
    void box(const Rect& at, Colour fill, Colour outline, float thickness = 1, float rounding = 4);
    float text(Face face, float x, float y, Colour colour, const std::string& text,
               float width = 0);
    [[nodiscard]] float px(float at_scale_one) const { return context_.px(at_scale_one); }

    Context& context_;
    ImDrawList& list_;
    ImVec2 origin_;
    const model::State& state_;
    const Theme& theme_;
};

/// "ready", "masked: handler blocked", …
const char* line_state_name(model::LineState state);
Colour line_state_colour(model::LineState state);
/// What an LWP does, in a few words: "running · holds line".
std::string lwp_words(const model::State& state, const model::Names& names, const model::Lwp& lwp,
                      bool with_state);
/// "adaptive mutex", …
const char* lock_kind_name(trace::LockKind kind);
/// Readers and a writer, not one owner.
bool may_be_shared(trace::LockKind kind);
/// "held by a", "read by a, b and 3 more", "free"
std::string holders(const model::Lock& lock, const model::Names& names);
/// "in 3 ticks", "runs", "waits for lock, held by a"
std::string callout_words(const model::State& state, const model::Names& names,
                          const model::Callout& callout);

} // namespace view::machine
