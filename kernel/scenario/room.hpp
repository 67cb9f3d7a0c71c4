// SPDX-License-Identifier: BSD-2-Clause
// A room: a mutex, and who is inside. Whoever visits it finds out whether the mutex keeps its
// promise: nobody else is there when he comes, he is still the one when he goes, and in the end as
// many visits were noted inside, where nothing but the mutex protects the number, as were made.
//
//   Visit visit(room);            enters; may wait
//   visit.wait(condition);        leaves the room for as long as the condition is waited for
//
// Workloads with many LWPs and handlers use it: stress.cpp, and tests/unit/workload.cpp.
//
// Rules
//   - Who may visit: whoever may enter the mutex.
#pragma once

#include "hart/cell.hpp"
#include "hart/panic.hpp"
#include "sched/sched.hpp"
#include "sync/condition.hpp"
#include "sync/mutex.hpp"

namespace scenario {

struct Room {
    sync::Mutex mutex;
    const sched::Lwp* inside = nullptr; // these two are protected by `mutex`
    u32 noted = 0;
    hart::Cell<u32> made; // visits

    /// Whether every visit has been noted, and is over: when nobody visits it any more.
    [[nodiscard]] bool is_in_order() const { return inside == nullptr && noted == made.peek(); }
};

class [[nodiscard]] Visit {
public:
    explicit Visit(Room& room)
        : room_(room) {
        room_.mutex.enter();
        come_in();
        room_.noted++;
        room_.made.add(1);
    }
    ~Visit() {
        go_out();
        room_.mutex.exit();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    /// cv_wait(9), with the room's mutex.
    void wait(sync::Condition& condition) {
        go_out();
        condition.wait(room_.mutex);
        come_in();
    }

private:
    void come_in() {
        ASSERT(room_.inside == nullptr);
        room_.inside = &sched::current();
    }
    void go_out() {
        ASSERT(room_.inside == &sched::current());
        room_.inside = nullptr;
    }

    Room& room_;
};

} // namespace scenario
