// SPDX-License-Identifier: BSD-2-Clause
#include "model/generator.hpp"
#include "render/blend.hpp"
#include "render/png.hpp"
#include "render/triangle.hpp"
#include "view/canvas.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace {

using render::Box;
using render::Corner;
using render::Image;

constexpr u32 half_white = 0x80ffffff;

Corner corner(double x, double y, u32 colour = half_white) {
    return {static_cast<int>(std::lround(x * 16)), static_cast<int>(std::lround(y * 16)), colour};
}

TEST(Blend, it_is_exact_at_both_ends_and_between) {
    for (u32 alpha = 0; alpha < 256; alpha++)
        for (u32 below : {0u, 1u, 127u, 254u, 255u})
            for (u32 above : {0u, 1u, 128u, 255u}) {
                auto exact = std::lround((above * alpha + below * (255 - alpha)) / 255.0);
                u32 blended = render::blend(below * 0x010101, above * 0x010101, alpha);
                EXPECT_EQ(blended, static_cast<u32>(exact) * 0x010101)
                    << alpha << ' ' << below << ' ' << above;
            }
}

TEST(Triangles, a_fan_covers_each_pixel_of_a_polygon_once) {
    // Around any inner point, whatever the fractions: a second coat would be brighter than the
    // first.
    model_test::Random random(7);
    u32 once = render::blend(0, 0xffffff, 0x80);
    for (int round = 0; round < 200; round++) {
        Image image(40, 40);
        Box all{0, 0, 40, 40};
        auto x = 5 + static_cast<double>(random.below(480)) / 16,
             y = 5 + static_cast<double>(random.below(480)) / 16;
        Corner middle = corner(x, y);
        std::array ring{corner(2, 2), corner(38, 2), corner(38, 38), corner(2, 38)};
        for (usize i = 0; i < ring.size(); i++)
            render::fill_triangle(image.surface(), all, middle, ring[i],
                                  ring[(i + 1) % ring.size()]);
        for (int row = 0; row < 40; row++)
            for (int column = 0; column < 40; column++) {
                bool inside = row >= 2 && row < 38 && column >= 2 && column < 38;
                ASSERT_EQ(image.at(column, row), inside ? once : 0)
                    << round << ": " << column << ',' << row;
            }
    }
}

TEST(Triangles, thin_and_wide_ones_agree_about_their_edge) {
    // The same slanted edge, as part of a narrow triangle (pixels tried) and of a wide one
    // (divided).
    model_test::Random random(11);
    for (int round = 0; round < 200; round++) {
        auto fraction = [&] { return static_cast<double>(random.below(80)) / 16; };
        Corner a = corner(30 + fraction(), 1), b = corner(30 + fraction(), 30 + fraction());
        Image image(64, 40);
        Box all{0, 0, 64, 40};
        Corner left = corner(28, 15), right = corner(60, 15);
        render::fill_triangle(image.surface(), all, a, b, left);
        render::fill_triangle(image.surface(), all, a, b, right);
        u32 once = render::blend(0, 0xffffff, 0x80);
        for (u32 pixel : image.pixels())
            ASSERT_TRUE(pixel == 0 || pixel == once) << round;
        for (int row = 2; row < 29; row++) // no gap between the two
            for (int column = 31; column < 34; column++)
                if (row > 12 && row < 18) {
                    ASSERT_EQ(image.at(column, row), once) << round;
                }
    }
}

TEST(Triangles, nothing_is_drawn_outside_the_clip_box) {
    Image image(40, 40);
    Box clip{10, 12, 20, 22};
    render::fill_triangle(image.surface(), clip, corner(-500, -500), corner(900, 0),
                          corner(0, 900));
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 40; x++)
            EXPECT_EQ(image.at(x, y) != 0, x >= 10 && x < 20 && y >= 12 && y < 22);
}

