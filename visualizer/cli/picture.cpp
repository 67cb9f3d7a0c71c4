// SPDX-License-Identifier: BSD-2-Clause
#include "cli/picture.hpp"

#include "cli/opened_trace.hpp"

#include "render/png.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdio>

namespace cli {
namespace {

/// Finds an object by its name; of several, the first by kind.
std::optional<view::Object> find_object(const model::Store& store, const std::string& name) {
    using trace::Kind;
    for (Kind kind :
         {Kind::lwp, Kind::line, Kind::lock, Kind::channel, Kind::callout, Kind::softint})
        for (const auto& [id, known] : store.names().all(kind))
            if (known == name)
                return view::Object{kind, id};
    return std::nullopt;
}

void parse_size(const std::string& text, view::Shot& shot) {
    int used = 0;
    bool fits = std::sscanf(text.c_str(), "%dx%d%n", &shot.width, &shot.height, &used) == 2
                && static_cast<usize>(used) == text.size();
    if (!fits || shot.width < 320 || shot.height < 240 || shot.width > 8192 || shot.height > 8192)
        throw CLI::ValidationError("--size",
                                   "'" + text + "' is not a size from 320x240 to 8192x8192");
}

view::Shot shot_of(const model::Store& store, const PictureOptions& options) {
    view::Shot shot;
    parse_size(options.size, shot);
    shot.dark = options.theme == "dark";
    shot.scale = options.scale;
    shot.show_found = options.show_found;
    shot.layout = view::layout_named(options.view).value_or(view::Layout::all);
    if (!options.at.empty())
        shot.shown = parse_instant(store, options.at);
    if (!options.select.empty()) {
        shot.selected = find_object(store, options.select);
        if (!shot.selected)
            throw CLI::ValidationError("--select",
                                       "the trace names nothing '" + options.select + "'");
    }
    return shot;
}

} // namespace

std::shared_ptr<PictureOptions> add_picture_options(CLI::App& app) {
    auto options = std::make_shared<PictureOptions>();
    app.add_option("--screenshot", options->screenshot,
                   "write a picture (PNG) instead of opening a window");
    app.add_option("--at", options->at,
                   "of this instant: 1234 (events), 12.5ms or 3s (time); default: the last");
    app.add_option("--size", options->size, "of the picture, in pixels")->capture_default_str();
    app.add_option("--theme", options->theme, "light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    app.add_option("--scale", options->scale, "size of text")
        ->check(CLI::Range(0.75, 3.0))
        ->capture_default_str();
    app.add_option("--view", options->view, "which pane")
        ->check(CLI::IsMember(
            {"all", "machine", "timeline", "narration", "console", "lab", "statistics", "finder"}))
        ->capture_default_str();
    app.add_option("--select", options->select, "select the object of this name");
    return options;
}

usize parse_instant(const model::Store& store, const std::string& text) {
    double value = 0;
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, value);
    std::string unit(rest, end);
    double seconds = unit == "s"    ? 1
                     : unit == "ms" ? 1e-3
                     : unit == "us" ? 1e-6
                     : unit == "ns" ? 1e-9
                                    : 0;
    if (error != std::errc{} || !(value >= 0) || (seconds == 0 && !unit.empty()))
        throw CLI::ValidationError(
            "--at", "'" + text + "' is neither a number of events nor a time such as 12.5ms");
    if (unit.empty())
        return static_cast<usize>(std::min(value, 1e15));
    if (store.empty())
        return 0;
    double ticks = value * seconds * static_cast<double>(std::max<u64>(1, store.newest().timebase));
    return store.upper_bound(store.time(0) + static_cast<u64>(std::min(std::round(ticks), 1e18)));
}

void take_picture(view::Source& source, const PictureOptions& options,
                  std::optional<session::Lab> lab) {
    view::Shot shot = shot_of(source.store(), options);
    render::Image image = view::take(source, shot, std::move(lab));
    if (auto error = render::write_png(image, options.screenshot))
        fail(*error);
    fmt::print("picture: {}\n", options.screenshot.string());
}

} // namespace cli
