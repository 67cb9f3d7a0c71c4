// SPDX-License-Identifier: BSD-2-Clause
// Why a run or a build ended as it did, in one sentence with the next step. Pure functions of what
// was said, so that every message has a test.
#pragma once

#include "model/store.hpp"

#include <filesystem>
#include <string>

namespace session {

/// Why there is no gate: this QEMU refused the plugin, or there is no plugin.
[[nodiscard]] std::string missing_gate(bool refused);
/// QEMU did not start because of the plugin.
[[nodiscard]] bool refused_plugin(const std::string& qemu_output);
/// QEMU reported a problem of its own, as opposed to the kernel's end.
[[nodiscard]] bool qemu_complained(const std::string& qemu_output);

/// The kernel ended by itself. Empty if all is well.
[[nodiscard]] std::string explain_end(int exit_status, const model::Store& store,
                                      const std::string& console, bool foreign);
/// QEMU was killed, or gave up.
[[nodiscard]] std::string explain_death(int signal, const std::string& qemu_output,
                                        const std::filesystem::path& record);
/// The line of a compiler's or make's output that says what is wrong.
[[nodiscard]] std::string first_error(const std::string& build_output);

} // namespace session
