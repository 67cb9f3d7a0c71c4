// SPDX-License-Identifier: BSD-2-Clause
// interlude open DIR: shows a recorded trace, or takes a picture of it.
#include "cli/opened_trace.hpp"
#include "cli/picture.hpp"
#include "cli/subcommands.hpp"
#include "load/trace_reader.hpp"
#include "view/window.hpp"

#include <fmt/format.h>

namespace cli {
namespace {

/// A trace directory as a source; what is large is read while the window already shows.
class WatchedTrace final : public view::Source {
public:
    explicit WatchedTrace(const std::filesystem::path& directory)
        : directory_(directory)
        , reader_(directory, store_) {}

    model::Store& store() override { return store_; }
    [[nodiscard]] std::string title() const override {
        return directory_.string()
               + (reading_ ? fmt::format(" · reading {:.0f} %", reader_.progress() * 100) : "");
    }
    [[nodiscard]] const load::Finding* finding() const override {
        const auto& finding = reader_.manifest().finding;
        return finding ? &*finding : nullptr;
    }
    bool poll(unsigned) override {
        if (!reading_)
            return false;
        reading_ = reader_.step();
        return true;
    }
    void read_all() {
        while (reading_)
            poll(0);
    }
    [[nodiscard]] const std::string& error() const { return reader_.error(); }

private:
    std::filesystem::path directory_;
    model::Store store_;
    load::TraceReader reader_;
    bool reading_ = true;
};

void open(const std::filesystem::path& directory, const PictureOptions& picture) {
    WatchedTrace trace(directory);
    bool window = picture.screenshot.empty();
    if (window && !view::has_display())
        fail(
            "no display is set: use --screenshot FILE, or `interlude info` and `interlude events`");
    if (window)
        trace.poll(0);
    else
        trace.read_all();
    if (!trace.error().empty())
        fail(trace.error());
    if (!window)
        return take_picture(trace, picture);
    auto path = view::Settings::default_path();
    view::Settings settings = view::Settings::load(path);
    if (auto error = view::run_window(trace, settings))
        fail(*error);
    settings.save(path);
}

} // namespace

void add_open(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("open", "show a recorded trace, or take a picture of it");
    auto directory = std::make_shared<std::filesystem::path>();
    command->add_option("trace", *directory, "the trace's directory")->required();
    auto picture = add_picture_options(*command);
    command->callback([=] { open(*directory, *picture); });
}

} // namespace cli
