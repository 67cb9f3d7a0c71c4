// SPDX-License-Identifier: BSD-2-Clause
// interlude explore: the race finder for the scenarios, or for a lab. It is a program of its own
// for each lab (visualizer/explore/), because the kernel is linked into it; this finds and becomes
// it.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"

#include <fmt/format.h>
#include <memory>
#include <unistd.h>

namespace cli {

namespace {

namespace fs = std::filesystem;

struct ExploreOptions {
    std::string lab;
    bool sanitized = false;
};

/// build/explore-san-01-first-interrupt, beside this program.
fs::path program_for(const ExploreOptions& options) {
    fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    std::string name = options.sanitized ? "explore-san" : "explore";
    if (options.lab.empty())
        return folder / name;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().starts_with(name + "-" + options.lab)
            && entry.path().extension().empty())
            return entry.path();
    return folder / (name + "-" + options.lab);
}

void explore(const ExploreOptions& options, const std::vector<std::string>& words) {
    fs::path program = program_for(options);
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    std::string scenario = "--scenario=lab";
    if (!options.lab.empty())
        arguments.push_back(scenario.data());
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(program.c_str(), arguments.data());
    fail(fmt::format("{} cannot be started: `make explore{}{}` builds it", program.string(),
                     options.lab.empty() ? "" : " LAB=" + options.lab,
                     options.sanitized ? " SANITIZED=1" : ""));
}

} // namespace

void add_explore(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "explore", "look for a schedule that breaks a scenario or a lab (build/explore --help)");
    auto options = std::make_shared<ExploreOptions>();
    command->add_option("--lab", options->lab, "the lab's number: 01");
    command->add_flag("--sanitized", options->sanitized, "the program with sanitizers");
    command->allow_extras();
    command->callback([=] { explore(*options, command->remaining()); });
}

} // namespace cli
