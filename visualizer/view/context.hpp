// SPDX-License-Identifier: BSD-2-Clause
// What every view is given for one frame.
#pragma once

#include "model/narration.hpp"
#include "view/commands.hpp"
#include "view/fonts.hpp"
#include "view/participants.hpp"
#include "view/playback.hpp"
#include "view/theme.hpp"

namespace view {

struct Context {
    Source& source;
    Playback& playback;
    Selection& selection;
    const Commands& commands;
    const Theme& theme;
    const Fonts& fonts;
    model::Store& store;
    const model::State& state; // after the first `shown` events
    usize shown;
    float seconds;        // since the last frame
    bool animate = false; // a view sets it to be drawn again at once

    /// Pixels for a length at scale 1.
    [[nodiscard]] float px(float at_scale_one) const {
        return static_cast<float>(static_cast<int>(at_scale_one * fonts.scale() + 0.5f));
    }
    [[nodiscard]] u64 first_time() const { return store.empty() ? 0 : store.time(0); }
    /// "12.345 678 9 ms" after the first event.
    [[nodiscard]] std::string time_text(u64 time) const {
        return model::format_time(time - first_time(),
                                  state.timebase != 0 ? state.timebase : 10000000);
    }
};

} // namespace view
