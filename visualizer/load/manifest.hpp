// SPDX-License-Identifier: BSD-2-Clause
// .manifest.json of a trace directory: which image, started how, made this trace. Its name begins
// with a dot because CTF readers take every other file of the directory for a stream of events.
#pragma once

#include "lib/types.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

constexpr const char* manifest_name = ".manifest.json";

/// What a mark's text begins with where the race finder departed from the usual order.
constexpr std::string_view departure_mark = "departure: ";

/// What the race finder says of a run that it found.
struct Finding {
    std::string failure;                 // "panic: assertion failed: …"
    std::string caption;                 // "found after 5 schedules; …"
    std::vector<std::string> departures; // in words
};

struct Manifest {
    std::string image;             // path of the kernel
    std::string image_hash;        // see file_hash()
    std::string build_id;          // see build_id()
    std::string parameters;        // boot parameters
    std::vector<std::string> qemu; // command line
    std::string started;           // ISO 8601
    u64 schema = 0;
    u64 timebase = 10'000'000; // clock ticks per second; QEMU virt has 10 MHz
    unsigned harts = 1;
    std::optional<Finding> finding;
};

[[nodiscard]] std::string to_json(const Manifest& manifest);
/// Nothing if the text is not a manifest. Entries that are missing keep their defaults.
[[nodiscard]] std::optional<Manifest> manifest_from(std::string_view json);

/// FNV-1a over a file's bytes, 16 hexadecimal digits; empty if it cannot be read.
[[nodiscard]] std::string file_hash(const std::filesystem::path& file);

} // namespace load
