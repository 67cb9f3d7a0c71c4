// SPDX-License-Identifier: BSD-2-Clause
// Choices: where the simulated machine could go on in more than one way, and who decides.
//
// A run is a row of choice points. At each, a hart stands before something that another hart can
// see, and the machine offers what may happen now; the first option is what happens if nobody has a
// better idea. Taking another one is a *departure*. A run is named by its departures: the same ones
// give the same run.
//
//   place     the hart …                        options
//   access    is about to touch a shared word   go_on · hart … · line … · tick · drain …
//   store     is about to write one             go_on · late (the write stays in its store buffer)
//   waits     has nothing to do                 hart (the next one round about) · hart …
//   relaxes   waits for another hart, in a loop hart (the next one round about) · hart …
//   all_wait  and so do all others              line … (announced; else time passes, no choice)
//   signal    a device raises its line          line (it arrives) · late (announced instead)
//
// A hart that others have overtaken at an access point comes back to where it stood, and is asked
// again: it may be left there once more, or be interrupted, before it does what it was about to do.
//
//   access      what the hart is about to touch                       at
//   load, …     one word of another hart's interest                   each operation of hart::Cell
//   device      a device, the PLIC, another hart's door (IPI)         read(), line_claim() …
//   own         nothing that anybody else can see                     interrupts enabled, threshold
//   contexts    two contexts: it leaves one and goes on in the other  switch_to(), borrow()
//   unknown     who knows                                             preemption_point()
//
// Why a point where nothing shared is touched? Because plain data lies on either side of it. What a
// masked hart has written without a lock is seen by others before its interrupts come on again, and
// an LWP that stands on a run queue before its registers are saved is run too early. Such a point
// costs a run a sixth more points and a search next to nothing: it changes places with whatever
// other harts do, unless that interrupts this one, so pruning (visualizer/explore/exhaustive.hpp)
// drops it. Turning interrupts *off* is no point: what could strike there could strike at the point
// before, and only plain code lies between.
//
// Rules
//   - pick() runs on the stack of the hart that stands at the point, and touches nothing of the
//     machine.
// Invariants
//   (1) The same picks give the same points.
// Read next: simulation.hpp
#pragma once

#include "arch/machine.hpp"

namespace arch::host {

enum class Act : u8 { go_on, hart, line, tick, drain, late };

struct Option {
    Act act;
    u8 number; // of the hart or line
};

enum class Place : u8 { access, store, waits, relaxes, all_wait, signal };

struct Point {
    static constexpr unsigned max_options = 32;

    unsigned hart;               // that stands here
    Place place;                 // why there is a choice
    Access access;               // what the hart is about to do …
    const void* word;            // … and to which word; nullptr: it does not say
    const void* other = nullptr; // contexts: the one that it goes on in, having left `word`
    unsigned count = 0;
    Option options[max_options]; // the first `count` of them

    void offer(Act act, unsigned number) {
        if (count < max_options)
            options[count++] = {act, static_cast<u8>(number)};
    }
};

/// Decides what happens. The seam at which strategies (random, exhaustive, replay) plug in.
class Choices {
public:
    /// An option of point.options, below point.count, which is at least 1. 0: as usual.
    virtual unsigned pick(const Point& point) = 0;

protected:
    ~Choices() = default;
};

/// As usual, always.
class NoChoices final : public Choices {
public:
    unsigned pick(const Point&) override { return 0; }
};

/// Goes on most of the time, and does something else at random. The same seed, the same run.
class RandomChoices final : public Choices {
public:
    /// Something happens about once in `calm` points.
    explicit RandomChoices(u64 seed, unsigned calm = 8)
        : state_(seed * 2 + 1)
        , calm_(calm) {}
    unsigned pick(const Point& point) override;

private:
    u64 next();
    u64 state_;
    unsigned calm_;
};

} // namespace arch::host
