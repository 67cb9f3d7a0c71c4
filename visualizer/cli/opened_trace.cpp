// SPDX-License-Identifier: BSD-2-Clause
#include "cli/opened_trace.hpp"

#include "load/trace_reader.hpp"
#include "model/narration.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>

namespace cli {

void fail(const std::string& sentence, int status) {
    fmt::print(stderr, "interlude: {}.\n", sentence);
    throw CLI::RuntimeError(status);
}

OpenedTrace::OpenedTrace(const std::filesystem::path& from)
    : directory(from) {
    load::TraceReader reader(directory, store);
    if (!reader.read_all())
        fail(reader.error());
    manifest = reader.manifest();
}

std::string OpenedTrace::when(u64 time) const {
    return model::format_time(time - store.time(0), timebase());
}

std::string OpenedTrace::duration(double ticks) const {
    if (timebase() == 0)
        return fmt::format("{:.1f} ticks", ticks);
    double microseconds = ticks * 1e6 / static_cast<double>(timebase());
    return microseconds < 1e3   ? fmt::format("{:.1f} us", microseconds)
           : microseconds < 1e6 ? fmt::format("{:.1f} ms", microseconds / 1e3)
                                : fmt::format("{:.1f} s", microseconds / 1e6);
}

} // namespace cli
