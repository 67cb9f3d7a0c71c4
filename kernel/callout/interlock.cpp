// SPDX-License-Identifier: BSD-2-Clause
#include "callout/interlock.hpp"

#include "hart/panic.hpp"
#include "sched/lwp.hpp"
#include "sync/mutex.hpp"

namespace callout {

sync::Mutex& Interlock::mutex() const {
    ASSERT(kind_ == Kind::mutex);
    return *static_cast<sync::Mutex*>(lock_);
}

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
    return held_exclusively();
}

bool Interlock::held_exclusively() const {
    switch (kind_) {
    case Kind::none:
        return false;
    case Kind::spin:
        return spin().held();
    case Kind::mutex:
        return mutex().owner() == &sched::current();
    }
    return false;
}

const char* Interlock::name() const {
    return kind_ == Kind::spin ? spin().name() : kind_ == Kind::mutex ? mutex().name() : "no lock";
}

trace::LockId Interlock::id() const {
    return kind_ == Kind::mutex ? mutex().id() : trace::LockId::none;
}

void Interlock::enter(Saved& saved) const {
    if (kind_ == Kind::spin)
        saved.before = spin().enter();
    else if (kind_ == Kind::mutex)
        mutex().enter();
}

void Interlock::exit(const Saved& saved) const {
    if (kind_ == Kind::spin)
        spin().exit(saved.before);
    else if (kind_ == Kind::mutex)
        mutex().exit();
}

} // namespace callout
