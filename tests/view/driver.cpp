// SPDX-License-Identifier: BSD-2-Clause
#include "driver.hpp"

#include "view/compat.hpp"

#include <imgui_internal.h>

#include <algorithm>

namespace view_test {
namespace {

constexpr float frame_seconds = 1.0f / 60;

view::Settings quiet_settings() {
    view::Settings settings;
    settings.walk_done = true;
    return settings;
}

ImVec2 middle(const SeenItem& item) {
    ImVec2 from(std::max(item.from.x, item.clip_from.x), std::max(item.from.y, item.clip_from.y));
    ImVec2 to(std::min(item.to.x, item.clip_to.x), std::min(item.to.y, item.clip_to.y));
    return {(from.x + to.x) / 2, (from.y + to.y) / 2};
}

bool visible(const SeenItem& item) {
    ImVec2 at = middle(item);
    return at.x >= item.from.x && at.x < item.to.x && at.y >= item.from.y && at.y < item.to.y
           && at.x >= item.clip_from.x && at.x < item.clip_to.x && at.y >= item.clip_from.y
           && at.y < item.clip_to.y;
}

} // namespace

Driver::Driver(view::Source& source, int width, int height, std::optional<session::Lab> lab)
    : settings(quiet_settings())
    , shell(source, settings, std::move(lab))
    , image(width, height)
    , source_(source) {
    settle();
}

void Driver::frame() {
    forget();
    source_.poll(0);
    canvas.set_look(settings.dark, settings.scale);
    canvas.begin(image.width(), image.height(), frame_seconds);
    moving_ = shell.frame(canvas, frame_seconds);
    canvas.end(image.surface());
}

void Driver::frames(int count) {
    for (int i = 0; i < count; i++)
        frame();
}

void Driver::settle() {
    frames(3);
    for (int i = 0; i < 5000 && moving_; i++)
        frame();
}

const SeenItem* Driver::find(const std::string& label, usize nth) const {
    for (const SeenItem& item : seen().items)
        if (item.label == label && visible(item) && nth-- == 0)
            return &item;
    return nullptr;
}

void Driver::click(const std::string& label, usize nth) {
    const SeenItem* item = find(label, nth);
    ASSERT_NE(item, nullptr) << "no item is labelled \"" << label << "\" on:\n" << all_text();
    ImGuiID id = item->id;
    ImVec2 at = middle(*item);
    ImGuiIO& io = ImGui::GetIO();
    view::compat::mouse_position(io, at.x, at.y);
    frames(2);
    ASSERT_EQ(ImGui::GetCurrentContext()->HoveredId, id)
        << "something lies over \"" << label << "\"";
    view::compat::mouse_button(io, 0, true);
    frames(1);
    view::compat::mouse_button(io, 0, false);
    settle();
}

void Driver::drag(ImVec2 from, ImVec2 to) {
    ImGuiIO& io = ImGui::GetIO();
    view::compat::mouse_position(io, from.x, from.y);
    frames(2);
    view::compat::mouse_button(io, 0, true);
    frames(1);
    for (int i = 1; i <= 10; i++) {
        float share = static_cast<float>(i) / 10;
        view::compat::mouse_position(io, from.x + (to.x - from.x) * share,
                                     from.y + (to.y - from.y) * share);
        frames(1);
    }
    view::compat::mouse_button(io, 0, false);
    settle();
}

void Driver::wheel(ImVec2 at, float amount) {
    ImGuiIO& io = ImGui::GetIO();
    view::compat::mouse_position(io, at.x, at.y);
    frames(2);
    view::compat::mouse_wheel(io, 0, amount);
    settle();
}

void Driver::type(const std::string& text) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    settle();
}

bool Driver::reads(const std::string& words) const {
    const auto& texts = seen().texts;
    return std::any_of(texts.begin(), texts.end(), [&](const SeenText& text) {
        return text.text.find(words) != std::string::npos;
    });
}

std::string Driver::all_text() const {
    std::string all;
    for (const SeenText& text : seen().texts)
        all += text.text + '\n';
    return all;
}

} // namespace view_test
