// SPDX-License-Identifier: BSD-2-Clause
// What a lock tells the lock checker: the record in each lock, and the hooks that its code calls.
//
//   init()        ── once ──▶ ready ──────────────── destroy() ──▶ destroyed
//                               │
//   entering()    about to take it, and would wait: is the order right, is the context?
//   entered()     the current LWP has it (or shares it) from here on
//   left()        … until here
//   Waiting       about to wait for it, in whatever way; ends with the object
//
// Everything that can be waited for has a Record, also what is no lock: a callout's function, a
// softint's, an interrupt level. "The LWP is inside the function" is then "it has entered", "wait
// until the function is done" is entering() without entered(), and a drain that waits for a
// function that wants a lock of the drainer's is a cycle like any other.
//
// Most hooks do nothing until the checker is armed (boot parameter lockcheck), and cost nothing
// until then: armed() is a bit of trace::lock_attention, the word which every inline enter and exit
// tests anyway. init(), destroy() and refuse() always work.
//
// Rules
//   - Any context, any locks held. The hooks take one raw lock of their own, nothing else.
//   - left() comes before the release, entered() after the acquisition: a Record's Visits are
//     protected by the lock that it describes.
//   - Layers: this header lies below hart/, so that spin mutexes may call it; what it declares is
//     defined above sched/, because it looks at LWPs (as hart::settle() is).
// Read next: order.hpp (which orders are wrong), wait.cpp (who waits for whom)
#pragma once

#include "lib/line.hpp"
#include "trace/emit.hpp"

#include <source_location>

namespace lockcheck {

using trace::Hold;
using trace::Level;
using trace::LwpId;
using trace::ReportKind;

/// A place in the source. As a default argument it is the caller's. One pointer to a constant, so
/// that a caller who never needs it need not put it anywhere.
class Site {
public:
    constexpr Site() = default;
    static constexpr Site here(std::source_location at = std::source_location::current()) {
        Site site;
        site.at_ = at;
        return site;
    }
    [[nodiscard]] constexpr bool known() const { return at_.line() != 0; }
    [[nodiscard]] constexpr const char* file() const { return known() ? at_.file_name() : "?"; }
    [[nodiscard]] constexpr u32 line() const { return at_.line(); }

private:
    std::source_location at_;
};
static_assert(sizeof(Site) == sizeof(void*));

/// Who did something, and where.
struct Visit {
    Site site;
    LwpId lwp = LwpId::none;
};

/// What it means to wait for it.
enum class Nature : u8 {
    spins,    // spin mutex: the hart spins at a raised level, its holder never waits
    blocks,   // adaptive mutex, RW and read-mostly lock: any LWP may wait, handlers included
    sleeps,   // lockmgr-style lock: ordinary LWPs only
    big,      // kernel_lock: spins, is recursive, and is let go by whoever blocks
    function, // a function that runs: waiting is until it is done
    level     // an interrupt level, as long as something runs at it
};

enum class State : u8 { uninitialised, ready, destroyed };

/// Several locks of one class at a time.
enum class Twins : u8 {
    barred,    // nobody could say in which order
    by_address // the lower one first
};

struct Record {
    const char* name = nullptr;
    Nature nature = Nature::blocks;
    Level level = 0; // that entering raises to; 0 if it does not
    State state = State::uninitialised;
    Twins twins = Twins::barred;
    u8 node = 0; // its class in the order graph: name and nature; 0: not looked up yet
    Visit born = {}, entered = {}, left = {};
    LwpId holder = LwpId::none; // exclusive, while the checker is armed
};

/// A record that is ready from the beginning, for objects that need no init().
constexpr Record ready(const char* name, Nature nature, Level level, Twins twins = Twins::barred) {
    return {.name = name, .nature = nature, .level = level, .state = State::ready, .twins = twins};
}

// ---- always -------------------------------------------------------------------------------------

/// The object becomes usable. Refuses one that is in use already.
void init(Record& record, const char* name, Nature nature, Level level, Site site);
/// The object must not be used any more. Refuses one that is not ready.
void destroy(Record& record, Site site);

/// Bad use that cannot go on: panics with the message and what is known of the lock (in the
/// self-test it ends the LWP instead).
[[noreturn]] void refuse_with(const Record& record, const lib::Line& message, Site site);
[[noreturn]] void refuse(const Record& record, Site site, const auto&... parts) {
    lib::Line message;
    message.add(parts...);
    refuse_with(record, message, site);
}

/// Refuses a record that is uninitialised or destroyed; `call` is what the caller wants of it. For
/// slow paths.
void assert_ready(const Record& record, const char* call, Site site);

// ---- while armed --------------------------------------------------------------------------------

inline bool armed() {
    return (trace::attention() & trace::attention_of_checker) != 0;
}
/// Begins to check. At start-up, before the first lock is entered; once switched off, by disarm()
/// or because a table is full, it stays off.
void arm();
void disarm(const char* why);

void check_entering(Record& record, Hold hold, Site site);
void note_entered(Record& record, Hold hold, Site site);
void note_left(Record& record, Site site);
void note_changed(Record& record, Hold hold);

/// The current LWP is about to take it and will wait if it must. Not for try-operations, which may
/// go against the order.
inline void entering(Record& record, Hold hold, Site site) {
    if (armed()) [[unlikely]]
        check_entering(record, hold, site);
}
inline void entered(Record& record, Hold hold, Site site) {
    if (armed()) [[unlikely]]
        note_entered(record, hold, site);
}
inline void left(Record& record, Site site) {
    if (armed()) [[unlikely]]
        note_left(record, site);
}
/// A reader has become the writer, or the other way round.
inline void changed(Record& record, Hold hold) {
    if (armed()) [[unlikely]]
        note_changed(record, hold);
}

/// The function that the current LWP is inside of, for as long as this lives.
class [[nodiscard]] Inside {
public:
    explicit Inside(Record& record, Site site = Site::here())
        : record_(record)
        , site_(site) {
        entered(record_, Hold::exclusive, site_);
    }
    ~Inside() { left(record_, site_); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

private:
    Record& record_;
    Site site_;
};

/// The record of an interrupt level, for who waits until nothing runs at it. (Who runs a handler
/// need not say so: the checker knows.)
[[nodiscard]] Record& level_record(Level level);

void begin_waiting(const Record& record, Site site);
/// The newest.
void end_waiting();

/// The current LWP waits for this, actively or not, for as long as this lives. Where the wait
/// closes a circle of those who wait, a deadlock is reported with every participant.
class [[nodiscard]] Waiting {
public:
    explicit Waiting(const Record& record, Site site = Site::here())
        : noted_(armed()) {
        if (noted_) [[unlikely]]
            begin_waiting(record, site);
    }
    ~Waiting() {
        if (noted_) [[unlikely]]
            end_waiting();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    bool noted_;
};

} // namespace lockcheck
