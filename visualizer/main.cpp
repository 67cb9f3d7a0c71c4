// SPDX-License-Identifier: BSD-2-Clause
// interlude: runs the kernel, shows what happens in it, and answers questions about recorded runs.
#include "cli/subcommands.hpp"
#include "session/command_line.hpp"

int main(int count, char** words) {
    CLI::App program("Interlude: a kernel in which interrupts are threads, and a window on it.",
                     "interlude");
    program.require_subcommand(1);
    cli::add_run(program);
    cli::add_open(program);
    cli::add_info(program);
    cli::add_stat(program);
    cli::add_events(program);
    cli::add_check(program);
    cli::add_schema(program);
    cli::add_explore(program);
    return session::parse(program, count, words).value_or(0);
}
