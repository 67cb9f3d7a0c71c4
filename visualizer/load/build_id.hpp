// SPDX-License-Identifier: BSD-2-Clause
// Which build a program is: the id that the linker put into its ELF file (ld --build-id), a hash of
// what it linked. The kernel's depends on its sources and its compiler alone, not on the day or the
// directory, so whoever has a trace can tell whether this kernel made it: `readelf -n` and `file`
// print the same digits.
//
// A git revision would say less: a lab is built from sources that nobody has committed.
#pragma once

#include <filesystem>
#include <string>

namespace load {

/// In hexadecimal; empty if the file has none, or is no 64-bit little-endian ELF file.
[[nodiscard]] std::string build_id(const std::filesystem::path& file);

} // namespace load
