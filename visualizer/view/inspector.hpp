// SPDX-License-Identifier: BSD-2-Clause
// Everything that is known of the selected object at the shown instant, and the last events that
// speak of it.
#pragma once

#include "view/context.hpp"

#include <vector>

namespace view {

class Inspector {
public:
    void draw(Context& context);

private:
    void draw_history(Context& context);

    std::vector<u32> history_; // indices of events, newest first
    std::optional<Object> history_of_;
    usize history_until_ = 0;
};

} // namespace view
