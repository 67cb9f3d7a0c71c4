// SPDX-License-Identifier: BSD-2-Clause
#include "model/statistics.hpp"

#include <algorithm>

namespace model {

class Measurement::Counter {
public:
    Counter(const State& before, usize first, u64 first_time)
        : state_(before)
        , index_(first) {
        time_ = out_.first_time = first_time;
        for (usize h = 0; h < max_harts; h++)
            on_hart_[h] = {state_.harts[h].running, first_time};
    }

    void add(const Event& event) {
        time_ = event.time();
        lwp_ = event.lwp();
        out_.events[event.id()]++;
        (void)state_.apply(event.record, event.hart); // what is impossible the store has reported
        for (usize h = 0; h < max_harts; h++)
            if (LwpId now = state_.harts[h].running; now != on_hart_[h].lwp) {
                charge(on_hart_[h]);
                on_hart_[h] = {now, time_};
                out_.lwps[now].dispatches++;
            }
        Events::visit(event.record, *this);
        index_++;
    }

    [[nodiscard]] Statistics result() const {
        Statistics all = out_;
        for (const OnHart& each : on_hart_)
            all.lwps[each.lwp].ran += time_ - each.since;
        all.lwps.erase(LwpId::none);
        all.last_time = time_;
        return all;
    }

    // Most events count only as events.
    template <class E> void operator()(const E&) {}
    void operator()(const Switch& event) { bump(out_.switches, event.reason); }
    void operator()(const PreemptRefused& event) { bump(out_.refusals, event.why); }
    void operator()(const LineClaim& event) { out_.lines[event.line].claims++; }
    void operator()(const LineDefer& event) { out_.lines[event.line].deferred++; }
    void operator()(const LineStray& event) { out_.lines[event.line].strays++; }
    void operator()(const RunOut& event) { out_.lines[event.line].run_outs++; }
    void operator()(const LineThrottle& event) { out_.lines[event.line].throttles += event.on; }
    void operator()(const Report& event) {
        bump(out_.reports, event.kind);
        if (out_.reports_of.size() < Statistics::most_reports)
            out_.reports_of.push_back({index_, event.kind, event.text});
    }
    void operator()(const IrqEnter& event) {
        LineStatistics& line = out_.lines[event.line];
        (event.handler == LwpId::none  ? line.inside
         : event.victim == LwpId::none ? line.dispatched
                                       : line.borrowed)++;
        started_.handler[{event.line, event.handler}] = {time_};
    }
    void operator()(const IrqExit& event) {
        auto at = started_.handler.find({event.line, event.handler});
        if (at == started_.handler.end())
            return;
        LineStatistics& line = out_.lines[event.line];
        (at->second.blocked ? line.blocked : line.completed).add(time_ - at->second.time);
        line.all.add(time_ - at->second.time);
        started_.handler.erase(at);
    }
    void operator()(const LockBlock& event) {
        out_.locks[event.lock].blocks++;
        started_.wait.try_emplace({event.lock, lwp_}, time_);
        note_blocked_handler(event.lock);
    }
    void operator()(const LockSpin& event) {
        out_.locks[event.lock].spins++;
        started_.wait.try_emplace({event.lock, lwp_}, time_);
    }
    void operator()(const LockAcquire& event) {
        LockStatistics& lock = out_.locks[event.lock];
        lock.acquisitions++;
        lock.contended += event.contended != 0 ? 1 : 0;
        settle(started_.wait, {event.lock, lwp_}, lock.wait);
        started_.hold[{event.lock, lwp_}] = time_;
        if (auto at = started_.blocked.find({event.lock, lwp_}); at != started_.blocked.end()) {
            at->second.into->add(time_ - at->second.time);
            started_.blocked.erase(at);
        }
    }
    void operator()(const LockRelease& event) {
        settle(started_.hold, {event.lock, lwp_}, out_.locks[event.lock].hold);
    }
    void operator()(const SoftintRun& event) { started_.softint[event.softint] = time_; }
    void operator()(const SoftintDone& event) {
        settle(started_.softint, event.softint, out_.softints[event.softint].runs);
    }
    void operator()(const CalloutEnter& event) {
        started_.callout[event.callout] = time_;
        CalloutStatistics& callout = out_.callouts[event.callout];
        callout.late += event.late != 0 ? 1 : 0;
        callout.latest = std::max<u64>(callout.latest, event.late);
    }
    void operator()(const CalloutExit& event) {
        settle(started_.callout, event.callout, out_.callouts[event.callout].runs);
    }
    void operator()(const CalloutSkip& event) { out_.callouts[event.callout].skipped++; }
    void operator()(const CalloutStop& event) { note_end(event.callout, event.result); }
    void operator()(const CalloutDrain& event) { note_end(event.callout, event.result); }

private:
    struct Handler {
        u64 time = 0;
        bool blocked = false;
    };
    struct Blocked {
        u64 time = 0;
        Durations* into = nullptr; // in a map of out_, whose nodes stay where they are
    };
    // What has begun and not ended yet, with the time of its beginning.
    struct Started {
        std::map<std::pair<LineId, LwpId>, Handler> handler;
        std::map<std::pair<LockId, LwpId>, u64> wait, hold;
        std::map<std::pair<LockId, LwpId>, Blocked> blocked; // handlers
        std::map<SoftintId, u64> softint;
        std::map<CalloutId, u64> callout;
    };

