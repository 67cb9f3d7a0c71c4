// SPDX-License-Identifier: BSD-2-Clause
// A tiny scripted machine for tests: it keeps just enough state to emit the events that the kernel
// would emit, in the kernel's order. Tests say what happens ("an interrupt on line 1, its handler
// blocks on the mutex"); the builder knows which events that is.
//
//   Builder machine(1, into(store));
//   LwpId writer = machine.create("writer", LwpKind::kernel, 100);
//   machine.start(writer);
//   machine.resched(0);                  // the idle LWP gives way
//   machine.interrupt(0, uart);          // LineClaim, IrqEnter
//   machine.finish_interrupt(0);         // LineComplete, IrqExit
//
// Rules
//   - It is for legal stories: calls that make no sense fail an assertion. For illegal ones, tests
//     use emit() and say the events themselves.
//   - Locks do not nest: an LWP holds at most one and waits for at most one.
#pragma once

#include "model/store.hpp"

#include <functional>
#include <string_view>

namespace model_test {

using namespace trace;
using Sink = std::function<void(const Record&, HartId)>;

inline Sink into(model::Store& store) {
    return [&store](const Record& record, HartId hart) { store.append(record, hart); };
}
inline Sink into(std::vector<model::Event>& events) {
    return [&events](const Record& record, HartId hart) { events.push_back({record, hart}); };
}

constexpr HartId hart_id(unsigned hart) {
    return static_cast<HartId>(hart);
}

class Builder {
public:
    static constexpr u64 timebase = 10'000'000;

    /// Emits Boot, and Name and LwpCreate of the idle LWP of each hart.
    Builder(unsigned harts, Sink sink);

    // What time it is: every event moves the clock by one step of order, these by ticks.
    void advance(u64 ticks) { time_ += ticks; }

    // Making things; each emits its Name and its birth.
    LwpId create(std::string_view name, LwpKind kind, Priority priority, unsigned home = 0);
    LineId attach(std::string_view name, Level level, unsigned route = 0);
    LockId init_lock(std::string_view name);
    ChannelId init_channel(std::string_view name);
    SoftintId establish(std::string_view name, Level level, unsigned hart = 0);
    CalloutId init_callout(std::string_view name);
    TextId text(std::string_view text);
    void name(Kind kind, u32 id, std::string_view name);

    // What LWPs do; the one that is current on `hart` does it.
    void start(LwpId lwp);       // idle or new to runnable on its home
    void resched(unsigned hart); // to the most urgent LWP, if more urgent: preempts
    void yield(unsigned hart);   // behind its equals
    void sleep(unsigned hart, ChannelId channel);
    void wake(unsigned hart, ChannelId channel); // the first sleeper
    /// True if it has the lock now; else it has blocked (an interrupt's victim runs again).
    bool acquire(unsigned hart, LockId lock);
    void release(unsigned hart); // the lock that the current LWP holds
    void exit(unsigned hart);

    // What happens to a hart.
    void timer(unsigned hart);
    bool interrupt(unsigned hart, LineId line); // false if the line or all its LWPs are busy
    void finish_interrupt(unsigned hart);
    void schedule(unsigned hart, SoftintId softint);
    void enter_softint(unsigned hart, SoftintId softint);
    void finish_softint(unsigned hart);
    void reset_callout(unsigned hart, CalloutId callout, u64 due);
    void run_callout(unsigned hart, CalloutId callout); // in the current LWP

    // For deciding what can happen next.
    [[nodiscard]] LwpId current(unsigned hart) const { return harts_[hart].current; }
    [[nodiscard]] LwpKind kind(LwpId lwp) const { return at(lwp).kind; }
    [[nodiscard]] LockId held(LwpId lwp) const { return at(lwp).held; }
    [[nodiscard]] bool borrows(unsigned hart) const { return !harts_[hart].pinned.empty(); }
    [[nodiscard]] LockId waits_for(LwpId lwp) const { return at(lwp).waits_for; }
    [[nodiscard]] Level level_of(LwpId lwp) const { return at(lwp).level; }
    [[nodiscard]] LineId line_of(LwpId lwp) const { return at(lwp).line; }
    [[nodiscard]] SoftintId softint_of(LwpId lwp) const { return at(lwp).softint; }
    [[nodiscard]] bool has_sleepers(ChannelId channel) const {
        return !channels_[static_cast<usize>(channel)].empty();
    }
    [[nodiscard]] bool is_pending(SoftintId softint) const {
        return softints_[static_cast<usize>(softint)].pending;
    }
    [[nodiscard]] unsigned hart_count() const { return static_cast<unsigned>(harts_.size()); }

    /// Any event, legal or not, from `hart` with `lwp` current.
    template <class E> void emit(unsigned hart, LwpId lwp, const E& event) {
        Packed packed = pack(event, id_of<E>);
        Record record{next_stamp(), {packed.words[0], packed.words[1], packed.words[2]}};
        record.words[0] |= static_cast<u64>(lwp) << 16;
        sink_(record, hart_id(hart));
    }
    /// The same with the LWP that is current.
    template <class E> void emit(unsigned hart, const E& event) {
        emit(hart, current(hart), event);
    }

private:
    struct Lwp {
        LwpKind kind{};
        LwpState state{};
        Priority own = 0, inherited = 0;
        unsigned home = 0;
        Level level = 0; // of an interrupt or softint LWP
        LockId held{}, waits_for{};
        LineId line{};
        SoftintId softint{};
        LwpId victim{};
        [[nodiscard]] Priority effective() const { return own > inherited ? own : inherited; }
    };
    struct Hart {
        LwpId current{}, idle{};
        std::vector<LwpId> pinned, queue;
        u32 ticks = 0;
    };
    struct Lock {
        LwpId owner{};
        std::vector<LwpId> waiters;
    };
    struct Line {
        Level level = 0;
        bool busy = false;
        std::vector<LwpId> handlers;
    };
    struct Softint {
        Level level = 0;
        bool pending = false;
        LwpId lwp{};
    };

    [[nodiscard]] const Lwp& at(LwpId id) const { return lwps_[static_cast<usize>(id)]; }
    Lwp& at(LwpId id) { return lwps_[static_cast<usize>(id)]; }
    u64 next_stamp();
    void runnable(unsigned from, LwpId lwp, bool at_head);
    void ask_for(unsigned from, LwpId lwp);
    void switch_away(unsigned hart, LwpState state, SwitchReason reason);
    void lend(unsigned hart, LwpId from, LockId lock);
    void change_priority(unsigned hart, LwpId lwp, Priority inherited);
    void block(unsigned hart, LockId lock);
    void borrow(unsigned hart, LwpId handler);
    LwpId give_back(unsigned hart);

    Sink sink_;
    u64 time_ = 1000, stamp_ = 0;
    std::vector<Lwp> lwps_{1};
    std::vector<Hart> harts_;
    std::vector<Lock> locks_{1};
    std::vector<Line> lines_{1};
    std::vector<Softint> softints_{1};
    std::vector<std::vector<LwpId>> channels_{1};
    u32 callouts_ = 0, texts_ = 0;
};

} // namespace model_test
