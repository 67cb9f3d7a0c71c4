// SPDX-License-Identifier: BSD-2-Clause
#include "view/lab_pane.hpp"

#include "view/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace view {
namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

std::optional<LabPane::Complaint> LabPane::Complaint::parse(const std::string& line) {
    usize end = line.find_first_of(": ");
    if (end == std::string::npos || end == 0 || line[end] != ':')
        return std::nullopt;
    const char* rest = line.c_str() + end;
    int number = 0, column = 0, used = 0;
    if (std::sscanf(rest, ":%d:%n", &number, &used) != 1 || used == 0)
        return std::nullopt;
    rest += used;
    used = 0;
    if (std::sscanf(rest, "%d:%n", &column, &used) == 1)
        rest += used;
    std::string_view words(rest);
    words.remove_prefix(std::min(words.size(), words.find_first_not_of(' ')));
    for (std::string_view kind : {"fatal error: ", "error: ", "warning: ", "note: "})
        if (words.starts_with(kind))
            return Complaint{line.substr(0, end), number, std::string(words),
                             kind.ends_with("error: ")};
    return std::nullopt;
}

LabPane::LabPane(std::optional<session::Lab> lab)
    : lab_(std::move(lab)) {
    if (!lab_)
        return;
    std::string text = read_text(lab_->handout());
    handout_ = markdown::parse(
        text.empty() ? "This lab has no handout (" + lab_->handout().string() + ")." : text);
    if (!lab_->edit.empty())
        open(lab_->edit.front(), 0);
}

void LabPane::draw(Context& context) {
    if (!lab_) {
        ImGui::TextDisabled("No lab is open. `make lab LAB=01` opens one.");
        return;
    }
    auto status = context.source.status();
    bool building = status.phase == session::Phase::building;
    if (was_building_ && !building)
        forget_output();
    was_building_ = building;
    read_output(status.build_output);
    context.commands.draw_button("rebuild",
                                 building ? "Building###rebuild" : "Rebuild and run###rebuild");
    ImGui::SameLine();
    context.commands.draw_button("grade", status.grading ? "Grading###grade" : "Grade###grade");
    ImGui::SameLine();
    context.commands.draw_button("find-race", "Find the race###find");
    ImGui::SameLine();
    draw_status(context, status);
    float half = std::floor(ImGui::GetContentRegionAvail().x * 0.52f);
    ImGui::BeginChild("handout", {half, 0}, false);
    draw_handout(context);
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginChild("build", {0, 0}, false);
    draw_grade(context, status);
    draw_build(context);
    draw_source(context);
    ImGui::EndChild();
}

/// What goes on, beside the buttons.
void LabPane::draw_status(Context& context, const session::Status& status) {
    if (status.phase == session::Phase::building)
        ImGui::TextDisabled("the build runs; the picture stays until the new run begins");
    else if (status.grading)
        ImGui::TextDisabled("the grader builds what is saved and runs it by itself");
    else if (!complaints_.empty())
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(context.theme.bad),
                           "the compiler has %zu remark%s: click one", complaints_.size(),
                           complaints_.size() == 1 ? "" : "s");
    else
        ImGui::TextDisabled("saving %s builds and runs it again",
                            lab_->edit.empty() ? "a file" : lab_->edit.front().filename().c_str());
}

/// The grader's words. It begins the line of each criterion with "points of points".
void LabPane::draw_grade(Context& context, const session::Status& status) {
    if (status.grade_output.empty())
        return;
    ImGui::PushFont(context.fonts[Face::mono]);
    ImGui::PushTextWrapPos(0);
    for (const std::string& line : lines_of(status.grade_output)) {
        std::istringstream words(line);
        int reached = 0, possible = 0;
        std::string of;
        bool criterion = bool(words >> reached >> of >> possible) && of == "of";
        Colour colour = !criterion            ? context.theme.text
                        : reached >= possible ? context.theme.good
                        : reached == 0        ? context.theme.bad
                                              : context.theme.warning;
        ImGui::PushStyleColor(ImGuiCol_Text, colour);
        ImGui::TextUnformatted(line.c_str());
        ImGui::PopStyleColor();
    }
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::Separator();
}

void LabPane::draw_handout(Context& context) {
    markdown::draw(context, handout_);
}

/// A build has ended: what it says is new even if it is the same, and so is the student's file.
void LabPane::forget_output() {
    seen_output_.clear();
    complaints_.clear();
    if (!lab_->edit.empty())
        open(lab_->edit.front(), 0);
}

void LabPane::read_output(const std::string& output) {
    if (output == seen_output_)
        return;
    seen_output_ = output;
    complaints_.clear();
    for (const std::string& line : lines_of(output))
        if (auto complaint = Complaint::parse(line))
            complaints_.push_back(*complaint);
    for (const Complaint& complaint : complaints_)
        if (complaint.is_error) {
            open(complaint.file, complaint.line);
            break;
        }
}

void LabPane::open(const std::string& file, int line) {
    open_file_ = file;
    open_line_ = line;
    open_text_ = lines_of(read_text(file));
    scroll_to_line_ = true;
}

void LabPane::draw_build(Context& context) {
    for (usize i = 0; i < complaints_.size(); i++) {
        const Complaint& complaint = complaints_[i];
        ImGui::PushID(static_cast<int>(i));
        ImGui::PushStyleColor(ImGuiCol_Text,
                              complaint.is_error ? context.theme.bad : context.theme.text);
        std::string label =
            fmt::format("{}:{}: {}", complaint.file, complaint.line, complaint.words);
        bool is_open = open_file_ == complaint.file && open_line_ == complaint.line;
        if (ImGui::Selectable(label.c_str(), is_open))
            open(complaint.file, complaint.line);
        ImGui::PopStyleColor();
        ImGui::PopID();
    }
    if (complaints_.empty() && !seen_output_.empty()) {
        ImGui::PushFont(context.fonts[Face::mono]);
        ImGui::TextUnformatted(seen_output_.c_str());
        ImGui::PopFont();
    }
}

/// The file of the chosen complaint, its line marked.
void LabPane::draw_source(Context& context) {
    if (open_text_.empty())
        return;
    ImGui::Separator();
    ImGui::TextDisabled("%s", open_file_.c_str());
    ImGui::BeginChild("source", {0, 0}, false, ImGuiWindowFlags_HorizontalScrollbar);
    ImGui::PushFont(context.fonts[Face::mono]);
    float row = ImGui::GetTextLineHeightWithSpacing();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(open_text_.size()), row);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; i++) {
            ImVec2 at = ImGui::GetCursorScreenPos();
            if (i + 1 == open_line_)
                ImGui::GetWindowDrawList()->AddRectFilled(
                    at, {at.x + ImGui::GetWindowWidth(), at.y + row},
                    fade(context.theme.bad, 0.25f));
            ImGui::TextDisabled("%4d", i + 1);
            ImGui::SameLine();
            ImGui::TextUnformatted(open_text_[static_cast<usize>(i)].c_str());
        }
    ImGui::PopFont();
    if (scroll_to_line_)
        ImGui::SetScrollY(std::max(0.0f, row * static_cast<float>(open_line_ - 4)));
    scroll_to_line_ = false;
    ImGui::EndChild();
}

} // namespace view
