// SPDX-License-Identifier: BSD-2-Clause
#include "model/statistics.hpp"

#include <algorithm>

namespace model {

namespace {

class Measurement {
public:
    Measurement(const State& before, u64 first_time)
        : state_(before) {
        time_ = out_.first_time = first_time;
        for (usize h = 0; h < max_harts; h++)
            on_hart_[h] = {state_.harts[h].running, first_time};
    }

    void add(const Event& event) {
        time_ = event.time();
        lwp_ = event.lwp();
        out_.events[event.id()]++;
        state_.apply(event.record, event.hart);
        for (usize h = 0; h < max_harts; h++)
            if (LwpId now = state_.harts[h].running; now != on_hart_[h].lwp) {
                charge(on_hart_[h]);
                on_hart_[h] = {now, time_};
                out_.lwps[now].dispatches++;
            }
        Events::visit(event.record, *this);
    }

    Statistics finish() {
        for (const OnHart& each : on_hart_)
            charge(each);
        out_.lwps.erase(LwpId::none);
        out_.last_time = time_;
        return std::move(out_);
    }

    // Most events count only as events.
    template <class E> void operator()(const E&) {}
    void operator()(const Switch& event) { bump(out_.switches, event.reason); }
    void operator()(const PreemptRefused& event) { bump(out_.refusals, event.why); }
    void operator()(const LineClaim& event) { out_.lines[event.line].claims++; }
    void operator()(const LineDefer& event) { out_.lines[event.line].deferred++; }
    void operator()(const LineStray& event) { out_.lines[event.line].strays++; }
    void operator()(const IrqEnter& event) {
        started_.handler[{event.line, event.handler}] = {time_};
    }
    void operator()(const IrqBlock& event) {
        if (auto at = started_.handler.find({event.line, event.handler});
            at != started_.handler.end())
            at->second.blocked = true;
    }
    void operator()(const IrqExit& event) {
        auto at = started_.handler.find({event.line, event.handler});
        if (at == started_.handler.end())
            return;
        LineStatistics& line = out_.lines[event.line];
        (at->second.blocked ? line.blocked : line.completed).add(time_ - at->second.time);
        started_.handler.erase(at);
    }
    void operator()(const LockBlock& event) {
        out_.locks[event.lock].blocks++;
        started_.wait.try_emplace({event.lock, lwp_}, time_);
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
    }
    void operator()(const LockRelease& event) {
        settle(started_.hold, {event.lock, lwp_}, out_.locks[event.lock].hold);
    }
    void operator()(const SoftintRun& event) { started_.softint[event.softint] = time_; }
    void operator()(const SoftintDone& event) {
        settle(started_.softint, event.softint, out_.softints);
    }
    void operator()(const CalloutEnter& event) { started_.callout[event.callout] = time_; }
    void operator()(const CalloutExit& event) {
        settle(started_.callout, event.callout, out_.callouts);
    }

private:
    struct Handler {
        u64 time = 0;
        bool blocked = false;
    };
    // What has begun and not ended yet, with the time of its beginning.
    struct Started {
        std::map<std::pair<LineId, LwpId>, Handler> handler;
        std::map<std::pair<LockId, LwpId>, u64> wait, hold;
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
    LwpId lwp_{};
};

} // namespace

Statistics measure(Store& store, usize from, usize to) {
    to = std::min(to, store.size());
    if (from >= to)
        return {};
    Measurement measurement(store.state_after(from), store.time(from));
    for (usize i = from; i < to; i++)
        measurement.add(store.event(i));
    return measurement.finish();
}

} // namespace model
