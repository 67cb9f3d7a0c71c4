// SPDX-License-Identifier: BSD-2-Clause
// The events of a run as an ordinary trace directory, as if a kernel in QEMU had sent them: the
// same packets, the same reader, the same machine view.
#pragma once

#include "explore/runner.hpp"
#include "load/manifest.hpp"

#include <filesystem>

namespace explore {

/// Writes the events, which are in the order of their harts. Throws std::runtime_error with a
/// sentence.
void write_trace(const std::filesystem::path& directory, const Subject& subject,
                 const load::Finding& finding, const std::vector<Recorded>& events);

} // namespace explore
