// SPDX-License-Identifier: BSD-2-Clause
#include "irq/softint.hpp"

#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "irq/borrow.hpp"
#include "sched/sched.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace irq {

using sched::Lwp;

namespace {

/// One softint level of one hart. Only that hart touches it, with interrupts disabled.
struct SoftLevel {
    Lwp* lwp = nullptr;
    bool active = false; // (1)
    lib::List<Softint::Place, &Softint::Place::link> queue;
    SoftintCounts counts;
};

constexpr unsigned level_count = hart::ipl::last_softint - hart::ipl::first_softint + 1;
constinit SoftLevel levels[arch::max_harts][level_count];
constinit hart::Cell<u32> next_id{1};

SoftLevel& level_of(unsigned hart, Level level) {
    ASSERT(hart::ipl::is_softint(level));
    return levels[hart][level - hart::ipl::first_softint];
}

/// What a softint LWP runs: its level's queue, until it is empty.
void softint_body(void* argument) {
    Lwp& self = *static_cast<Lwp*>(argument);
    SoftLevel& here = level_of(self.current.hart, self.base_level);
    const Lwp* victim = self.victim;
    trace::record(trace::SoftintEnter{
        .handler = self.id(), .victim = victim->id(), .level = self.base_level});

    while (Softint::Place* place = here.queue.pop_front())
        place->softint->run();

    bool had_blocked = self.victim == nullptr;
    here.counts.blocked += had_blocked;
    here.active = false; // (1)
    trace::record(trace::SoftintExit{.handler = self.id(),
                                     .victim = had_blocked ? sched::LwpId::none : victim->id(),
                                     .blocked = had_blocked});
    finish(self);
}

} // namespace

void create_softint_lwps(unsigned hart) {
    for (Level level = hart::ipl::first_softint; level <= hart::ipl::last_softint; level++) {
        lib::Line name;
        name.add(hart::ipl::names[level], "/", hart);
        Lwp& lwp = sched::create({.name = name.text(),
                                  .kind = sched::LwpKind::softint,
                                  .priority = sched::softint_priority(level),
                                  .home = hart::hart_id(hart),
                                  .level = level},
                                 sched::LwpState::idle);
        level_of(hart, level).lwp = &lwp;
    }
}

constinit Softint* Softint::first_ = nullptr;

void Softint::establish(const char* name, Level level, Function function, void* argument) {
    ASSERT(name_ == nullptr);
    ASSERT(hart::ipl::is_softint(level));
    ASSERT(function != nullptr);

    name_ = name;
    level_ = level;
    function_ = function;
    argument_ = argument;
    for (Place& place : places_)
        place.softint = this;
    hart::SpinGuard guard(sched::lock);
    id_ = static_cast<trace::SoftintId>(next_id.add(1));
    next_ = first_;
    first_ = this;
    trace::name(id_, name);
    trace::record(trace::SoftintEstablish{.softint = id_, .level = level});
}

void Softint::disestablish() {
    for (const Place& place : places_)
        ASSERT(!place.link.linked);

    hart::SpinGuard guard(sched::lock);
    Softint** place = &first_;
    while (*place != this)
        place = &(*place)->next_;
    *place = next_;
    trace::record(trace::SoftintDisestablish{.softint = id_});
    name_ = nullptr;
}

void Softint::schedule() {
    ASSERT(name_ != nullptr);
    {
        hart::IrqGuard masked;
        unsigned here = hart::here();
        bool pending = places_[here].link.linked; // (2)
        if (!pending) {
            level_of(here, level_).queue.push_back(places_[here]);
            hart::self().owed.set_bits(hart::owed_softints);
        }
        trace::record(trace::SoftintSchedule{
            .softint = id_, .level = level_, .coalesced = static_cast<u8>(pending)});
    }
    hart::pay_debts();
}

void Softint::run() {
    Lwp& self = sched::current();
    const char* outer = self.serving;
    self.serving = name_;
    self.softint = id_;
    trace::record(trace::SoftintRun{.softint = id_});
    arch::irq_enable();
    function_(argument_);
    arch::irq_disable();
    check_leaks(self, name_);
    self.serving = outer;
    self.softint = trace::SoftintId::none;
    trace::record(trace::SoftintDone{.softint = id_});
}

bool run_softints() {
    ASSERT(!arch::irq_enabled());
    unsigned here = hart::here();
    bool waiting = false;
    for (Level level = hart::ipl::last_softint; level >= hart::ipl::first_softint; level--) {
        SoftLevel& candidate = level_of(here, level);
        if (candidate.queue.empty() || candidate.active)
            continue; // an active level's LWP finds the work itself
        if (level <= arch::current().level) {
            waiting = true;
            continue;
        }
        candidate.active = true; // (1)
        candidate.counts.dispatched++;
        borrow(*candidate.lwp, level, softint_body);
        return true;
    }
    if (!waiting)
        hart::self().owed.clear_bits(hart::owed_softints);
    return false;
}

SoftintCounts softint_counts(unsigned hart, Level level) {
    return level_of(hart, level).counts;
}

} // namespace irq
