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
    bool headless = false, paused = false, find = false;
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

/// As `make explore` does. Without a lab, the program has all scenarios.
session::SearchProgram explorer_for(const std::optional<session::Lab>& lab) {
    std::string name = lab ? "explore-" + lab->name : "explore";
    std::string make = lab ? " LAB=" + lab->name : "";
    auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    return {
        "make -s " + std::filesystem::proximate(folder / name).string() + make, folder / name, {}};
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

/// The race finder without a window. Its exit status, as build/explore has it.
int find_headless(session::Session& session, const session::SearchWish& wish) {
    session.find(wish);
    constexpr unsigned patience = 100;
    while (session.search().active() && interrupted == 0)
        session.poll(patience);
    session.cancel_find();
    const session::SearchState& search = session.search();
    using Phase = session::SearchState::Phase;
    if (search.phase == Phase::nothing)
        fmt::print("nothing found in {} schedules. {}\n", search.schedules,
                   session::meaning_of_nothing(search));
    if (!search.message.empty())
        fmt::print("{}\n", search.message);
    if (search.build_failed)
        fmt::print("{}", search.output);
    if (search.phase != Phase::found)
        return search.phase == Phase::nothing ? 0 : search.phase == Phase::none ? 130 : 2;
    fmt::print("FOUND {}\n{}\n", search.failure, search.caption);
    for (const std::string& departure : search.departures)
        fmt::print("  {}\n", departure);
    fmt::print("trace     {}\nschedule  {}\n", search.trace.string(), search.schedule.string());
    return 1;
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
    int found = 0;
    if (options.find && summary.phase != session::Phase::failed) {
        found = find_headless(session, source.usual_search());
        picture.show_found = found == 1;
    }
    // Beside the trace, not in it: readers of CTF take every file of its directory for events.
    if (picture.screenshot.empty() && !summary.record.empty())
        picture.screenshot = summary.record.string() + ".png";
    if (!picture.screenshot.empty() && summary.events != 0)
        take_picture(source, picture, std::move(lab));
    if (found != 0)
        throw CLI::RuntimeError(found);
    if (summary.phase == session::Phase::failed || summary.exit_status != 0)
        throw CLI::RuntimeError(summary.exit_status != 0 ? summary.exit_status & 0xff : 1);
}

void run(RunOptions& options, const CLI::App& command) {
    auto lab = load_lab(options, command);
    options.session.explorer = explorer_for(lab);
    options.headless = options.headless || options.find;
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
    command->add_flag("--find", options->find,
                      "headless: then find the race, and show the run that was found");
    command->add_option("--find-strategy", session.search.strategy, "random, pct or exhaustive")
        ->check(CLI::IsMember({"random", "pct", "exhaustive"}))
        ->capture_default_str();
    command
        ->add_option("--find-budget", session.search.budget,
                     "schedules at most; else 100000, and exhaustive: all there are")
        ->check(CLI::Range(u64{1}, u64{1'000'000'000'000}));
    command->add_option("--find-bound", session.search.bound, "exhaustive: departures at most")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    command->add_option("--find-harts", session.search.harts, "harts of the simulated machine")
        ->check(CLI::Range(1, 8));
    command->add_flag("--paused", options->paused, "stand still after the first event");
    command->add_option("--events", options->events, "headless: stop exactly after so many events");
    command->add_option("--seconds", options->seconds, "headless: give up after so many seconds")
        ->capture_default_str();
    options->picture = add_picture_options(*command);
    command->callback([options, command] { run(*options, *command); });
}

} // namespace cli
