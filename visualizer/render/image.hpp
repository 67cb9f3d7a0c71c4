// SPDX-License-Identifier: BSD-2-Clause
// A picture in memory, and a view of pixels that somebody else owns (a window's surface).
// Pixels are 0x00RRGGBB, rows from top to bottom.
#pragma once

#include "lib/types.hpp"

#include <vector>

namespace render {

/// Pixels that somebody owns. `pitch` counts pixels, not bytes.
struct Surface {
    u32* pixels = nullptr;
    int width = 0, height = 0;
    int pitch = 0;

    [[nodiscard]] u32* row(int y) const { return pixels + static_cast<std::ptrdiff_t>(y) * pitch; }
};

class Image {
public:
    Image(int width, int height)
        : width_(width)
        , height_(height)
        , pixels_(static_cast<usize>(width) * static_cast<usize>(height)) {}

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] const std::vector<u32>& pixels() const { return pixels_; }
    [[nodiscard]] u32 at(int x, int y) const {
        return pixels_[static_cast<usize>(y) * static_cast<usize>(width_) + static_cast<usize>(x)];
    }
    [[nodiscard]] Surface surface() { return {pixels_.data(), width_, height_, width_}; }

private:
    int width_, height_;
    std::vector<u32> pixels_;
};

} // namespace render
