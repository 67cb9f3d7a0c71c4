// SPDX-License-Identifier: BSD-2-Clause
// Every subcommand of `interlude`: each adds itself, with its options and its help, to the program.
#pragma once

#include <CLI/CLI.hpp>

namespace cli {

void add_run(CLI::App& program);
void add_open(CLI::App& program);
void add_info(CLI::App& program);
void add_stat(CLI::App& program);
void add_events(CLI::App& program);
void add_check(CLI::App& program);
void add_schema(CLI::App& program);
void add_explore(CLI::App& program);

} // namespace cli
