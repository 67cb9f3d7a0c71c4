// SPDX-License-Identifier: BSD-2-Clause
// The narration: a sentence for each event, the names in it as links.
//
// Filters by group, by the selected object and by words. A filter looks at events in slices of a
// few milliseconds per frame, so that a million of them never stop the window; how far it is shows.
#pragma once

#include "view/context.hpp"

#include <string>
#include <vector>

namespace view {

class Narration {
public:
    void draw(Context& context);

private:
    struct Filter {
        u32 groups = ~0u & ~trace::group_bit(trace::Group::meta);
        bool selected_only = false;
        std::optional<Object> object;
        std::string words;
        bool operator==(const Filter&) const = default;
    };

    void draw_filter(Context& context);
    void draw_list(Context& context);
    void draw_row(Context& context, usize index);
    static void draw_cut(Context& context, const model::Event& event, ImVec2 end);
    void advance_filter(Context& context);
    [[nodiscard]] bool passes(Context& context, usize index) const;

    Filter filter_, applied_;
    std::vector<u32> matches_; // indices of events, ascending
    usize looked_at_ = 0;
    usize last_shown_ = ~usize{0};
    int frames_to_scroll_ = 0;
    const model::Store* store_ = nullptr;
};

} // namespace view
