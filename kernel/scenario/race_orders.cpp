// SPDX-License-Identifier: BSD-2-Clause
// race, the order of stores: two small programs that are wrong on a hart that delays stores, and
// the same two made right. The search finds the wrong ones only with --stores, the others never.
#include "hart/cell.hpp"
#include "hart/panic.hpp"
#include "scenario/race.hpp"

namespace scenario {

namespace {

// ---- store, then load: who raises a flag and then looks at the other's --------------------------

constinit hart::Cell<u32> flags[2];
constinit bool has_looked[2] = {};
constinit u32 saw[2] = {};
constinit bool in_one_step = false; // a read-modify-write drains what is on its way

void raise_and_look(unsigned me) {
    if (in_one_step)
        static_cast<void>(flags[me].swap(1));
    else
        flags[me].set(1);
    saw[me] = flags[1 - me].peek();
    has_looked[me] = true;
    // One of the two comes later, and must see the other's flag.
    ASSERT(!has_looked[1 - me] || saw[0] + saw[1] != 0);
}

void play_flags(bool right) {
    in_one_step = right;
    play_together({{"a", 0, [] { raise_and_look(0); }}, {"b", 1, [] { raise_and_look(1); }}});
    check("one saw the other", saw[0] + saw[1] != 0);
}

// ---- store, then store: a message and the word that says it is there ----------------------------

constinit hart::Cell<u32> message, is_there;
constinit bool published = false;

void send() {
    message.set(1);
    if (published)
        is_there.publish(1);
    else
        is_there.set(1);
}

void look() {
    if (is_there.get() != 0)
        ASSERT(message.peek() == 1);
}

void play_message(bool right) {
    published = right;
    play_together({{"sender", 0, send}, {"reader", 1, look}});
    check("it was sent", message.get() == 1);
}

} // namespace

void race_flags_plain() {
    play_flags(false);
}
void race_flags_swapped() {
    play_flags(true);
}
void race_message_plain() {
    play_message(false);
}
void race_message_published() {
    play_message(true);
}

} // namespace scenario
