// SPDX-License-Identifier: BSD-2-Clause
#include "render/png.hpp"

#include <png.h>

#include <cerrno>
#include <csetjmp>
#include <cstdio>
#include <cstring>

namespace render {
namespace {

/// Nothing with a destructor may live across the setjmp, hence plain pointers and a row of our
/// caller's.
bool write(std::FILE* file, const Image& image, std::vector<u8>& row) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png != nullptr ? png_create_info_struct(png) : nullptr;
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, file);
    png_set_compression_level(png, 1);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_IHDR(png, info, static_cast<u32>(image.width()), static_cast<u32>(image.height()), 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < image.height(); y++) {
        for (int x = 0; x < image.width(); x++) {
            u32 pixel = image.at(x, y);
            u8* out = &row[static_cast<usize>(x) * 3];
            out[0] = static_cast<u8>(pixel >> 16);
            out[1] = static_cast<u8>(pixel >> 8);
            out[2] = static_cast<u8>(pixel);
        }
        png_write_row(png, row.data());
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

} // namespace

std::optional<std::string> write_png(const Image& image, const std::filesystem::path& path) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return "cannot write " + path.string() + ": " + std::strerror(errno);
    std::vector<u8> row(static_cast<usize>(image.width()) * 3);
    bool written = write(file, image, row);
    int error = errno;
    if (std::fclose(file) == 0 && written)
        return std::nullopt;
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return "cannot write " + path.string() + ": " + std::strerror(error);
}

} // namespace render
