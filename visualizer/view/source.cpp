// SPDX-License-Identifier: BSD-2-Clause
#include "view/source.hpp"

#include <fmt/format.h>

namespace view {

std::string SessionSource::title() const {
    const session::Options& options = session_.options();
    return fmt::format("scenario {} · {} hart{} · seed {}{}", options.scenario, options.harts,
                       options.harts == 1 ? "" : "s", options.seed, options.live ? " · live" : "");
}

const session::SearchState* SessionSource::search() const {
    return session_.options().explorer.program.empty() ? nullptr : &session_.search();
}

/// A lab says on how many harts; a scenario that is watched on one hart shows its races on two.
session::SearchWish SessionSource::usual_search() const {
    const session::Options& options = session_.options();
    session::SearchWish wish = options.search;
    if (wish.harts == 0)
        wish.harts = options.scenario == "lab" ? options.harts : std::max(2u, options.harts);
    return wish;
}

void SessionSource::rebuild() {
    bool stands = session_.status().phase == session::Phase::paused;
    session_.rebuild(stands ? session_.store().size() : ~0ull);
}

} // namespace view
