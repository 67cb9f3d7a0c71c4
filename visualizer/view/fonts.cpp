// SPDX-License-Identifier: BSD-2-Clause
#include "view/fonts.hpp"

#include <cfloat>
#include <cmath>
#include <filesystem>

namespace view {
namespace {

struct FaceSource {
    const char* file;
    float size;
};
constexpr FaceSource sources[] = {
    {"DejaVuSans.ttf", 10},      {"DejaVuSans.ttf", 12},      {"DejaVuSans.ttf", 15},
    {"DejaVuSans-Bold.ttf", 15}, {"DejaVuSans-Bold.ttf", 18}, {"DejaVuSans.ttf", 20},
    {"DejaVuSansMono.ttf", 14},
};
static_assert(std::size(sources) == static_cast<usize>(Face::count));

/// Latin, dashes and quotes, arrows, comparisons, shapes, the bolt, check marks.
constexpr ImWchar ranges[] = {0x20,   0xff,   0x2010, 0x2027, 0x2030, 0x203a, 0x2190,
                              0x21ff, 0x2260, 0x2265, 0x2500, 0x257f, 0x25a0, 0x25ff,
                              0x26a0, 0x26a1, 0x2713, 0x2718, 0};

/// Debian and Ubuntu, Fedora, Arch.
constexpr const char* directories[] = {"/usr/share/fonts/truetype/dejavu",
                                       "/usr/share/fonts/dejavu-sans-fonts",
                                       "/usr/share/fonts/dejavu", "/usr/share/fonts/TTF"};

std::string find(const char* file) {
    for (const char* directory : directories) {
        std::filesystem::path path = std::filesystem::path(directory) / file;
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored))
            return path;
    }
    return {};
}

} // namespace

void Fonts::load(float scale) {
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    scale_ = scale;
    warning_.clear();
    for (usize i = 0; i < faces_.size(); i++) {
        ImFontConfig config;
        config.OversampleH = config.OversampleV = 1;
        config.PixelSnapH = true;
        std::string file = find(sources[i].file);
        if (file.empty() && warning_.empty())
            warning_ = std::string(sources[i].file)
                       + " not found: install fonts-dejavu-core (make deps does it)";
        config.SizePixels = std::round(sources[i].size * scale);
        faces_[i] = file.empty() ? io.Fonts->AddFontDefault(&config)
                                 : io.Fonts->AddFontFromFileTTF(file.c_str(), config.SizePixels,
                                                                &config, ranges);
    }
    io.FontDefault = (*this)[Face::body];
    unsigned char* pixels = nullptr;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &atlas_.width, &atlas_.height);
    atlas_.coverage = pixels;
}

ImVec2 Fonts::measure(Face face, const char* from, const char* to) const {
    ImFont* font = (*this)[face];
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, from, to);
}

} // namespace view
