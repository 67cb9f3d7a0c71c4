// SPDX-License-Identifier: BSD-2-Clause
// A trace that a subcommand works on, and how a subcommand fails.
#pragma once

#include "load/manifest.hpp"
#include "model/store.hpp"

#include <filesystem>
#include <string>

namespace cli {

/// Prints one sentence on standard error and ends the command with a status other than 0.
[[noreturn]] void fail(const std::string& sentence, int status = 1);

struct OpenedTrace {
    std::filesystem::path directory;
    load::Manifest manifest;
    model::Store store;

    /// Reads the whole trace, or fails.
    explicit OpenedTrace(const std::filesystem::path& directory);

    [[nodiscard]] u64 timebase() const { return store.newest().timebase; }
    /// A time since the trace's first event: "12.345 6 ms".
    [[nodiscard]] std::string when(u64 time) const;
    /// A duration in clock ticks.
    [[nodiscard]] std::string duration(double ticks) const;
};

} // namespace cli
