// SPDX-License-Identifier: BSD-2-Clause
// interlude schema: the table of all events (docs/events.md), or the CTF metadata.
#include "cli/subcommands.hpp"
#include "load/metadata.hpp"

#include <fmt/format.h>
#include <memory>

namespace cli {

void add_schema(CLI::App& program) {
    auto ctf = std::make_shared<bool>(false);
    auto timebase = std::make_shared<u64>(10'000'000);
    CLI::App* command = program.add_subcommand("schema", "every event there is, as a table");
    command->add_flag("--ctf", *ctf, "as the metadata of a CTF trace instead");
    command->add_option("--timebase", *timebase, "clock ticks per second, for the metadata");
    command->callback([ctf, timebase] {
        fmt::print("{}", *ctf ? load::ctf_metadata(*timebase) : load::events_document());
    });
}

} // namespace cli
