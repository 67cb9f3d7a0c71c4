// SPDX-License-Identifier: BSD-2-Clause
// A contender: somebody who is about to want a lock, as those see it who want to know when it
// waits.
//
//   handler   contender.comes(); mutex.enter(); …
//   holder    mutex.enter(); while (!contender.waits()) arch::relax(); mutex.exit();
//
// So a scenario says "held until the handler is blocked", which is true in every order of events,
// and not "held for so long that it should be".
//
// Rules
//   - comes(): by the contender, which is an LWP, before it enters the lock.
//   - waits() is a hint for everybody but the LWPs of the contender's hart: they run only when it
//     has left.
#pragma once

#include "sched/lwp.hpp"

namespace scenario {

class Contender {
public:
    void comes() { lwp_.publish(&sched::current()); }
    /// Nobody any more: before the next round.
    void forget() { lwp_.publish(nullptr); }
    [[nodiscard]] bool waits() const {
        const sched::Lwp* lwp = lwp_.get();
        return lwp != nullptr && lwp->state.peek() == sched::LwpState::blocked;
    }
    /// Of one that has come.
    [[nodiscard]] sched::Priority urgency() const { return lwp_.get()->effective(); }

private:
    hart::Cell<const sched::Lwp*> lwp_;
};

} // namespace scenario
