// SPDX-License-Identifier: BSD-2-Clause
// interlude run: boots the kernel and shows it, or runs it without a display and says what
// happened.
#include "cli/opened_trace.hpp"
#include "cli/picture.hpp"
#include "cli/subcommands.hpp"
#include "session/headless.hpp"
#include "view/window.hpp"

#include <fmt/format.h>

#include <csignal>

namespace cli {
namespace {

struct RunOptions {
    session::Options session;
    std::filesystem::path lab;
    bool headless = false, paused = false;
    u64 events = ~0ull;
    double seconds = 60;
    std::shared_ptr<PictureOptions> picture;
};

volatile std::sig_atomic_t interrupted = 0;

/// What the lab asks for, where the command line says nothing.
std::optional<session::Lab> load_lab(RunOptions& options, const CLI::App& command) {
    if (options.lab.empty())
        return std::nullopt;
    session::Lab lab;
    try {
        lab = session::load_lab(options.lab);
    } catch (const std::exception& error) {
        fail(error.what());
    }
    if (command.count("--scenario") == 0)
        options.session.scenario = lab.scenario;
    if (command.count("--harts") == 0)
        options.session.harts = lab.harts;
    if (command.count("--seed") == 0)
        options.session.seed = lab.seed;
    options.session.parameters.insert(options.session.parameters.begin(), lab.parameters.begin(),
                                      lab.parameters.end());
    options.session.watch = lab.edit;
    if (options.session.build_command.empty())
        options.session.build_command = "make -s kernel LAB=" + lab.name.substr(0, 2);
    if (options.session.grade_command.empty())
        options.session.grade_command = "make -s grade LAB=" + lab.name.substr(0, 2);
    return lab;
}

void show_window(const RunOptions& options, std::optional<session::Lab> lab) {
    auto path = view::Settings::default_path();
    view::Settings settings = view::Settings::load(path);
    settings.scenario = options.session.scenario;
    session::Session session;
    // A first visitor walks through from the first event on; others see it run.
    session.start(options.session, options.paused || !settings.walk_done ? 1 : ~0ull);
    view::SessionSource source(session);
    if (auto error = view::run_window(source, settings, std::move(lab)))
        fail(*error);
    settings.save(path);
}

/// The same loop without a display: boot, record, sum up, take a picture.
void run_headless(const RunOptions& options, std::optional<session::Lab> lab) {
    std::signal(SIGINT, [](int) { interrupted = 1; });
    std::signal(SIGTERM, [](int) { interrupted = 1; });
    session::Session session;
    session::RunLimits limits;
    limits.events = options.events;
    limits.milliseconds = static_cast<unsigned>(options.seconds * 1000);
    limits.cancelled = [] { return interrupted != 0; };
    session::Summary summary = session::run_to_end(session, options.session, limits);
    fmt::print("{}", session::to_text(summary));
    constexpr usize most = 10;
    const auto& problems = session.store().problems();
    for (usize i = 0; i < problems.size() && i < most; i++)
        fmt::print("  event {}: {}\n", problems[i].at_event, problems[i].sentence);
    view::SessionSource source(session);
    PictureOptions picture = *options.picture;
    // Beside the trace, not in it: readers of CTF take every file of its directory for events.
    if (picture.screenshot.empty() && !summary.record.empty())
        picture.screenshot = summary.record.string() + ".png";
    if (!picture.screenshot.empty() && summary.events != 0)
        take_picture(source, picture, std::move(lab));
    if (summary.phase == session::Phase::failed || summary.exit_status != 0)
        throw CLI::RuntimeError(summary.exit_status != 0 ? summary.exit_status & 0xff : 1);
}

void run(RunOptions& options, const CLI::App& command) {
    auto lab = load_lab(options, command);
    bool picture = !options.picture->screenshot.empty();
    if (!options.headless && !picture && view::has_display())
        return show_window(options, std::move(lab));
    if (!options.headless && !picture)
        fmt::print("No display is set: running without a window.\n");
    run_headless(options, std::move(lab));
}

} // namespace

void add_run(CLI::App& app) {
    CLI::App* command = app.add_subcommand("run", "boot the kernel and watch it");
    auto options = std::make_shared<RunOptions>();
    session::Options& session = options->session;
    session.kernel = "build/kernel.elf";
    command->add_option("--kernel", session.kernel, "the kernel's ELF image")
        ->capture_default_str();
    command->add_option("--scenario", session.scenario, "what the kernel does")
        ->capture_default_str();
    command->add_option("--harts", session.harts, "how many harts")
        ->check(CLI::Range(1, 8))
        ->capture_default_str();
    command->add_option("--seed", session.seed, "of the kernel's random numbers")
        ->capture_default_str();
    command->add_option("-p,--parameter", session.parameters,
                        "a boot parameter, name=value; may be repeated");
    command->add_option("--record", session.record,
                        "where to record; default: a new directory under runs/");
    command->add_option("--lab", options->lab,
                        "the lab's folder: saving its files builds and runs it again");
    command->add_option("--build", session.build_command, "the command that builds after a save");
    command->add_option("--grade", session.grade_command, "the command that grades a lab");
    command->add_option("--qemu", session.qemu, "the QEMU to use")->capture_default_str();
    command->add_flag("--live", session.live, "in host time, with typed input; not repeatable");
    command->add_flag("--headless", options->headless, "without a window");
    command->add_flag("--paused", options->paused, "stand still after the first event");
    command->add_option("--events", options->events, "headless: stop exactly after so many events");
    command->add_option("--seconds", options->seconds, "headless: give up after so many seconds")
        ->capture_default_str();
    options->picture = add_picture_options(*command);
    command->callback([options, command] { run(*options, *command); });
}

} // namespace cli
