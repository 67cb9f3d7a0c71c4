// SPDX-License-Identifier: BSD-2-Clause
#include "view/headless.hpp"

#include <algorithm>

namespace view {
namespace {

/// Panes size themselves by what they drew before, and filters and indexes work in slices.
constexpr int most_frames = 2000, least_frames = 4;

} // namespace

render::Image take(Source& source, const Shot& shot, std::optional<session::Lab> lab) {
    Settings settings;
    settings.dark = shot.dark;
    settings.scale = shot.scale;
    settings.walk_done = true;
    Canvas canvas;
    canvas.set_look(shot.dark, shot.scale);
    Shell shell(source, settings, std::move(lab));
    if (shot.show_found)
        shell.toggle_found();
    else if (shot.shown < source.store().size())
        shell.playback().seek(shot.shown);
    else
        shell.playback().to_newest();
    shell.show(shot.layout);
    shell.selection().object = shot.selected;
    render::Image image(shot.width, shot.height);
    for (int frame = 0, more = 1; frame < most_frames && (more != 0 || frame < least_frames);
         frame++) {
        canvas.begin(shot.width, shot.height, 1.0f / 60);
        shell.settle();
        more = shell.frame(canvas, 1.0f / 60) ? 1 : 0;
        canvas.end(image.surface());
    }
    return image;
}

} // namespace view
