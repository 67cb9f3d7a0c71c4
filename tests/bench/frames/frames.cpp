// SPDX-License-Identifier: BSD-2-Clause
// How long a frame takes, without a display: make build/bench-frames && build/bench-frames
//
// Prints medians and 95th percentiles of what a frame costs while the picture moves from event to
// event: building it (views, ImGui) and painting it (our rasteriser), at 1600 x 900. Times depend
// on the machine and its load, so nothing here passes or fails.
#include "model/generator.hpp"
#include "view/headless.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Times {
    std::vector<double> build, paint;
    static double at(std::vector<double> times, double share) {
        std::sort(times.begin(), times.end());
        return times[static_cast<usize>(share * static_cast<double>(times.size() - 1))];
    }
};

Times measure(view::Source& source, view::Layout layout) {
    view::Settings settings;
    settings.walk_done = true;
    view::Canvas canvas;
    view::Shell shell(source, settings);
    shell.show(layout);
    render::Image image(1600, 900);
    usize middle = source.store().size() / 2;
    Times times;
    bool indexing = true;
    for (usize frame = 0; times.build.size() < 120; frame++) {
        shell.playback().seek(indexing ? middle : middle + frame % 500);
        auto start = Clock::now();
        canvas.begin(1600, 900, 1.0f / 60);
        bool more = shell.frame(canvas, 1.0f / 60);
        double built = since(start);
        start = Clock::now();
        canvas.end(image.surface());
        if (!indexing) {
            times.build.push_back(built);
            times.paint.push_back(since(start));
        }
        indexing = indexing && (more || frame < 4); // filters and lanes work in slices
    }
    return times;
}

} // namespace

int main() {
    fmt::print("frame, ms at 1600x900        build p50   p95   paint p50   p95\n");
    for (u64 events : {10'000, 1'000'000}) {
        model::Store store;
        model_test::Generator(8, 1, model_test::into(store), 20).run(events);
        view::RecordedSource source(store, "synthetic");
        for (auto [layout, name] : {std::pair(view::Layout::all, "all panes"),
                                    std::pair(view::Layout::machine, "machine"),
                                    std::pair(view::Layout::timeline, "timeline"),
                                    std::pair(view::Layout::narration, "narration")}) {
            Times t = measure(source, layout);
            fmt::print("{:>9} events, {:<10} {:10.2f} {:5.2f} {:11.2f} {:5.2f}\n", events, name,
                       Times::at(t.build, 0.5), Times::at(t.build, 0.95), Times::at(t.paint, 0.5),
                       Times::at(t.paint, 0.95));
        }
    }
}
