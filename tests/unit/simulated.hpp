// SPDX-License-Identifier: BSD-2-Clause
// Booting the kernel's core on the simulated machine, inside a test.
//
// Each boot is a child process: the kernel's memory is as after power-on, and a panic or a
// sanitizer report ends the child, not the test. What the run showed (status, console, events of
// all harts in causal order) comes back through shared memory.
#pragma once

#include "callout/policy.hpp"
#include "hart/model.hpp"
#include "hart/mutation.hpp"
#include "trace/events.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simulated {

/// A value of Options::calm: nothing happens by chance, harts take turns where they wait.
constexpr unsigned quiet = 1u << 30;

struct Options {
    unsigned harts = 1;
    unsigned long seed = 1;
    unsigned calm = 8;           // see host::RandomChoices
    unsigned steps_per_tick = 1; // of the machine's clock; the kernel's ticks come all the same
    unsigned pool = 1;
    unsigned hz = 1000; // a tick every 1000 steps of the machine
    bool traced = true; // classes of events other than meta
    bool inheritance = true;
    bool preemption = true;
    bool lockcheck = true;
    hart::Interrupts interrupts = {};
    callout::Policy policy = callout::Policy::halt;
    u64 first_tick = 0; // what the count of ticks begins with
    /// True for a hart that is to stand still as long as another one can move: how a test gets in
    /// between two steps of the kernel on purpose. Asked wherever something may come in between.
    bool (*holds)(unsigned hart) = nullptr;
    hart::Mutation mutation = hart::Mutation::none;
};

struct Event {
    trace::Record record;
    unsigned hart;
    /// The level of the event's LWP, as memory had it when the event was recorded; nothing while a
    /// hart::SpinMutex, of which no event tells, may have raised it.
    std::optional<trace::Level> level;

    template <class E> [[nodiscard]] bool is() const {
        return trace::record_id(record) == trace::id_of<E>;
    }
    template <class E> [[nodiscard]] E as() const { return trace::unpack<E>(record); }
    [[nodiscard]] trace::LwpId lwp() const {
        return static_cast<trace::LwpId>(trace::record_lwp(record));
    }
};

struct Outcome {
    bool crashed = false; // a sanitizer or a signal ended it
    unsigned status = 0;
    std::string console;
    std::vector<Event> events;

    /// Places in `events` of all events of this type that fit.
    template <class E>
    [[nodiscard]] std::vector<size_t>
    places(const std::function<bool(const E&)>& fits = [](const E&) { return true; }) const {
        std::vector<size_t> found;
        for (size_t i = 0; i < events.size(); i++)
            if (events[i].is<E>() && fits(events[i].as<E>()))
                found.push_back(i);
        return found;
    }
    template <class E> [[nodiscard]] size_t count() const { return places<E>().size(); }
    /// Number of events of this type in [from, to).
    template <class E> [[nodiscard]] size_t count(size_t from, size_t to) const {
        size_t found = 0;
        for (size_t place : places<E>())
            found += place >= from && place < to;
        return found;
    }
    /// Ended as told by its kernel, with status 0.
    [[nodiscard]] bool passed() const { return !crashed && status == 0; }
    /// Ended in a panic that says this.
    [[nodiscard]] bool panicked(const std::string& sentence) const {
        return !crashed && count<trace::Panic>() == 1
               && console.find(sentence) != std::string::npos;
    }

    /// The LWP, lock or line of that name; 0 if there is none.
    [[nodiscard]] unsigned named(trace::Kind kind, const std::string& name) const;
    [[nodiscard]] trace::LwpId lwp(const std::string& name) const {
        return static_cast<trace::LwpId>(named(trace::Kind::lwp, name));
    }
};

/// In a body: the seed of the options, for workloads that vary with it.
[[nodiscard]] unsigned long chosen_seed();

/// A device asserts its line, and the hart that it is routed to takes the interrupt, if it is this
/// one and nothing is in the way.
void fire(unsigned line);

/// Boots; `body` runs in the LWP "main" (unbound, kernel priority), and the machine halts with
/// status 0 when it returns.
Outcome boot(const Options& options, void (*body)());

} // namespace simulated
