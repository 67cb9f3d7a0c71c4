// SPDX-License-Identifier: BSD-2-Clause
// What the window remembers from one run to the next: a small JSON file,
// $XDG_CONFIG_HOME/interlude/settings.json. A file that is missing, damaged or from another
// version costs its settings and nothing else.
#pragma once

#include <filesystem>
#include <string>

namespace view {

struct Settings {
    bool dark = true;
    float scale = 1;
    float right_share = 0.33f;  // of the width: narration and inspector
    float bottom_share = 0.30f; // of the height: timeline, console, lab
    float inspector_share = 0.45f;
    int window_width = 1600, window_height = 900;
    int rate = 5; // index into Playback::rates: 30 events a second; a person slows it down
    std::string scenario = "tour";
    bool walk_done = false; // the guided walk was seen or declined

    static std::filesystem::path default_path();
    static Settings load(const std::filesystem::path& path);
    /// Silent about failure: a home that cannot be written to is no reason to complain on exit.
    void save(const std::filesystem::path& path) const;
};

} // namespace view
