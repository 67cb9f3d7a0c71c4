// SPDX-License-Identifier: BSD-2-Clause
// How each of our programs reads its command line, and with which status it ends if it cannot.
//
//   if (std::optional<int> end = session::parse(app, count, words))
//       return *end;
#pragma once

#include <CLI/CLI.hpp>

#include <optional>

namespace session {

constexpr int status_refused = 2; // what is asked for is not understood, or cannot be done

/// Nothing if the program goes on. Else the status that it ends with: what a subcommand said, 0
/// after --help, and for what CLI11 does not understand ours instead of one of its own (100 to
/// 127).
inline std::optional<int> parse(CLI::App& app, int count, const char* const* words) {
    try {
        app.parse(count, words);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        int status = app.exit(error); // says what is wrong
        bool ours = status == 0 || error.get_name() == "RuntimeError";
        return ours ? status : status_refused;
    }
}

} // namespace session
