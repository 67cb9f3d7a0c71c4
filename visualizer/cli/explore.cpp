// SPDX-License-Identifier: BSD-2-Clause
// interlude explore: the race finder for the scenarios, or for a lab. It is a program of its own
// for each lab (visualizer/explore/), because the kernel is linked into it; this finds and becomes
// it.
#include "cli/opened_trace.hpp"
#include "cli/subcommands.hpp"

#include <algorithm>
#include <cstdio>
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

/// labs/01-first-interrupt, for 01.
fs::path folder_of_lab(const ExploreOptions& options) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("labs", none))
        if (entry.path().filename().string().starts_with(options.lab + "-"))
            return entry.path();
    return fs::path("labs") / options.lab;
}

/// What is ours of the options; the program says the rest.
void say_own_options() {
    fmt::print("interlude explore [--lab NN] [--sanitized] OPTIONS\n"
               "  --lab NN     search the lab of this number (`make explore LAB=NN` builds what it "
               "takes)\n"
               "  --sanitized  with AddressSanitizer and UBSan (`make explore SANITIZED=1`)\n"
               "and the options of build/explore:\n\n");
    std::fflush(stdout);
}

void explore(const ExploreOptions& options, const std::vector<std::string>& words) {
    fs::path program = program_for(options);
    if (std::any_of(words.begin(), words.end(),
                    [](const std::string& word) { return word == "-h" || word == "--help"; }))
        say_own_options();
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    std::string lab = "--lab=" + folder_of_lab(options).string();
    if (!options.lab.empty())
        arguments.push_back(lab.data());
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(program.c_str(), arguments.data());
    fail(fmt::format("{} cannot be started: `make explore{}{}` builds it", program.string(),
                     options.lab.empty() ? "" : " LAB=" + options.lab,
                     options.sanitized ? " SANITIZED=1" : ""),
         2); // as the program says that it refuses
}

} // namespace

void add_explore(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("explore", "look for a schedule that breaks a scenario or a lab");
    auto options = std::make_shared<ExploreOptions>();
    command->add_option("--lab", options->lab, "the lab's number: 01");
    command->add_flag("--sanitized", options->sanitized, "the program with sanitizers");
    command->allow_extras();
    command->set_help_flag(); // goes on to the program
    command->callback([=] { explore(*options, command->remaining()); });
}

} // namespace cli
