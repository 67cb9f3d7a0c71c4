// SPDX-License-Identifier: BSD-2-Clause
// A lab's folder, as lab.toml describes it: what to boot, what to look at, what a student edits and
// how far a graded run may go. The window, the grader and the tests read it through here.
//
//   title      = "First interrupt"
//   scenario   = "lab"                 boot parameters; the rest go on as they are
//   harts      = 1
//   seed       = 1
//   parameters = ["lock_level=check"]
//   edit       = ["handler.cpp"]       the student's files, in the order in which to show them
//   [view]                             optional: what the window shows first
//   layout     = "timeline"
//   line       = "uart0"
//   [limits]                           of a graded run; what lies beyond is not judged
//   milliseconds = 2000                of the machine's time, so that no host is too slow
//   events       = 100000
//   console      = 65536               bytes
//
// Rules
//   - Every key may be missing; what a Lab holds then is below. An unknown key is an error: it is
//     more often a slip than a wish.
// Read next: session.hpp, labs/grader/run.hpp
#pragma once

#include "lib/types.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace session {

struct Limits {
    u64 milliseconds = 2000;
    u64 events = 100'000;
    u64 console = 65'536;
};

struct Lab {
    std::filesystem::path folder; // labs/01-first-interrupt
    std::string name;             // "01-first-interrupt"
    std::string title;
    std::string scenario = "lab";
    unsigned harts = 1;
    u64 seed = 1;
    std::vector<std::string> parameters;
    std::vector<std::filesystem::path> edit; // as paths from here, like `folder`
    std::map<std::string, std::string> view; // as lab.toml has it: the views know the keys
    Limits limits;

    [[nodiscard]] std::filesystem::path handout() const { return folder / "README.md"; }
};

/// Reads folder/lab.toml. Throws std::runtime_error with a sentence that names file and line.
[[nodiscard]] Lab load_lab(const std::filesystem::path& folder);

} // namespace session
