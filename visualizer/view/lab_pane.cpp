// SPDX-License-Identifier: BSD-2-Clause
#include "view/lab_pane.hpp"

#include "view/draw.hpp"

#include <fmt/format.h>

#include <fstream>
#include <regex>
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

LabPane::LabPane(std::optional<session::Lab> lab)
    : lab_(std::move(lab)) {
    if (!lab_)
        return;
    std::string text = read_text(lab_->handout());
    handout_ = markdown::parse(
        text.empty() ? "This lab has no handout (" + lab_->handout().string() + ")." : text);
}

void LabPane::draw(Context& context) {
    if (!lab_) {
        ImGui::TextDisabled("No lab is open. `make lab LAB=01` opens one.");
        return;
    }
    auto status = context.source.status();
    read_output(status.build_output);
    bool building = status.phase == session::Phase::building;
    context.commands.draw_button("rebuild",
                                 building ? "Building###rebuild" : "Rebuild and run###rebuild");
    ImGui::SameLine();
    if (building)
        ImGui::TextDisabled("the build runs; the picture stays until the new run begins");
    else if (!complaints_.empty())
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(context.theme.bad),
                           "%zu lines from the compiler: click one", complaints_.size());
    else
        ImGui::TextDisabled("saving %s rebuilds and runs it · `make grade LAB=%s` grades it",
                            lab_->edit.empty() ? "a file" : lab_->edit.front().filename().c_str(),
                            lab_->name.substr(0, 2).c_str());
    float half = std::floor(ImGui::GetContentRegionAvail().x * 0.52f);
    ImGui::BeginChild("handout", {half, 0}, false);
    draw_handout(context);
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginChild("build", {0, 0}, false);
    draw_build(context);
    draw_source(context);
    ImGui::EndChild();
}

void LabPane::draw_handout(Context& context) {
    markdown::draw(context, handout_);
}

void LabPane::read_output(const std::string& output) {
    if (output == seen_output_)
        return;
    seen_output_ = output;
    complaints_.clear();
    static const std::regex pattern(
        R"(^([^\s:]+):(\d+):(?:\d+:)?\s*(fatal error|error|warning|note):\s*(.*)$)");
    for (const std::string& line : lines_of(output)) {
        std::smatch parts;
        if (line.size() < 1000 && std::regex_match(line, parts, pattern))
            complaints_.push_back({parts[1], std::atoi(parts[2].str().c_str()),
                                   parts[3].str() + ": " + parts[4].str(),
                                   parts[3].str().ends_with("error")});
    }
    for (const Complaint& complaint : complaints_)
        if (complaint.is_error) {
            open(complaint);
            break;
        }
}

void LabPane::open(const Complaint& complaint) {
    open_file_ = complaint.file;
    open_line_ = complaint.line;
    open_text_ = lines_of(read_text(complaint.file));
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
            open(complaint);
        ImGui::PopStyleColor();
        ImGui::PopID();
    }
    if (complaints_.empty() && !seen_output_.empty()) {
        ImGui::PushFont(context.fonts[Face::mono]);
        ImGui::TextUnformatted(seen_output_.c_str());
        ImGui::PopFont();
    }
    if (seen_output_.empty())
        ImGui::TextDisabled("The compiler has not said anything.");
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
