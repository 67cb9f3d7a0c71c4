// SPDX-License-Identifier: BSD-2-Clause
// The hooks: what is wrong with using this lock here and now.
#include "hart/ipl.hpp"
#include "hart/preempt.hpp"
#include "lockcheck/held.hpp"
#include "lockcheck/order.hpp"
#include "lockcheck/report.hpp"
#include "sched/lwp.hpp"

namespace lockcheck {

namespace {

constinit Holdings holdings[sched::max_lwps + 1] = {};

/// A record for each interrupt level.
struct Levels {
    Record records[hart::ipl::count];
    constexpr Levels() {
        for (Level level = 0; level < hart::ipl::count; level++)
            records[level] = ready(hart::ipl::names[level], Nature::level, level);
    }
};
constinit Levels levels;

Visit visit_at(Site site) {
    return {site, current_id()};
}

/// A lock that is held already would be waited for by its own holder.
void check_recursion(const Record& record, const Holdings& own, Site site) {
    const Holding* before = own.find(record);
    if (before == nullptr || record.nature == Nature::big)
        return;
    refuse(record, site, record.name, " is entered by ", name_of(current_id()),
           ", which has it already since ", before->site.file(), ":", before->site.line());
}

/// Who holds a spin mutex must not wait: whoever wants it spins meanwhile. What a guest's victim
/// holds is of a lower level than the guest, or it could not have been interrupted.
void check_barrier(const Record& record, const Holdings& own, Site site) {
    if (record.nature == Nature::spins || record.nature >= Nature::function)
        return;
    for (unsigned i = 0; i < own.count; i++) {
        const Holding& held = own.held[i];
        if (held.record->nature != Nature::spins || held.record->level < context_level())
            continue;
        refuse(record, site, record.name, " is entered by ", name_of(current_id()),
               " with the spin mutex ", held.record->name, " held since ", held.site.file(), ":",
               held.site.line());
    }
}

} // namespace

Holdings& holdings_of(LwpId lwp) {
    return holdings[static_cast<u16>(lwp)];
}

Level context_level() {
    const sched::Lwp& self = sched::current();
    if (hart::in_timer())
        return hart::ipl::clock;
    if (self.guest != nullptr)
        return self.guest->level;
    return self.is_handler() ? self.base_level : hart::ipl::none;
}

const char* name_of(LwpId lwp) {
    return lwp == LwpId::none ? "start-up" : sched::lwp(static_cast<u16>(lwp)).name;
}

// ---- always -------------------------------------------------------------------------------------

void init(Record& record, const char* name, Nature nature, Level level, Site site) {
    if (record.state == State::ready)
        refuse(record, site, name, " is initialised a second time, without destroy");
    record = {.name = name,
              .nature = nature,
              .level = level,
              .state = State::ready,
              .born = visit_at(site)};
}

void destroy(Record& record, Site site) {
    assert_ready(record, "destroy", site);
    record.state = State::destroyed;
}

void assert_ready(const Record& record, const char* call, Site site) {
    if (record.state == State::uninitialised)
        refuse(record, site, call, " of a lock that is not initialised, by ",
               name_of(current_id()));
    if (record.state == State::destroyed)
        refuse(record, site, call, " of ", record.name, ", which is destroyed");
}

// ---- while armed --------------------------------------------------------------------------------

void arm() {
    trace::set_attention(trace::attention_of_checker, true);
}

void disarm(const char* why) {
    trace::set_attention(trace::attention_of_checker, false);
    lib::Line line;
    line.add("lockcheck: switched off: ", why);
    hart::print(line);
}

void check_entering(Record& record, Hold, Site site) {
    if (current_id() == LwpId::none)
        return;
    assert_ready(record, "enter", site);
    const Holdings& own = own_holdings();
    check_recursion(record, own, site);
    check_barrier(record, own, site);
    if (record.nature == Nature::spins && arch::current().level > record.level)
        refuse(record, site, "the spin mutex ", record.name, " of level ",
               hart::ipl::names[record.level], " is entered at level ",
               hart::ipl::names[arch::current().level]);
    learn_wanted(record, site);
}

void note_entered(Record& record, Hold hold, Site site) {
    if (current_id() == LwpId::none)
        return;
    if (record.nature >= Nature::function)
        learn_wanted(record, site);
    if (record.nature == Nature::spins)
        learn_open_levels(record, site);
    hart::IrqGuard masked; // model=classic: a handler keeps its locks on the same list
    Holdings& own = own_holdings();
    if (own.count == max_held)
        return disarm("an LWP holds too many locks");
    own.held[own.count++] = {&record, site, hold};
    record.entered = visit_at(site);
    if (hold == Hold::exclusive)
        record.holder = current_id();
}

void note_left(Record& record, Site site) {
    hart::IrqGuard masked;
    Holdings& own = own_holdings();
    for (unsigned i = own.count; i > 0; i--) {
        if (own.held[i - 1].record != &record)
            continue;
        for (; i < own.count; i++)
            own.held[i - 1] = own.held[i];
        own.count--;
        break;
    }
    record.left = visit_at(site);
    if (own.find(record) == nullptr) // the big lock's last hold
        record.holder = LwpId::none;
}

void note_changed(Record& record, Hold hold) {
    Holdings& own = own_holdings();
    for (unsigned i = 0; i < own.count; i++)
        if (own.held[i].record == &record)
            own.held[i].how = hold;
    record.holder = hold == Hold::exclusive ? current_id() : LwpId::none;
}

Record& level_record(Level level) {
    return levels.records[level];
}

} // namespace lockcheck
