// SPDX-License-Identifier: BSD-2-Clause
#include "model/builder.hpp"

#include <algorithm>
#include <cassert>

namespace model_test {

Builder::Builder(unsigned harts, Sink sink)
    : sink_(std::move(sink))
    , harts_(harts) {
    emit(0, LwpId::none,
         Boot{.harts = static_cast<u16>(harts), .hz = 100, .timebase = timebase, .schema = schema});
    for (unsigned h = 0; h < harts; h++) {
        LwpId idle = create("idle/" + std::to_string(h), LwpKind::idle, 0, h);
        harts_[h].current = harts_[h].idle = idle;
    }
}

u64 Builder::next_stamp() {
    stamp_ = std::max(stamp_ + 1, time_ << order_bits);
    return stamp_;
}

void Builder::name(Kind kind, u32 id, std::string_view name) {
    bool full = true;
    while (full) {
        Name event{.object = object(kind, id), .text = {}};
        std::string_view chunk = name.substr(0, sizeof event.text.bytes);
        std::copy(chunk.begin(), chunk.end(), event.text.bytes);
        emit(0, event);
        full = chunk.size() == sizeof event.text.bytes;
        name.remove_prefix(chunk.size());
    }
}

LwpId Builder::create(std::string_view called, LwpKind kind, Priority priority, unsigned home) {
    auto id = static_cast<LwpId>(lwps_.size());
    LwpState state = kind == LwpKind::idle                                    ? LwpState::running
                     : kind == LwpKind::softint || kind == LwpKind::interrupt ? LwpState::idle
                                                                              : LwpState::runnable;
    Lwp born;
    born.kind = kind;
    born.state = state;
    born.own = priority;
    born.home = home;
    lwps_.push_back(born);
    name(Kind::lwp, static_cast<u32>(id), called);
    emit(home, LwpCreate{.subject = id,
                         .home = hart_id(home),
                         .kind = kind,
                         .state = state,
                         .priority = priority});
    return id;
}

LineId Builder::attach(std::string_view called, Level level, unsigned route) {
    auto id = static_cast<LineId>(lines_.size());
    name(Kind::line, static_cast<u32>(id), called);
    std::vector<LwpId> handlers;
    for (int i = 0; i < 2; i++)
        handlers.push_back(create(std::string(called) + " handler " + std::to_string(i),
                                  LwpKind::interrupt, 220 + level, route));
    for (LwpId handler : handlers)
        at(handler).level = level;
    lines_.push_back({level, false, handlers});
    emit(0, LineAttach{.line = id, .level = level, .flags = 1, .route = hart_id(route)});
    return id;
}

LockId Builder::init_lock(std::string_view called) {
    auto id = static_cast<LockId>(locks_.size());
    locks_.emplace_back();
    name(Kind::lock, static_cast<u32>(id), called);
    emit(0, LockInit{.lock = id, .kind = LockKind::adaptive_mutex, .level = 0});
    return id;
}

ChannelId Builder::init_channel(std::string_view called) {
    auto id = static_cast<ChannelId>(channels_.size());
    channels_.emplace_back();
    name(Kind::channel, static_cast<u32>(id), called);
    return id;
}

SoftintId Builder::establish(std::string_view called, Level level, unsigned hart) {
    auto id = static_cast<SoftintId>(softints_.size());
    LwpId lwp = create(std::string("softint ") + std::string(called), LwpKind::softint,
                       static_cast<Priority>(200 + level), hart);
    at(lwp).level = level;
    softints_.push_back({level, false, lwp});
    name(Kind::softint, static_cast<u32>(id), called);
    emit(0, SoftintEstablish{.softint = id, .level = level});
    return id;
}

CalloutId Builder::init_callout(std::string_view called) {
    auto id = static_cast<CalloutId>(++callouts_);
    name(Kind::callout, callouts_, called);
    emit(0, CalloutInit{.callout = id, .lock = LockId::none, .fast = 0});
    return id;
}

TextId Builder::text(std::string_view words) {
    auto id = static_cast<TextId>(++texts_);
    name(Kind::text, texts_, words);
    return id;
}

// ---- LWPs ---------------------------------------------------------------------------------------

void Builder::runnable(unsigned from, LwpId id, bool at_head) {
    Lwp& lwp = at(id);
    auto& queue = harts_[lwp.home].queue;
    auto place = std::find_if(queue.begin(), queue.end(), [&](LwpId other) {
        return at_head ? at(other).effective() <= lwp.effective()
                       : at(other).effective() < lwp.effective();
    });
    queue.insert(place, id);
    lwp.state = LwpState::runnable;
    emit(from, Runnable{.subject = id,
                        .on = hart_id(lwp.home),
                        .priority = lwp.effective(),
                        .at_head = at_head});
}

void Builder::ask_for(unsigned from, LwpId id) {
    const Lwp& lwp = at(id);
    if (lwp.effective() <= at(harts_[lwp.home].current).effective())
        return;
    emit(from, Resched{.target = hart_id(lwp.home), .subject = id, .priority = lwp.effective()});
    if (lwp.home != from)
        emit(from, Ipi{.target = hart_id(lwp.home)});
}

void Builder::start(LwpId lwp) {
    runnable(at(lwp).home, lwp, false);
    ask_for(at(lwp).home, lwp);
}

void Builder::switch_away(unsigned hart, LwpState state, SwitchReason reason) {
    Hart& here = harts_[hart];
    assert(here.pinned.empty());
    LwpId previous = here.current;
    LwpId next = here.queue.empty() ? here.idle : here.queue.front();
    if (!here.queue.empty())
        here.queue.erase(here.queue.begin());
    at(previous).state = state;
    at(next).state = LwpState::running;
    emit(hart, Switch{.previous = previous,
                      .next = next,
                      .state = state,
                      .reason = reason,
                      .next_priority = at(next).effective()});
    here.current = next;
}

void Builder::resched(unsigned hart) {
    Hart& here = harts_[hart];
    if (here.queue.empty())
        return;
    LwpId previous = here.current;
    if (at(here.queue.front()).effective() <= at(previous).effective() && previous != here.idle)
        return;
    if (borrows(hart)) {
        Refusal why = at(previous).kind == LwpKind::softint ? Refusal::softint : Refusal::interrupt;
        emit(hart, PreemptRefused{.subject = previous, .why = why});
    } else if (previous == here.idle) {
        switch_away(hart, LwpState::idle, SwitchReason::idle);
    } else {
        runnable(hart, previous, true);
        switch_away(hart, LwpState::runnable, SwitchReason::preempted);
    }
}

void Builder::yield(unsigned hart) {
    runnable(hart, current(hart), false);
    switch_away(hart, LwpState::runnable, SwitchReason::yielded);
}

void Builder::sleep(unsigned hart, ChannelId channel) {
    emit(hart, Sleep{.channel = channel, .deadline = 0});
    channels_[static_cast<usize>(channel)].push_back(current(hart));
    switch_away(hart, LwpState::sleeping, SwitchReason::slept);
}

void Builder::wake(unsigned hart, ChannelId channel) {
    auto& sleepers = channels_[static_cast<usize>(channel)];
    assert(!sleepers.empty());
    LwpId subject = sleepers.front();
    sleepers.erase(sleepers.begin());
    emit(hart, Unsleep{.channel = channel, .subject = subject, .reason = WakeReason::signalled});
    runnable(hart, subject, false);
    ask_for(hart, subject);
}

void Builder::exit(unsigned hart) {
    emit(hart, LwpExit{.subject = current(hart)});
    switch_away(hart, LwpState::zombie, SwitchReason::exited);
}

// ---- Locks --------------------------------------------------------------------------------------

void Builder::change_priority(unsigned hart, LwpId id, Priority inherited) {
    Lwp& lwp = at(id);
    if (lwp.inherited == inherited)
        return;
    lwp.inherited = inherited;
    emit(hart,
         PriorityChange{
             .subject = id, .own = lwp.own, .inherited = inherited, .effective = lwp.effective()});
    auto& queue = harts_[lwp.home].queue;
    if (auto found = std::find(queue.begin(), queue.end(), id); found != queue.end()) {
        queue.erase(found);
        queue.insert(
            std::find_if(queue.begin(), queue.end(),
                         [&](LwpId other) { return at(other).effective() < lwp.effective(); }),
            id);
    }
}

void Builder::lend(unsigned hart, LwpId from, LockId lock) {
    LwpId owner = locks_[static_cast<usize>(lock)].owner;
    Priority priority = at(from).effective();
    if (priority <= at(owner).effective())
        return;
    emit(hart, Lend{.lock = lock, .from = from, .to = owner, .priority = priority});
    change_priority(hart, owner, priority);
}

bool Builder::acquire(unsigned hart, LockId id) {
    Lock& lock = locks_[static_cast<usize>(id)];
    assert(at(current(hart)).held == LockId::none);
    if (lock.owner != LwpId::none) {
        block(hart, id);
        return false;
    }
    lock.owner = current(hart);
    Lwp& taker = at(current(hart));
    taker.held = id;
    emit(hart, LockAcquire{.lock = id,
                           .hold = Hold::exclusive,
                           .contended = taker.waits_for == id ? u8{1} : u8{0}});
    taker.waits_for = LockId::none;
    return true;
}

void Builder::block(unsigned hart, LockId id) {
    Lock& lock = locks_[static_cast<usize>(id)];
    LwpId waiter = current(hart);
    lock.waiters.push_back(waiter);
    at(waiter).waits_for = id;
    emit(hart, LockBlock{.lock = id, .owner = lock.owner, .hold = Hold::exclusive});
    lend(hart, waiter, id);
    if (!borrows(hart)) {
        switch_away(hart, LwpState::blocked, SwitchReason::blocked);
        return;
    }
    LwpId victim = at(waiter).victim;
    if (at(waiter).kind == LwpKind::interrupt)
        emit(hart,
             IrqBlock{.line = at(waiter).line, .handler = waiter, .victim = victim, .lock = id});
    else
        emit(hart, SoftintBlock{.handler = waiter, .victim = victim, .lock = id});
    give_back(hart);
    at(waiter).state = LwpState::blocked;
}

void Builder::release(unsigned hart) {
    LwpId giver = current(hart);
    LockId id = at(giver).held;
    Lock& lock = locks_[static_cast<usize>(id)];
    auto waiters = static_cast<u8>(std::min<usize>(lock.waiters.size(), 255));
    emit(hart, LockRelease{.lock = id, .hold = Hold::exclusive, .waiters = waiters});
    lock.owner = LwpId::none;
    at(giver).held = LockId::none;
    std::vector<LwpId> woken = std::move(lock.waiters);
    lock.waiters.clear();
    for (LwpId waiter : woken) {
        emit(hart, LockWake{.lock = id, .subject = waiter});
        runnable(hart, waiter, false);
    }
    if (at(giver).inherited != 0) {
        emit(hart, Unlend{.lock = id, .from = giver});
        change_priority(hart, giver, 0);
    }
    for (LwpId waiter : woken)
        ask_for(hart, waiter);
}

// ---- Interrupts ---------------------------------------------------------------------------------

void Builder::borrow(unsigned hart, LwpId handler) {
    Hart& here = harts_[hart];
    at(handler).victim = here.current;
    at(here.current).state = LwpState::pinned;
    here.pinned.push_back(here.current);
    here.current = handler;
    at(handler).state = LwpState::running;
}

LwpId Builder::give_back(unsigned hart) {
    Hart& here = harts_[hart];
    LwpId handler = here.current;
    here.current = here.pinned.back();
    here.pinned.pop_back();
    at(here.current).state = LwpState::running;
    at(handler).victim = LwpId::none;
    at(handler).state = LwpState::idle;
    return handler;
}

void Builder::timer(unsigned hart) {
    emit(hart, TimerEnter{.victim = current(hart)});
    emit(hart, Tick{.count = ++harts_[hart].ticks});
    emit(hart, TimerExit{.victim = current(hart)});
}

bool Builder::interrupt(unsigned hart, LineId id) {
    Line& line = lines_[static_cast<usize>(id)];
    auto free = std::find_if(line.handlers.begin(), line.handlers.end(), [&](LwpId each) {
        return at(each).state == LwpState::idle && at(each).home == hart;
    });
    if (line.busy || free == line.handlers.end())
        return false;
    LwpId victim = current(hart);
    line.busy = true;
    emit(hart, LineClaim{.line = id, .level = line.level});
    borrow(hart, *free);
    at(*free).line = id;
    emit(hart, IrqEnter{.line = id,
                        .handler = *free,
                        .victim = victim,
                        .level = line.level,
                        .model = Model::borrow});
    return true;
}

void Builder::finish_interrupt(unsigned hart) {
    LwpId handler = current(hart), victim = at(handler).victim;
    LineId line = at(handler).line;
    lines_[static_cast<usize>(line)].busy = false;
    emit(hart, LineComplete{.line = line});
    u16 blocked = victim == LwpId::none;
    emit(hart, IrqExit{.line = line, .handler = handler, .victim = victim, .blocked = blocked});
    at(handler).line = LineId::none;
    if (victim != LwpId::none)
        give_back(hart);
    else
        switch_away(hart, LwpState::idle, SwitchReason::handler_done);
}

void Builder::schedule(unsigned hart, SoftintId id) {
    Softint& softint = softints_[static_cast<usize>(id)];
    u8 coalesced = softint.pending;
    softint.pending = true;
    emit(hart, SoftintSchedule{.softint = id, .level = softint.level, .coalesced = coalesced});
}

void Builder::enter_softint(unsigned hart, SoftintId id) {
    Softint& softint = softints_[static_cast<usize>(id)];
    if (!softint.pending || at(softint.lwp).state != LwpState::idle)
        return;
    softint.pending = false;
    LwpId victim = current(hart);
    borrow(hart, softint.lwp);
    at(softint.lwp).softint = id;
    emit(hart, SoftintEnter{.handler = softint.lwp, .victim = victim, .level = softint.level});
    emit(hart, SoftintRun{.softint = id});
}

void Builder::finish_softint(unsigned hart) {
    LwpId handler = current(hart), victim = at(handler).victim;
    emit(hart, SoftintDone{.softint = at(handler).softint});
    u16 blocked = victim == LwpId::none;
    emit(hart, SoftintExit{.handler = handler, .victim = victim, .blocked = blocked});
    at(handler).softint = SoftintId::none;
    if (victim != LwpId::none)
        give_back(hart);
    else
        switch_away(hart, LwpState::idle, SwitchReason::handler_done);
}

void Builder::reset_callout(unsigned hart, CalloutId callout, u64 due) {
    emit(hart, CalloutReset{.callout = callout, .on = hart_id(hart), .was_pending = 0, .due = due});
}

void Builder::run_callout(unsigned hart, CalloutId callout) {
    emit(hart, CalloutTake{.callout = callout, .lock = LockId::none});
    emit(hart, CalloutEnter{.callout = callout, .late = 0, .tick = harts_[hart].ticks});
    emit(hart, CalloutExit{.callout = callout});
    emit(hart, CalloutDone{.callout = callout});
}

} // namespace model_test
