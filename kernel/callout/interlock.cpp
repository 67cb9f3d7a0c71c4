// SPDX-License-Identifier: BSD-2-Clause
#include "callout/interlock.hpp"

#include "hart/panic.hpp"
#include "sched/lwp.hpp"

namespace callout {

bool Interlock::spins() const {
    return kind_ == Kind::spin || (kind_ == Kind::mutex && mutex().spins());
}

const char* Interlock::objection(bool fast) const {
    if (!any())
        return nullptr;
    if (!spins())
        return fast ? "a fast callout runs in the timer interrupt, which cannot wait for it"
                    : nullptr;
    trace::Level level = kind_ == Kind::spin ? spin().level() : mutex().level();
    if (level > hart::ipl::clock)
        return "its level is above the clock's, where no callout can be controlled";
    if (fast && level < hart::ipl::clock)
        return "its level is below the clock's, so a fast callout may interrupt its holder";
    return nullptr;
}

bool Interlock::held() const {
    switch (kind_) {
    case Kind::rw:
        return rw().lock_held();
    case Kind::read_mostly:
        return read_mostly().write_held() || read_mostly().read_held();
    default:
        return held_exclusively();
    }
}

bool Interlock::held_exclusively() const {
    switch (kind_) {
    case Kind::none:
        return false;
    case Kind::spin:
        return spin().held();
    case Kind::mutex:
        return mutex().owner() == &sched::current(); // owned() on a spin mutex means: by anyone
    case Kind::rw:
        return rw().write_held();
    case Kind::read_mostly:
        return read_mostly().write_held();
    }
    return false;
}

const char* Interlock::name() const {
    switch (kind_) {
    case Kind::none:
        return "no lock";
    case Kind::spin:
        return spin().name();
    case Kind::mutex:
        return mutex().name();
    case Kind::rw:
        return rw().name();
    case Kind::read_mostly:
        return read_mostly().name();
    }
    return nullptr;
}

trace::LockId Interlock::id() const {
    switch (kind_) {
    case Kind::mutex:
        return mutex().id();
    case Kind::rw:
        return rw().id();
    case Kind::read_mostly:
        return read_mostly().id();
    default:
        return trace::LockId::none; // hart's spin mutexes are no subject of events
    }
}

void Interlock::enter(Saved& saved) const {
    switch (kind_) {
    case Kind::none:
        return;
    case Kind::spin:
        saved.before = spin().enter();
        return;
    case Kind::mutex:
        return mutex().enter();
    case Kind::rw:
        return rw().enter(hold_);
    case Kind::read_mostly:
        return hold_ == trace::Hold::shared ? read_mostly().enter_read(saved.tracker)
                                            : read_mostly().enter_write();
    }
}

void Interlock::exit(Saved& saved) const {
    switch (kind_) {
    case Kind::none:
        return;
    case Kind::spin:
        return spin().exit(saved.before);
    case Kind::mutex:
        return mutex().exit();
    case Kind::rw:
        return rw().exit();
    case Kind::read_mostly:
        return hold_ == trace::Hold::shared ? read_mostly().exit_read(saved.tracker)
                                            : read_mostly().exit_write();
    }
}

} // namespace callout
