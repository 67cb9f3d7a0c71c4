// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/machine.hpp"

#include "view/machine/hint.hpp"
#include "view/machine/paint.hpp"
#include "view/machine/wires.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace view::machine {

void MachineView::draw(Context& context) {
    ImVec2 origin = ImGui::GetCursorScreenPos();
    ImVec2 room = ImGui::GetContentRegionAvail();
    float caption = context.px(58);
    if (room.x < context.px(200) || room.y < context.px(160))
        return;
    if (context.state.hart_count == 0) {
        draw_nothing(context, origin, room);
        return;
    }
    Scene scene = arrange(context.state, {room.x, room.y - caption}, context.fonts.scale());
    if (settle_)
        motion_.settle(scene);
    settle_ = false;
    usize moved =
        context.shown > last_shown_ ? context.shown - last_shown_ : last_shown_ - context.shown;
    quiet_ = moved != 0 ? 0 : quiet_ + context.seconds;
    last_shown_ = context.shown;
    motion_.advance(scene, context.seconds, moved > 20 ? 3.0f : 1.0f);
    context.animate = context.animate || !motion_.resting();

    ImDrawList& list = *ImGui::GetWindowDrawList();
    Paint paint(context, list, origin);
    auto order = motion_.in_order();
    auto first_card = std::find_if(order.begin(), order.end(), [](const Motion::Body* body) {
        return body->item.part >= Part::line;
    });
    for (auto at = order.begin(); at != first_card; ++at)
        paint.body(**at);
    draw_wires(context, list, paint, motion_);
    for (auto at = first_card; at != order.end(); ++at)
        paint.body(**at);
    draw_lending(context, list, paint, motion_);
    draw_frames(context, paint);
    handle_pointer(context, origin);
    draw_caption(context, {origin.x, origin.y + room.y - caption}, {room.x, caption});
}

/// The last event's participants, the selection, and what the pointer is over in any view.
void MachineView::draw_frames(Context& context, Paint& paint) {
    auto frame = [&](const Object& object, Colour colour, float thickness) {
        u64 key = key_of(object);
        if (const Motion::Body* body = key != 0 ? motion_.find(key) : nullptr)
            paint.frame(*body, colour, thickness);
    };
    if (context.shown != 0) {
        model::Event event = context.store.event(context.shown - 1);
        for (const Object& object : participants(event))
            if (object.kind != trace::Kind::hart)
                frame(object, context.theme.accent, context.px(2.5f));
    }
    if (context.selection.object)
        frame(*context.selection.object, context.theme.text, context.px(1.5f));
    if (context.selection.hovered)
        frame(*context.selection.hovered, context.theme.text_faint, context.px(1.5f));
}

/// One button per thing, so that things can be clicked, hovered and found by name.
void MachineView::handle_pointer(Context& context, ImVec2 origin) {
    ImVec2 before = ImGui::GetCursorScreenPos();
    auto order = motion_.in_order();
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const Motion::Body& body = **at;
        std::optional<Object> object = object_of(body.item);
        if (!object || body.item.hidden || !body.wanted || body.at.w < 1 || body.at.h < 1)
            continue;
        ImGui::SetCursorScreenPos({origin.x + body.at.x, origin.y + body.at.y});
        // Of a hart only its head: the rest is full of others.
        float height = body.item.part == Part::hart ? context.px(24) : body.at.h;
        std::string name = name_of(context, *object);
        std::string label = fmt::format("{}##{}", name, body.item.key);
        if (ImGui::InvisibleButton(label.c_str(), {body.at.w, height}))
            context.selection.object = object;
        if (ImGui::IsItemHovered()) {
            context.selection.hovered = object;
            ImGui::SetTooltip("%s", hint(context, *object).c_str());
        }
        ImGui::SetItemAllowOverlap();
    }
    ImGui::SetCursorScreenPos(before);
}

void MachineView::draw_caption(Context& context, ImVec2 at, ImVec2 size) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Theme& theme = context.theme;
    float y = at.y + context.px(4);
    bool rushing = context.playback.playing()
                   && (context.playback.rate() == 0 || context.playback.rate() > 30);
    if (context.shown == 0) {
        draw_text(list, context.fonts, Face::caption, {at.x, y + context.px(16)}, theme.text_faint,
                  "before the first event", size.x);
        return;
    }
    model::Event event = context.store.event(context.shown - 1);
    bool panics = event.id() == trace::id_of<trace::Panic>;
    bool alarms = panics || event.id() == trace::id_of<trace::Report>;
    Colour ink = rushing ? theme.text_faint : theme.text, faint = theme.text_faint;
    if (alarms) { // what a checker found, or the end: nobody shall miss it
        Colour ground = panics ? theme.bad : theme.warning;
        list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, ground);
        ink = faint = on_colour(ground);
    }
    std::string place = fmt::format("{}event {}  ·  {}  ·  {}  ·  {}",
                                    panics   ? "PANIC  ·  "
                                    : alarms ? "REPORT  ·  "
                                             : "",
                                    context.shown, context.time_text(event.time()),
                                    context.store.names().of(event.hart), event_name(event.id()));
    float left = at.x + context.px(alarms ? 8 : 2), room = at.x + size.x - left - context.px(8);
    draw_text(list, context.fonts, Face::small, {left, y}, faint, place, room);
    // A sentence that is too long for one line in large gets two in small.
    std::string sentence = model::sentence(event, context.store.names());
    ImVec2 from(left, y + context.px(18));
    if (context.fonts.measure(Face::caption, sentence).x <= room)
        draw_text(list, context.fonts, Face::caption, from, ink, sentence, room);
    else
        draw_wrapped(list, context.fonts, Face::body, from, ink, sentence, room);
}

void MachineView::draw_nothing(Context& context, ImVec2 at, ImVec2 size) {
    auto status = context.source.status();
    std::string words = !context.store.empty() ? "No event has said yet what the machine is like."
                        : !status.message.empty() ? status.message
                        : context.source.has_machine()
                            ? "The machine starts; its first event has not come yet."
                            : "This trace is empty.";
    ImVec2 measure = context.fonts.measure(Face::caption, words);
    draw_text(*ImGui::GetWindowDrawList(), context.fonts, Face::caption,
              {at.x + std::max(0.0f, (size.x - measure.x) / 2), at.y + size.y / 2},
              context.theme.text_faint, words, size.x);
}

} // namespace view::machine
