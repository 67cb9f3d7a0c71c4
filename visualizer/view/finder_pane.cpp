// SPDX-License-Identifier: BSD-2-Clause
#include "view/finder_pane.hpp"

#include "view/draw.hpp"
#include "view/participants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace view {
namespace {

using Phase = session::SearchState::Phase;

struct Strategy {
    const char *name, *words;
};
constexpr Strategy strategies[] = {
    {"random", "departs now and then, at random: broad, try it first"},
    {"pct", "harts have priorities that change at a few points: for few things in a certain order"},
    {"exhaustive", "every run with at most so many departures: for small programs"},
};
constexpr u64 budgets[] = {10'000, 100'000, 1'000'000, 10'000'000};
constexpr unsigned bounds[] = {0, 1, 2, 3, 4};
constexpr unsigned hart_counts[] = {1, 2, 3, 4, 8};

/// "12 345"
std::string grouped(u64 number) {
    std::string digits = std::to_string(number);
    for (usize at = digits.size(); at > 3;)
        digits.insert(at -= 3, " ");
    return digits;
}

/// "1 schedule", "12 345 schedules"
std::string count_of(u64 count, const char* thing) {
    return grouped(count) + " " + thing + (count == 1 ? "" : "s");
}

const char* what_it_does(const std::string& name) {
    for (const Strategy& strategy : strategies)
        if (name == strategy.name)
            return strategy.words;
    return "";
}

std::string words_of(const session::SearchWish& wish) {
    std::string words = wish.strategy;
    if (wish.is_exhaustive())
        words += ", at most " + count_of(wish.bound, "departure");
    if (std::optional<u64> most = wish.most_schedules())
        words += ", at most " + count_of(*most, "schedule");
    return words + ", " + count_of(wish.harts, "hart");
}

/// What there is to choose from, and what somebody has chosen elsewhere, in order.
template <class T> std::vector<T> with(std::span<const T> usual, T now) {
    std::vector<T> all(usual.begin(), usual.end());
    all.push_back(now);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// A label and a list to choose from, on one row. True if another one has been chosen.
template <class T, class Words>
bool choose(const Context& context, const char* label, float width, T& now,
            const std::vector<T>& items, Words&& words, const char* (*tip)(const T&) = nullptr) {
    ImGui::SameLine(0, context.px(14));
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("%s", label);
    ImGui::SameLine();
    ImGui::SetNextItemWidth(context.px(width));
    if (!ImGui::BeginCombo(fmt::format("###{}", label).c_str(), words(now).c_str()))
        return false;
    bool chosen = false;
    for (const T& item : items) {
        if (ImGui::Selectable(words(item).c_str(), item == now)) {
            chosen = true;
            now = item;
        }
        if (tip != nullptr && ImGui::IsItemHovered())
            ImGui::SetTooltip("%s", tip(item));
    }
    ImGui::EndCombo();
    return chosen;
}

bool choose_strategy(const Context& context, session::SearchWish& wish) {
    std::vector<std::string> names;
    for (const Strategy& strategy : strategies)
        names.emplace_back(strategy.name);
    return choose(
        context, "strategy", 120, wish.strategy, names,
        [](const std::string& name) { return name; }, what_it_does);
}

/// All there are, or so many.
bool choose_budget(const Context& context, session::SearchWish& wish) {
    std::optional<u64> most = wish.most_schedules();
    std::vector<std::optional<u64>> items;
    if (wish.is_exhaustive())
        items.push_back(std::nullopt);
    for (u64 budget : with<u64>(budgets, most.value_or(budgets[0])))
        items.emplace_back(budget);
    bool chosen = choose(context, "schedules", 120, most, items, [](std::optional<u64> budget) {
        return budget ? grouped(*budget) : "all there are";
    });
    if (chosen)
        wish.budget = most;
    return chosen;
}

bool choose_search(const Context& context, session::SearchWish& wish) {
    bool chosen = choose_strategy(context, wish);
    if (wish.is_exhaustive())
        chosen |= choose(context, "departures at most", 70, wish.bound,
                         with<unsigned>(bounds, wish.bound), grouped);
    return choose_budget(context, wish) || chosen;
}

bool has_passed(const model::Event& check) {
    return trace::unpack<trace::Check>(check.record).passed != 0;
}

void draw_wrapped_in(Colour colour, const std::string& words) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(words.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

} // namespace

session::SearchWish FinderPane::wish(const Source& source) const {
    session::SearchWish usual = source.usual_search();
    session::SearchWish wish = wish_.value_or(usual);
    if (!harts_chosen_)
        wish.harts = usual.harts;
    return wish;
}

void FinderPane::draw(Context& context) {
    const session::SearchState* search = context.source.search();
    if (search == nullptr) {
        ImGui::TextDisabled("A recording cannot be searched. `make run` and `make lab LAB=01` open "
                            "what can; `make explore` searches without a window.");
        return;
    }
    draw_choices(context, *search);
    ImGui::BeginChild("result", {0, 0}, false);
    if (search->active())
        draw_progress(context, *search);
    else
        draw_result(context, *search);
    ImGui::EndChild();
}

void FinderPane::draw_choices(Context& context, const session::SearchState& search) {
    if (search.active())
        context.commands.draw_button("cancel-find", "Cancel###find");
    else
        context.commands.draw_button("find-race", "Find the race###find");
    session::SearchWish wish = this->wish(context.source);
    ImGui::BeginDisabled(search.active());
    bool chosen = choose_search(context, wish);
    if (choose(context, "harts", 60, wish.harts, with<unsigned>(hart_counts, wish.harts), grouped))
        chosen = harts_chosen_ = true;
    ImGui::EndDisabled();
    if (chosen)
        wish_ = wish;
    ImGui::TextDisabled("%s", what_it_does(wish.strategy));
    ImGui::Separator();
}

void FinderPane::draw_progress(const Context& context, const session::SearchState& search) const {
    std::string words;
    if (search.phase == Phase::building)
        words = "building the program that searches";
    else if (search.phase == Phase::shortening)
        words = "a schedule fails: it is made as short as it can be";
    else if (search.schedules == 0)
        words = "the search begins";
    else
        words = fmt::format("{} schedules  ·  {:.0f} a second", grouped(search.schedules),
                            search.rate());
    if (search.phase == Phase::searching && search.wish.is_exhaustive())
        words += "  ·  those with " + count_of(search.bound, "departure");
    float share = search.phase == Phase::shortening ? 1 : search.share();
    if (search.phase == Phase::searching && share > 0)
        words += fmt::format("  ·  about {:.0f} s left",
                             search.wish.is_exhaustive()
                                 ? search.seconds * static_cast<double>((1 - share) / share)
                                 : static_cast<double>(search.items - search.begun)
                                       / std::max(1.0, search.rate()));
    ImGui::ProgressBar(share, {-1, context.px(20)});
    ImGui::TextUnformatted(words.c_str());
    ImGui::TextDisabled("%s", words_of(search.wish).c_str());
}

void FinderPane::draw_result(Context& context, const session::SearchState& search) const {
    const Theme& theme = context.theme;
    switch (search.phase) {
    case Phase::found:
        break;
    case Phase::nothing:
        return draw_nothing(context, search);
    case Phase::failed:
        draw_wrapped_in(theme.bad, search.message);
        if (search.build_failed || !search.output.empty()) {
            ImGui::PushFont(context.fonts[Face::mono]);
            ImGui::TextUnformatted(search.output.c_str());
            ImGui::PopFont();
        }
        return;
    default:
        draw_wrapped_in(theme.text_faint,
                        !search.message.empty()
                            ? search.message
                            : "Runs what you see on a simulated machine, thousands of times a "
                              "second, each time in another order, until a run fails.");
        return;
    }
    draw_wrapped_in(theme.bad, search.failure);
    ImGui::TextUnformatted(search.caption.c_str());
    context.commands.draw_button("show-found", context.source.finding() != nullptr
                                                   ? "Back to the live run###show"
                                                   : "Show it###show");
    ImGui::SameLine(0, context.px(14));
    ImGui::TextDisabled("replay: make explore REPLAY=%s", search.schedule.c_str());
    for (usize i = 0; i < search.departures.size(); i++)
        ImGui::BulletText("%s", search.departures[i].c_str());
}

void FinderPane::draw_nothing(const Context& context, const session::SearchState& search) const {
    draw_wrapped_in(context.theme.good,
                    fmt::format("Nothing found in {} ({:.1f} s).",
                                count_of(search.schedules, "schedule"), search.seconds));
    draw_wrapped_in(context.theme.text, session::meaning_of_nothing(search));
    ImGui::TextDisabled("%s", words_of(search.wish).c_str());
}

// ---- a run that was found

usize failing_event(const model::Store& store, const load::Finding& finding) {
    bool by_report = finding.failure.starts_with("report");
    for (usize i = store.size(); i > 0; i--) {
        u16 id = store.id(i - 1);
        if (id == trace::id_of<trace::Panic> || (by_report && id == trace::id_of<trace::Report>))
            return i - 1;
        if (id == trace::id_of<trace::Check> && !has_passed(store.event(i - 1)))
            return i - 1;
    }
    return store.empty() ? 0 : store.size() - 1;
}

std::vector<usize> departures_in(const model::Store& store) {
    constexpr usize most = 20;
    std::vector<usize> found;
    for (usize i = 0; i < store.size() && found.size() < most; i++)
        if (is_departure(store.event(i), store.names()))
            found.push_back(i);
    return found;
}

std::string who_made(const Context& context, usize event) {
    if (event >= context.store.size())
        return "";
    model::Event made = context.store.event(event);
    const model::Names& names = context.store.names();
    return names.of(made.hart) + ", " + names.of(static_cast<trace::LwpId>(made.lwp()));
}

void draw_found_bar(Context& context, const load::Finding& finding) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImVec2 size(ImGui::GetContentRegionAvail().x, context.px(42));
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, mix(theme.panel, theme.bad, 0.22f),
                       context.px(3));
    list.AddRectFilled(at, {at.x + context.px(4), at.y + size.y}, theme.bad);
    bool can_go_back = context.commands.find("show-found")->enabled();
    const ImGuiStyle& style = ImGui::GetStyle();
    float buttons = context.px(8);
    constexpr const char* labels[] = {"Play it", "To the failure", "Back to the live run"};
    for (const char* label : std::span(labels, can_go_back ? 3 : 2))
        buttons += ImGui::CalcTextSize(label).x + 2 * style.FramePadding.x + style.ItemSpacing.x;
    float left = at.x + context.px(12);
    float room = size.x - buttons - context.px(24);
    draw_text(list, context.fonts, Face::body, {left, at.y + context.px(3)}, theme.text,
              finding.failure, room);
    draw_text(list, context.fonts, Face::small, {left, at.y + context.px(23)}, theme.text_faint,
              "Race finder: " + finding.caption, room);
    ImGui::SetCursorScreenPos({at.x + size.x - buttons, at.y + context.px(8)});
    context.commands.draw_button("play-found", labels[0]);
    ImGui::SameLine();
    context.commands.draw_button("to-failure", labels[1]);
    if (can_go_back) {
        ImGui::SameLine();
        context.commands.draw_button("show-found", "Back to the live run###back");
    }
    ImGui::SetCursorScreenPos({at.x, at.y + size.y + style.ItemSpacing.y});
}

} // namespace view
