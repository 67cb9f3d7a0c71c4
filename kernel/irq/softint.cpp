// SPDX-License-Identifier: BSD-2-Clause
#include "irq/softint.hpp"

#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "hart/print.hpp"
#include "hart/spl.hpp"
#include "irq/borrow.hpp"
#include "irq/footing.hpp"
#include "sched/sleep_queue.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace irq {

using sched::Lwp;
using sched::LwpId;
using trace::Model;

namespace {

/// One softint level of one hart. Only that hart touches it, with interrupts disabled.
struct SoftLevel {
    Lwp* lwp = nullptr;  // none: `model=classic`
    bool active = false; // (1)
    lib::List<Softint::Place, &Softint::Place::link> queue;
    SoftintCounts counts;
};

/// Softints that other harts want to run here, a bit for each place in the table.
struct alignas(64) Inbox {
    hart::Cell<u64> wanted;
    hart::Cell<u64> stamp; // of the newest wish
};

constexpr unsigned level_count = hart::ipl::last_softint - hart::ipl::first_softint + 1;
constinit SoftLevel levels[arch::max_harts][level_count];
constinit Inbox inboxes[arch::max_harts];
constinit hart::Cell<u32> next_id{1};

SoftLevel& level_of(unsigned hart, Level level) {
    ASSERT(hart::ipl::is_softint(level));
    return levels[hart][level - hart::ipl::first_softint];
}

/// The level's queue, until it is empty (masked).
void run_queue(SoftLevel& here, LwpId handler, LwpId victim, Level level) {
    trace::record(trace::SoftintEnter{.handler = handler, .victim = victim, .level = level});
    while (Softint::Place* place = here.queue.front()) {
        bool late = hart::mutated(hart::Mutation::late_unlink);
        if (!late)
            here.queue.remove(*place); // (2): what comes from here on is one more run
        place->softint->run();
        if (late)
            here.queue.remove(*place);
    }
    here.active = false; // (1)
}

/// What a softint LWP runs.
void softint_body(void* argument) {
    Lwp& self = *static_cast<Lwp*>(argument);
    SoftLevel& here = level_of(self.current.hart, self.base_level);
    LwpId victim = self.victim != nullptr ? self.victim->id() : LwpId::none;
    u32 waits = self.waits;
    run_queue(here, self.id(), victim, self.base_level);

    bool had_blocked = victim != LwpId::none && self.victim == nullptr;
    here.counts.blocked += self.waits != waits;
    trace::record(trace::SoftintExit{.handler = self.id(),
                                     .victim = had_blocked ? LwpId::none : victim,
                                     .blocked = had_blocked});
    finish(self);
}

void run_as_guest(SoftLevel& here, Level level) {
    Lwp& host = sched::current();
    sched::Guest guest{.name = nullptr,
                       .line = {},
                       .softint = {},
                       .level = level,
                       .before = host.current.level,
                       .beneath = host.guest};
    host.guest = &guest;
    hart::set_level(level);
    run_queue(here, LwpId::none, host.id(), level);
    trace::record(trace::SoftintExit{.handler = LwpId::none, .victim = host.id(), .blocked = 0});
    host.guest = guest.beneath;
    hart::set_level(guest.before);
}

/// The softint's LWP, or the softint's host, says what it runs.
void announce(Lwp& self, const char* name, trace::SoftintId id) {
    if (self.guest != nullptr) {
        self.guest->name = name;
        self.guest->softint = id;
    } else {
        self.serving = name;
        self.softint = id;
    }
}

/// "This hart" must mean the same at the beginning and the end of softint_schedule.
void assert_stays_here(const char* name) {
    const Lwp& self = sched::current();
    const arch::Current& now = self.current;
    bool stays = self.bound() || self.victim != nullptr || self.guest != nullptr
                 || !arch::irq_enabled() || now.preempt_disabled != 0 || now.spin_depth != 0
                 || now.level > self.base_level;
    if (!stays)
        hart::panic("softint_schedule of ", name, " by ", self.name,
                    ", which may be moved to another hart meanwhile: disable preemption, or ask "
                    "whether a kernel LWP would do");
}

/// Where softint_disestablish waits, and how many do.
constinit sched::SleepQueue drained;
constinit hart::Cell<u32> drainers;

void wake_drainers() {
    hart::SpinGuard guard(sched::lock);
    drained.wake_all(trace::WakeReason::signalled);
}

} // namespace

void create_softint_lwps(unsigned hart) {
    if (drained.name() == nullptr)
        drained.init("softint_disestablish");
    if (hart::interrupts.model == Model::classic)
        return;
    for (Level level = hart::ipl::first_softint; level <= hart::ipl::last_softint; level++) {
        lib::Line name;
        name.add(hart::ipl::names[level], "/", hart);
        sched::Birth birth{.name = name.text(),
                           .kind = sched::LwpKind::softint,
                           .priority = sched::softint_priority(level),
                           .home = hart::hart_id(hart),
                           .level = level};
        level_of(hart, level).lwp = hart::interrupts.model == Model::thread
                                        ? &create_thread(birth, softint_body)
                                        : &sched::create(birth, sched::LwpState::idle);
    }
}

constinit Softint* Softint::table_[max_softints] = {};

bool Softint::establish(const char* name, Level level, Function function, void* argument) {
    if (name_ != nullptr)
        hart::panic("softint_establish of ", name, ", which is established as ", name_);
    if (!hart::ipl::is_softint(level))
        hart::panic("softint_establish of ", name, " at level ", hart::ipl::names[level]);
    ASSERT(function != nullptr);
    hart::SpinGuard guard(sched::lock);
    if (!enter_table()) {
        lib::Line line;
        line.add("softint_establish: there is no room for ", name, ", all ", max_softints,
                 " places are taken");
        hart::print(line);
        return false;
    }
    set_up(name, level, function, argument);
    trace::name(id_, name);
    trace::record(trace::SoftintEstablish{.softint = id_, .level = level});
    return true;
}

