// SPDX-License-Identifier: BSD-2-Clause
// How long a person waits for the machine, through the session that the window uses: make
// build/bench-host && build/bench-host, from the top of the tree.
//
// Times depend on the machine and its load, so nothing here passes or fails: a run that goes wrong
// ends the program with its sentence. "In the store" is before the picture: a frame, which
// build/bench-frames measures, comes on top.
#include "session/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>

namespace {

using Clock = std::chrono::steady_clock;
using session::Options;
using session::Phase;
using session::Session;

const std::filesystem::path build = "build";
const std::filesystem::path place = build / "bench"; // handler, kernel and recordings of ours

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double at(std::vector<double> times, double share) {
    std::sort(times.begin(), times.end());
    return times[static_cast<usize>(share * static_cast<double>(times.size() - 1))];
}

// Polls until it is so; throws if it does not happen.
template <class F> void poll_until(Session& session, F&& reached) {
    constexpr double patience = 120'000;
    auto start = Clock::now();
    while (!reached()) {
        session.poll(100);
        if (session.status().phase == Phase::failed || since(start) > patience)
            throw std::runtime_error("it does not go on: " + session.status().message
                                     + session.status().build_output);
    }
}

Options kernel(const std::string& scenario, unsigned harts) {
    Options out;
    out.kernel = build / "kernel.elf";
    out.gate_plugin = std::filesystem::absolute(build / "gate.so");
    out.scenario = scenario;
    out.harts = harts;
    out.record = place / "trace";
    return out;
}

// ---- what is measured, a line each

void throughput(bool live) {
    Options options = kernel("flood", 1);
    options.live = live;
    std::vector<double> rates;
    u64 lost = 0;
    for (int run = 0; run < 3; run++) {
        Session session;
        session.start(options);
        poll_until(session, [&] { return !session.store().empty(); });
        usize before = session.store().size();
        auto start = Clock::now();
        poll_until(session, [&] { return session.status().phase == Phase::ended; });
        rates.push_back(static_cast<double>(session.store().size() - before) / since(start));
        lost += session.store().discarded() + session.store().problems().size();
    }
    fmt::print("{:<44} {:10.0f} thousand events/s (median of 3), {} lost\n",
               live ? "guest to store, live" : "guest to store, repeatable, at the gate",
               at(rates, 0.5), lost);
}

void first_event(bool live) {
    Options options = kernel("tour", 1);
    options.live = live;
    std::vector<double> times;
    for (int run = 0; run < 5; run++) {
        Session session;
        auto start = Clock::now();
        session.start(options);
        poll_until(session, [&] { return !session.store().empty(); });
        times.push_back(since(start));
    }
    fmt::print("{:<44} {:10.0f} ms (median of 5)\n",
               live ? "start to first event, live" : "start to first event, repeatable",
               at(times, 0.5));
}

void step(unsigned harts) {
    Session session;
    session.start(kernel("tour", harts), 200);
    auto paused = [&] { return session.status().phase == Phase::paused; };
    poll_until(session, paused);
    std::vector<double> times;
    while (times.size() < 200) {
        auto start = Clock::now();
        session.step();
        poll_until(session, paused);
        times.push_back(since(start));
    }
    fmt::print("{:<44} {:10.2f} ms median, {:.2f} p95 of 200\n",
               fmt::format("one event stepped, {} hart{}", harts, harts > 1 ? "s" : ""),
               at(times, 0.5), at(times, 0.95));
}

// Saves a copy of lab 01's handler, each time with other code in it, so that no compiler cache
// answers; the session sees the save, builds and runs.
void edit_to_first_event() {
    std::filesystem::path handler = std::filesystem::absolute(place / "handler.cpp");
    auto save = [&](long version) {
        std::filesystem::copy_file("labs/01-first-interrupt/handler.cpp", handler,
                                   std::filesystem::copy_options::overwrite_existing);
        std::ofstream(handler, std::ios::app)
            << "namespace { [[maybe_unused]] constexpr long version = " << version << "; }\n";
    };
    long version = Clock::now().time_since_epoch().count();
    save(version);
    Options options = kernel("lab", 1);
    options.kernel = place / "kernel.elf";
    options.build_command = fmt::format("make -s kernel LAB=01 HANDLER={} KERNEL={}",
                                        handler.string(), options.kernel.string());
    options.watch = {handler};
    std::vector<double> builds, times;
    Session session;
    std::filesystem::copy_file(build / "kernel.elf", options.kernel,
                               std::filesystem::copy_options::overwrite_existing);
    session.start(options, 1);
    poll_until(session, [&] { return session.status().phase == Phase::paused; });
    for (int run = 0; run < 4; run++) {
        auto start = Clock::now();
        save(++version);
        poll_until(session, [&] { return session.status().phase == Phase::building; });
        poll_until(session, [&] { return session.status().phase != Phase::building; });
        double built = since(start);
        if (!session.status().message.empty())
            throw std::runtime_error(session.status().message);
        poll_until(session, [&] { return !session.store().empty(); });
        if (run == 0)
            continue; // builds what has never been built
        builds.push_back(built);
        times.push_back(since(start));
    }
    fmt::print("{:<44} {:10.0f} ms (median of 3), of which {:.0f} ms build\n",
               "handler saved to first event of the new run", at(times, 0.5), at(builds, 0.5));
}

} // namespace

int main() {
    try {
        std::filesystem::create_directories(place);
        throughput(false);
        throughput(true);
        first_event(false);
        first_event(true);
        step(1);
        step(4);
        edit_to_first_event();
        std::filesystem::remove_all(place);
    } catch (const std::exception& error) {
        fmt::print("bench-host: {}\n", error.what());
        return 1;
    }
}
