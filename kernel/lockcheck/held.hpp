// SPDX-License-Identifier: BSD-2-Clause
// What each LWP holds and waits for, as the lock checker knows it.
//
// An LWP's own list is written by the LWP alone, so it needs no lock: a handler that interrupts it
// brings a list of its own, or (as a guest, hart/model.hpp) runs to its end on top of it and leaves
// it as it found it. Whoever looks at the list of another LWP sees a glance; wait.cpp looks twice.
//
// Rules
//   - A list is in order of entering. Locks may be left in any order.
//   - What a glance needs is read once, and anything may have become of it since: a wait that is
//     counted may not have its record yet, or no more.
// Read next: check.cpp
#pragma once

#include "hart/cell.hpp"
#include "lockcheck/hook.hpp"

namespace lockcheck {

struct Holding {
    Record* record = nullptr;
    Site site;
    Hold how = Hold::exclusive;
};

/// A wait that goes on: for what, from where, and with how many locks in the list already. What is
/// entered later belongs to an interrupt on top of the wait, or to the way into sleep.
struct Wait {
    hart::Cell<const Record*> record; // null: not begun yet, or over
    u32 held = 0;
    u32 number = 0; // counts the waits, so that two glances can be told apart
    Site site;
};

constexpr unsigned max_held = 16;
constexpr unsigned max_waits = 8;

struct Holdings {
    Holding held[max_held];
    u32 count = 0;
    // Waits within waits: whoever waits for a mutex and is about to block, waits for sched::lock on
    // the way, and still waits for the mutex. What others glance at is written word by word, never
    // as a whole: a compiler may copy a structure byte by byte, and half a pointer points nowhere.
    Wait waits[max_waits];
    hart::Cell<u32> wait_count; // also those that found no room
    u32 waits_begun = 0;

    /// Of an LWP that goes on without what it had.
    void forget() {
        count = 0;
        wait_count.set(0);
        for (Wait& wait : waits)
            wait.record.set(nullptr);
    }
    /// Where this record is in the list, or null.
    [[nodiscard]] const Holding* find(const Record& record) const {
        for (unsigned i = count; i > 0; i--)
            if (held[i - 1].record == &record)
                return &held[i - 1];
        return nullptr;
    }
    [[nodiscard]] u32 waits_noted() const {
        u32 begun = wait_count.peek();
        return begun < max_waits ? begun : max_waits;
    }
    /// The innermost wait, or null.
    [[nodiscard]] const Wait* newest_wait() const {
        u32 noted = waits_noted();
        return noted == 0 ? nullptr : &waits[noted - 1];
    }
    /// True if this record is among the first so many: what the LWP had when a wait began, it has
    /// as long as it waits.
    [[nodiscard]] bool has_among(u32 first, const Record& record) const {
        for (unsigned i = 0; i < first; i++)
            if (held[i].record == &record)
                return true;
        return false;
    }
    /// The last function in the list is what the LWP is inside of, and is waited for in the place
    /// of everything that was entered before it. Its place, or 0.
    [[nodiscard]] unsigned begin_of_function() const {
        unsigned i = count;
        while (i > 0 && held[i - 1].record->nature != Nature::function)
            i--;
        return i == 0 ? 0 : i - 1;
    }
};

/// Of an LWP by its id; 0: before the first LWP exists, nobody's.
[[nodiscard]] Holdings& holdings_of(LwpId lwp);
[[nodiscard]] inline LwpId current_id() {
    return static_cast<LwpId>(arch::current().id);
}
[[nodiscard]] inline Holdings& own_holdings() {
    return holdings_of(current_id());
}

/// The interrupt level whose handler or softint runs here, on an LWP of its own or as a guest; none
/// in ordinary LWPs.
[[nodiscard]] Level context_level();

/// The name of an LWP, for messages.
[[nodiscard]] const char* name_of(LwpId lwp);

} // namespace lockcheck
