// SPDX-License-Identifier: BSD-2-Clause
// Writes a picture as PNG. Level 1, no filter: ten times quicker than libpng's defaults and hardly
// larger for pictures of windows.
#pragma once

#include "render/image.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace render {

/// Nothing if the file was written whole; otherwise a sentence that says why not. A file that
/// could not be written whole is removed.
[[nodiscard]] std::optional<std::string> write_png(const Image& image,
                                                   const std::filesystem::path& path);

} // namespace render
