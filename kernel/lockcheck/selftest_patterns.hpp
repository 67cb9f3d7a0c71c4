// SPDX-License-Identifier: BSD-2-Clause
// The self-test's patterns of use, for all kinds of locks: each kind with the same six names, each
// pattern a template over kinds, each instance with locks of its own.
//
// Rules
//   - For selftest.cpp alone.
#pragma once

#include "hart/ipl.hpp"
#include "sync/mutex.hpp"
#include "sync/read_mostly.hpp"
#include "sync/rw_lock.hpp"

namespace lockcheck::selftest_patterns {

using trace::Hold;

// ---- the columns: kinds of locks, all used alike ------------------------------------------------

struct Adaptive {
    sync::Mutex lock;
    void init(const char* name) { lock.init(name); }
    void destroy() { lock.destroy(); }
    void enter() { lock.enter(); }
    void exit() { lock.exit(); }
    bool try_enter() { return lock.try_enter(); }
};
struct Spin : Adaptive {
    void init(const char* name) { lock.init(name, hart::ipl::clock); }
};
template <Hold how> struct Rw {
    sync::RwLock lock;
    void init(const char* name) { lock.init(name); }
    void destroy() { lock.destroy(); }
    void enter() { lock.enter(how); }
    void exit() { lock.exit(); }
    bool try_enter() { return lock.try_enter(how); }
};
struct RmWriter {
    sync::ReadMostlyLock lock;
    void init(const char* name) { lock.init(name); }
    void destroy() { lock.destroy(); }
    void enter() { lock.enter_write(); }
    void exit() { lock.exit_write(); }
};
struct RmReader : RmWriter {
    sync::ReadMostlyLock::Tracker tracker;
    void enter() { lock.enter_read(tracker); }
    void exit() { lock.exit_read(tracker); }
};

inline constexpr const char* columns[] = {"adaptive", "spin",     "rw write",
                                          "rw read",  "rm write", "rm read"};

// ---- the rows: each instance has locks of its own -----------------------------------------------

inline void in_order(auto& outer, auto& inner) {
    outer.enter();
    inner.enter();
    inner.exit();
    outer.exit();
}

/// Three locks, fresh for each pattern and kind.
template <class Pattern, class L> struct Fresh {
    static inline L a, b, c;
    static void init() {
        a.init("A");
        b.init("B");
        c.init("C");
    }
};

template <class L> struct SameOrder : Fresh<SameOrder<L>, L> {
    static void run() {
        SameOrder::init();
        in_order(SameOrder::a, SameOrder::b);
        in_order(SameOrder::a, SameOrder::b);
    }
};
template <class L> struct BothOrders : Fresh<BothOrders<L>, L> {
    static void run() {
        BothOrders::init();
        in_order(BothOrders::a, BothOrders::b);
        in_order(BothOrders::b, BothOrders::a);
    }
};
template <class L> struct Circle : Fresh<Circle<L>, L> {
    static void run() {
        Circle::init();
        in_order(Circle::a, Circle::b);
        in_order(Circle::b, Circle::c);
        in_order(Circle::c, Circle::a);
    }
};
template <class L> struct Triangle : Fresh<Triangle<L>, L> {
    static void run() {
        Triangle::init();
        in_order(Triangle::a, Triangle::b);
        in_order(Triangle::b, Triangle::c);
        in_order(Triangle::a, Triangle::c);
    }
};
template <class L> struct TryBack : Fresh<TryBack<L>, L> {
    static void run() {
        TryBack::init();
        in_order(TryBack::a, TryBack::b);
        TryBack::b.enter();
        if (TryBack::a.try_enter())
            TryBack::a.exit();
        TryBack::b.exit();
    }
};
template <class L> struct Twice : Fresh<Twice<L>, L> {
    static void run() {
        Twice::init();
        Twice::a.enter();
        Twice::a.enter();
    }
};
template <class L> struct ExitUnheld : Fresh<ExitUnheld<L>, L> {
    static void run() {
        ExitUnheld::init();
        ExitUnheld::a.exit();
    }
};
template <class L> struct InitTwice : Fresh<InitTwice<L>, L> {
    static void run() {
        InitTwice::init();
        InitTwice::init();
    }
};
template <class L> struct Uninitialised : Fresh<Uninitialised<L>, L> {
    static void run() { Uninitialised::a.enter(); }
};
template <class L> struct Destroyed : Fresh<Destroyed<L>, L> {
    static void run() {
        Destroyed::init();
        Destroyed::a.destroy();
        Destroyed::a.enter();
    }
};
template <class L> struct DestroyHeld : Fresh<DestroyHeld<L>, L> {
    static void run() {
        DestroyHeld::init();
        DestroyHeld::a.enter();
        DestroyHeld::a.destroy();
    }
};
template <class L> struct UnderSpin : Fresh<UnderSpin<L>, L> {
    static inline Spin spin;
    static void run() {
        UnderSpin::init();
        spin.init("S");
        in_order(spin, UnderSpin::a);
    }
};
template <class L> struct OverSpin : Fresh<OverSpin<L>, L> {
    static inline Spin spin;
    static void run() {
        OverSpin::init();
        spin.init("S");
        in_order(OverSpin::a, spin);
    }
};

} // namespace lockcheck::selftest_patterns
