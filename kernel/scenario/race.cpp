// SPDX-License-Identifier: BSD-2-Clause
#include "scenario/race.hpp"

#include "callout/pause.hpp"
#include "hart/cell.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"

namespace scenario {

namespace {

struct Case {
    const char* name;
    const char* promise;
    void (*play)();
    bool alone = false; // it does not pass, or only with a checker: not part of "all"
};

constexpr Case cases[] = {
    {"mutex", "a mutex has one owner, and everybody who waits gets it", race_mutex},
    {"rw", "a writer is alone, and is not overtaken", race_reader_writer},
    {"rm", "a writer of a read-mostly lock is alone", race_read_mostly},
    {"lend", "an owner is as urgent as all who wait for it, and not for longer", race_inheritance},
    {"biglock", "kernel_lock is given up by whoever waits", race_kernel_lock},
    {"cv", "a signal wakes one, and no wake-up is lost", race_condition},
    {"baton", "who has the baton is alone, on whatever hart", race_baton},
    {"handler", "a handler waits for its victim's mutex, and no byte is lost", race_handler},
    {"softint", "a softint runs after each time that it was scheduled", race_softint},
    {"callout", "after halt the function does not run", race_callout},
    {"own", "nor if its hart is one's own", race_own_hart},
    {"rearm", "a callout that arms itself is halted all the same", race_self_arming},
    {"move", "nor if it moves to another hart meanwhile", race_moving},
    {"locked", "a callout that is stopped under its lock is not called", race_locked_callout},
    {"free", "a function may free its callout", race_freed_callout},
    {"timeout", "a timeout ends the sleep that it belongs to, and no other", race_timeout},
    {"detach", "after intr_disestablish the handler is not called", race_detach},
    {"route", "a line moves only between its interrupts", race_route},
    {"owed", "a handler leaves with as many holds of kernel_lock as it came with", race_owed},
    {"stray", "a line that nobody owns is switched off", race_stray},
    {"disestablish", "after softint_disestablish the function is not called", race_disestablish},
    {"spin", "a spin mutex keeps handlers of its level out", race_spin_mutex},
    {"order", "with lockcheck=on: two orders of two locks are reported", race_order, true},
    {"flags-plain", "who raises a flag and looks sees the other's, or is seen", race_flags_plain,
     true},
    {"flags-swapped", "the same, with the right operation", race_flags_swapped, true},
    {"message-plain", "whoever sees that a message is there sees the message", race_message_plain,
     true},
    {"message-published", "the same, with the right operation", race_message_published, true},
    {"readers-circle", "with lockcheck=on: so is a circle through a reader", race_readers_circle,
     true},
    {"controller", "what the interrupt controller answers, for two machines to be compared",
     race_controller, true},
    {"console", "a port that listens to itself does not hear what another hart prints",
     race_console, true},
    {"circle", "who waits for each other is caught at it", race_circle, true},
};

constinit hart::Cell<u32> returned;

void run_member(void* argument) {
    const sched::Lwp& self = sched::current();
    ASSERT(!self.bound() || hart::hart_id(hart::here()) == self.home);
    reinterpret_cast<void (*)()>(argument)();
    returned.add(1);
}

} // namespace

void play_together(std::initializer_list<Member> members) {
    returned.set(0);
    for (const Member& member : members) {
        trace::HartId home = member.hart == anywhere
                                 ? trace::HartId::none
                                 : hart::hart_id(member.hart % hart::hart_count);
        sched::spawn({.name = member.name, .priority = member.priority, .home = home}, run_member,
                     reinterpret_cast<void*>(member.play));
    }
    while (returned.get() < members.size())
        callout::pause(1);
}

void linger(const sync::Mutex& held) {
    if (held.spins())
        arch::relax();
    else
        callout::pause(1);
}

void race() {
    bool known = chosen_case() == "all";
    for (const Case& one : cases) {
        if (chosen_case() != one.name && (chosen_case() != "all" || one.alone))
            continue;
        known = true;
        phase(one.promise);
        one.play();
    }
    if (!known)
        refuse_case(names_of(cases));
}

} // namespace scenario
