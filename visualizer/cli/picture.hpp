// SPDX-License-Identifier: BSD-2-Clause
// The options for pictures, which `run` and `open` share: where to, of which instant, how large,
// in which colours, of which pane.
#pragma once

#include "view/headless.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace cli {

struct PictureOptions {
    std::filesystem::path screenshot;
    std::string at, size = "1600x900", theme = "dark", view = "all", select;
    float scale = 1;
    bool show_found = false; // by the race finder
};

std::shared_ptr<PictureOptions> add_picture_options(CLI::App& app);

/// "1234" (so many events have happened), "12.5ms" or "3s" (since the first event) as a number of
/// events. Throws CLI::ValidationError with a sentence.
usize parse_instant(const model::Store& store, const std::string& text);

/// Takes the picture and says where it is. Throws CLI::RuntimeError if it cannot be written.
void take_picture(view::Source& source, const PictureOptions& options,
                  std::optional<session::Lab> lab = std::nullopt);

} // namespace cli