void Softint::set_up(const char* name, Level level, Function function, void* argument) {
    name_ = name;
    level_ = level;
    function_ = function;
    argument_ = argument;
    id_ = static_cast<trace::SoftintId>(next_id.add(1));
    for (Place& place : places_)
        place.softint = this;
}

bool Softint::enter_table() {
    for (u8 slot = 0; slot < max_softints; slot++) {
        if (table_[slot] == nullptr) {
            slot_ = slot;
            table_[slot] = this;
            return true;
        }
    }
    return false;
}

/// (sched::lock held)
void Softint::leave_table() {
    table_[slot_] = nullptr;
    trace::record(trace::SoftintDisestablish{.softint = id_});
    name_ = nullptr;
}

void Softint::disestablish() {
    assert_established("softint_disestablish");
    sched::assert_sleepable("softint_disestablish");

    hart::SpinGuard guard(sched::lock);
    drainers.add(1);
    while (outstanding_.get() != 0 && !hart::mutated(hart::Mutation::hasty_disestablish)) // (3)
        drained.sleep("softint_disestablish");
    drainers.add(~u32{0});
    leave_table();
}

void Softint::assert_established(const char* primitive) const {
    if (name_ == nullptr)
        hart::panic(primitive, " of a softint that is not established");
}

/// On this hart's queue, unless it is there (masked).
void Softint::put_on_queue() {
    Place& place = places_[hart::here()];
    bool pending = place.link.linked; // (2)
    if (!pending) {
        outstanding_.add(1); // (3)
        level_of(hart::here(), level_).queue.push_back(place);
        hart::self().owed.set_bits(hart::owed_softints);
    }
    trace::record(trace::SoftintSchedule{
        .softint = id_, .level = level_, .coalesced = static_cast<u8>(pending)});
}

void Softint::schedule() {
    assert_established("softint_schedule");
    assert_stays_here(name_);
    {
        hart::IrqGuard masked;
        put_on_queue();
    }
    hart::pay_debts();
}

void Softint::schedule_on(unsigned hart) {
    assert_established("softint_schedule_cpu");
    ASSERT(hart < hart::hart_count);
    {
        hart::IrqGuard masked;
        if (hart == hart::here()) {
            put_on_queue();
        } else {
            trace::record(trace::Ipi{.target = hart::hart_id(hart)});
            inboxes[hart].stamp.set(trace::carry_out());
            outstanding_.add(1); // (3)
            if ((inboxes[hart].wanted.set_bits(u64{1} << slot_) >> slot_ & 1) != 0)
                outstanding_.add(~u32{0}); // coalesced
            hart::harts[hart].owed.set_bits(hart::owed_softints);
            arch::send_ipi(hart);
        }
    }
    hart::pay_debts();
}

void Softint::empty_inbox() {
    Inbox& inbox = inboxes[hart::here()];
    if (inbox.wanted.peek() == 0) [[likely]]
        return;
    u64 wanted = inbox.wanted.swap(0);
    trace::carry_in(inbox.stamp.peek());
    for (unsigned slot = 0; slot < max_softints; slot++)
        if ((wanted >> slot & 1) != 0)
            table_[slot]->take_from_inbox();
}

void Softint::take_from_inbox() {
    put_on_queue();
    outstanding_.add(~u32{0}); // (3): the place counts now
}

void Softint::run() {
    Lwp& self = sched::current();
    const char* name = name_;
    announce(self, name, id_);
    trace::record(trace::SoftintRun{.softint = id_});
    Footing footing;
    arch::irq_enable();
    function_(argument_);
    arch::irq_disable();
    footing.check(name);
    if (name_ != name)
        hart::panic(name, " was disestablished while it ran on hart ", hart::here());
    announce(self, nullptr, trace::SoftintId::none);
    trace::record(trace::SoftintDone{.softint = id_});
    bool last = outstanding_.add(~u32{0}) == 1; // (3): from here on the softint may be gone
    if (last && drainers.get() != 0)
        wake_drainers();
}

bool run_softints() {
    ASSERT(!arch::irq_enabled());
    if ((hart::self().owed.peek() & hart::owed_softints) == 0)
        return false;
    Softint::empty_inbox();
    unsigned here = hart::here();
    bool waiting = false;
    for (Level level = hart::ipl::last_softint; level >= hart::ipl::first_softint; level--) {
        SoftLevel& candidate = level_of(here, level);
        if (candidate.queue.empty() || candidate.active)
            continue; // whoever runs an active level finds the work himself
        bool scheduled = hart::interrupts.model == Model::thread;
        if (!scheduled && level <= arch::current().level) {
            waiting = true;
            continue;
        }
        candidate.active = true; // (1)
        candidate.counts.dispatched++;
        if (candidate.lwp == nullptr)
            run_as_guest(candidate, level);
        else if (scheduled)
            wake_thread(*candidate.lwp);
        else
            borrow(*candidate.lwp, level, softint_body);
        return true;
    }
    if (waiting)
        return false;
    hart::self().owed.clear_bits(hart::owed_softints);
    if (inboxes[here].wanted.get() != 0) // came before the bit was cleared
        hart::self().owed.set_bits(hart::owed_softints);
    return false;
}

SoftintCounts softint_counts(unsigned hart, Level level) {
    return level_of(hart, level).counts;
}

} // namespace irq
