// SPDX-License-Identifier: BSD-2-Clause
// The same run on two machines, told in sentences: what the conformance tests compare.
//
// A story is the run's events, each as "who: what happened". What is never part of it, because no
// machine can promise it to another:
//
//   (1) when       ticks, the timer's interrupts, at which tick a callout is due, its bucket in the
//                  wheel, the value of a mark, a report that a function was slow: the simulated
//                  clock stands still while somebody works, QEMU's goes on
//   (2) what is only expected   a check() that is an expect() (scenario.hpp): it is made where
//                  nobody chooses the order of events, so not on the simulated machine
//   (3) the run    how ids are spelled, with which parameters the kernel was started
//
// How much of the rest is the same depends on what a scenario leaves to the clock and to the
// scheduler. Telling has the ways to tell a run, from the strong to the weak.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace explored {

using Story = std::vector<std::string>;

enum class Telling {
    /// Every event, in order, with what each check() saw.
    whole,
    /// The same, but the alarm clock's interrupts come after all the rest: it counts nanoseconds,
    /// everything else ticks, so they come between other events, and strike another victim.
    alarms_apart,
    /// Whole, but (4) what is done again and again is told once: some scenarios do things as often
    /// as a machine has time for (scenario::times), and what a check() saw is how often.
    once,
    /// For harts that act at the same time: what each LWP does by its own program. Nothing of
    ///   (5) waiting   who sleeps, blocks or spins, is woken, or lends its priority; kernel_lock,
    ///                 which is given up by whoever waits; which calls one run of a softint serves;
    ///                 whether an LWP has exited when the scenario ends
    ///   (6) place     which hart something happens on; what the timer's interrupt does, which
    ///                 strikes anybody. The softint LWPs of a level, one a hart, count as one.
    /// and (4), because who waits for something asks again and again.
    deeds,
    /// Of the deeds, what is said and what comes into being: phases, checks, the verdict, reports;
    /// LWPs, locks, callouts, softints. For programs that are not the same in every order.
    promises,
};

/// Texts of checks, of which (2) leaves out those given.
using Texts = std::set<std::string>;

/// The run whose trace is in a directory.
[[nodiscard]] Story story_of(const std::filesystem::path& directory, Telling telling,
                             const Texts& expected = {});

struct Traces {
    std::filesystem::path here, there;
};

/// Of the run without departures, and of one in QEMU. They must end with the same status. Options:
/// "--scenario S --harts N -p name=value …".
[[nodiscard]] Traces traces_of(const std::string& name, const std::string& options);

/// Where the stories part, in words; empty if they are the same.
[[nodiscard]] std::string difference(const Story& here, const Story& there);

} // namespace explored
