// SPDX-License-Identifier: BSD-2-Clause
#include "session/explain.hpp"

#include <cstring>
#include <fmt/format.h>

namespace session {

namespace {

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

std::string_view trim(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    return line;
}

// The first line for which `matches` holds, without line end.
template <class F> std::string first_line(std::string_view text, F&& matches) {
    while (!text.empty()) {
        usize end = std::min(text.find('\n'), text.size());
        std::string_view line = trim(text.substr(0, end));
        if (!line.empty() && matches(line))
            return std::string(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

std::string last_line(std::string_view text) {
    std::string last;
    first_line(text, [&](std::string_view line) {
        last = line;
        return false;
    });
    return last;
}

std::string complaint(const std::string& qemu_output) {
    return first_line(qemu_output, [](std::string_view line) {
        return line.starts_with("qemu-system-riscv64:") && line.find("warning:") == line.npos;
    });
}

} // namespace

std::string missing_gate(bool refused) {
    return refused ? "this QEMU does not load the gate plugin"
                   : "gate.so is not beside this program: run `make`";
}

bool refused_plugin(const std::string& qemu_output) {
    return contains(qemu_output, "lugin");
}

bool qemu_complained(const std::string& qemu_output) {
    return !complaint(qemu_output).empty();
}

std::string explain_end(int exit_status, const model::Store& store, const std::string& console,
                        bool foreign) {
    if (foreign)
        return "this kernel speaks of other events than this program knows: build both from the "
               "same tree (`make`)";
    if (exit_status == 0)
        return {};
    const model::State& state = store.newest();
    if (state.panicked)
        return "the kernel panicked: " + store.names().of(state.panic_message);
    std::string said = last_line(console);
    if (said.empty())
        said = "the kernel said nothing on its console";
    return fmt::format("the kernel ended with status {}: {}", exit_status, said);
}

std::string explain_death(int signal, const std::string& qemu_output,
                          const std::filesystem::path& record) {
    std::string why = complaint(qemu_output);
    if (signal != 0)
        why = fmt::format("QEMU was killed by signal {} ({})", signal, strsignal(signal));
    return fmt::format("{}; what was recorded until then is in {}", why, record.string());
}

std::string first_error(const std::string& build_output) {
    std::string line = first_line(build_output, [](std::string_view text) {
        return text.find("error") != text.npos || text.find("***") != text.npos;
    });
    return line.empty() ? last_line(build_output) : line;
}

} // namespace session