TEST(Triangles, colours_run_from_corner_to_corner) {
    Image image(64, 64);
    render::fill_triangle(image.surface(), {0, 0, 64, 64}, corner(0, 0, 0xff0000ff),
                          corner(64, 0, 0xff00ff00), corner(0, 64, 0xffff0000));
    EXPECT_GT(image.at(1, 1) >> 16 & 0xff, 240U);
    EXPECT_GT(image.at(60, 1) >> 8 & 0xff, 230U);
    EXPECT_GT(image.at(1, 60) & 0xff, 230U);
}

/// What a frame that draws with `fn` looks like.
template <class Fn> Image picture(Fn&& fn) {
    view::Canvas canvas;
    Image image(200, 120);
    canvas.begin(200, 120, 1.0f / 60);
    fn(canvas, *ImGui::GetBackgroundDrawList());
    canvas.end(image.surface());
    return image;
}

TEST(Drawing, adjacent_rectangles_with_fractions_tile) {
    Image image = picture([](view::Canvas&, ImDrawList& list) {
        for (int i = 0; i < 50; i++) {
            float x = 10 + 3.3f * static_cast<float>(i);
            list.AddRectFilled({x, 10}, {x + 3.3f, 30}, IM_COL32(255, 255, 255, 128));
        }
    });
    for (int x = 11; x < 174; x++)
        EXPECT_EQ(image.at(x, 20), image.at(11, 20)) << x;
}

TEST(Drawing, a_glyph_is_its_coverage_in_the_atlas) {
    Image image = picture([](view::Canvas& canvas, ImDrawList& list) {
        list.AddText(canvas.fonts()[view::Face::body], canvas.fonts().height(view::Face::body),
                     {20, 20}, IM_COL32_WHITE, "H");
    });
    // As many pixels differ from the ground as the glyph covers texels.
    view::Canvas canvas;
    const ImFontGlyph* glyph = canvas.fonts()[view::Face::body]->FindGlyph('H');
    const render::Atlas& atlas = canvas.fonts().atlas();
    auto texel = [](float uv, int size) { return std::lround(uv * static_cast<float>(size)); };
    usize covered = 0, drawn = 0;
    for (auto v = texel(glyph->V0, atlas.height); v < texel(glyph->V1, atlas.height); v++)
        for (auto u = texel(glyph->U0, atlas.width); u < texel(glyph->U1, atlas.width); u++)
            covered += atlas.coverage[v * atlas.width + u] != 0 ? 1 : 0;
    for (u32 pixel : image.pixels())
        drawn += pixel != image.at(0, 0) ? 1 : 0;
    EXPECT_GT(covered, 20U);
    EXPECT_EQ(drawn, covered);
}

TEST(Drawing, the_same_frame_twice_is_the_same_picture) {
    auto draw = [](view::Canvas& canvas, ImDrawList& list) {
        list.AddCircleFilled({100, 60}, 33.3f, IM_COL32(200, 90, 10, 200));
        list.AddBezierCubic({10, 10}, {80, 0}, {100, 120}, {190, 100}, IM_COL32(0, 255, 0, 255),
                            2.5f);
        list.AddText(canvas.fonts()[view::Face::caption],
                     canvas.fonts().height(view::Face::caption), {12, 70}, IM_COL32_WHITE,
                     "interlude");
    };
    EXPECT_EQ(picture(draw).pixels(), picture(draw).pixels());
}

TEST(Png, a_file_that_cannot_be_written_is_a_sentence) {
    auto error = render::write_png(Image(4, 4), "/nonexistent/picture.png");
    ASSERT_TRUE(error);
    EXPECT_NE(error->find("/nonexistent/picture.png"), std::string::npos);
}

TEST(Png, a_file_begins_and_ends_as_png_does) {
    auto path = std::filesystem::temp_directory_path() / "interlude-raster-test.png";
    ASSERT_FALSE(render::write_png(Image(17, 5), path));
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    std::filesystem::remove(path);
    ASSERT_GT(bytes.size(), 60U);
    EXPECT_EQ(bytes.substr(1, 3), "PNG");
    EXPECT_EQ(bytes.substr(bytes.size() - 8, 4), "IEND");
}

} // namespace