    template <class Counts, class E> static void bump(Counts& counts, E value) {
        if (static_cast<usize>(value) < counts.size())
            counts[static_cast<usize>(value)]++;
    }

    template <class Map> void settle(Map& begun, typename Map::key_type key, Durations& into) {
        auto at = begun.find(key);
        if (at == begun.end())
            return;
        into.add(time_ - at->second);
        begun.erase(at);
    }

    /// Every model says LockBlock; only borrow says IrqBlock and SoftintBlock after it.
    void note_blocked_handler(LockId lock) {
        const Lwp* handler = state_.lwp(lwp_);
        if (handler == nullptr)
            return;
        if (auto at = started_.handler.find({handler->line, lwp_}); at != started_.handler.end()) {
            at->second.blocked = true;
            started_.blocked[{lock, lwp_}] = {time_, &out_.lines[handler->line].blocked_on[lock]};
        } else if (handler->softint != SoftintId::none) {
            started_.blocked[{lock, lwp_}] = {time_,
                                              &out_.softints[handler->softint].blocked_on[lock]};
        }
    }
    void note_end(CalloutId callout, CalloutResult result) {
        out_.callouts[callout].cancelled += result == CalloutResult::cancelled ? 1 : 0;
    }

    struct OnHart {
        LwpId lwp{};
        u64 since = 0;
    };
    void charge(const OnHart& each) { out_.lwps[each.lwp].ran += time_ - each.since; }

    State state_;
    Statistics out_;
    Started started_;
    std::array<OnHart, max_harts> on_hart_;
    u64 time_ = 0;
    usize index_ = 0;
    LwpId lwp_{};
};

Measurement::Measurement(const State& before, usize first, u64 first_time)
    : counter_(std::make_unique<Counter>(before, first, first_time)) {}

Measurement::~Measurement() = default;
Measurement::Measurement(Measurement&&) noexcept = default;
Measurement& Measurement::operator=(Measurement&&) noexcept = default;

void Measurement::add(const Event& event) {
    counter_->add(event);
}

Statistics Measurement::result() const {
    return counter_->result();
}

Statistics measure(Store& store, usize from, usize to) {
    to = std::min(to, store.size());
    if (from >= to)
        return {};
    Measurement measurement(store.state_after(from), from, store.time(from));
    for (usize i = from; i < to; i++)
        measurement.add(store.event(i));
    return measurement.result();
}

} // namespace model
