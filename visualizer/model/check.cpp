// SPDX-License-Identifier: BSD-2-Clause
// State::check(): each invariant of state.hpp, looked at from the queues' side and from the LWPs'.
#include "model/transition.hpp"

#include "trace/words.hpp"

#include <algorithm>

namespace model {

namespace {

class Checker {
public:
    explicit Checker(const State& state)
        : state_(state)
        , places_(state.lwps.size()) {}

    std::vector<std::string> run() {
        for (u32 h = 0; h < max_harts; h++)
            hart(static_cast<HartId>(h), state_.harts[h]);
        for (u32 i = 1; i < state_.locks.size(); i++)
            lock(static_cast<LockId>(i), state_.locks[i]);
        for (u32 i = 1; i < state_.channels.size(); i++)
            for (LwpId id : state_.channels[i].sleepers)
                waits(id, state_.lwp(id) != nullptr
                              && state_.lwp(id)->sleeps_on == static_cast<ChannelId>(i));
        for (const Lwp& lwp : state_.lwps)
            if (lwp.known)
                has_its_place(lwp);
        return std::move(broken_);
    }

private:
    // How often an LWP was found in each kind of place.
    struct Places {
        u32 running = 0, pinned = 0, queued = 0, waiting = 0;
    };

    void hart(HartId id, const Hart& hart) {
        if (hart.running != LwpId::none)
            place(hart.running).running++;
        for (LwpId beneath : hart.pinned)
            place(beneath).pinned++;
        for (LwpId queued : hart.run_queue)
            place(queued).queued++;
        is_sorted(hart.run_queue, "the run queue of " + called(id));
    }

    void is_sorted(const std::vector<LwpId>& queue, const std::string& what) {
        Priority previous = 0xffff;
        for (LwpId queued : queue) {
            const Lwp* lwp = state_.lwp(queued);
            if (lwp == nullptr)
                continue;
            if (lwp->effective > previous)
                note(what + " is not in order at " + called(queued));
            previous = lwp->effective;
        }
    }

    void lock(LockId id, const Lock& lock) {
        if (lock.owner != LwpId::none && !lock.shared.empty())
            note(called(id) + " has an owner and readers");
        const Lwp* owner = state_.lwp(lock.owner);
        if (owner != nullptr && std::count(owner->holds.begin(), owner->holds.end(), id) != 1)
            note(called(lock.owner) + " owns " + called(id) + " but does not list it");
        for (LwpId waiter : lock.waiters)
            waits(waiter, state_.lwp(waiter) != nullptr && state_.lwp(waiter)->blocked_on == id);
        is_sorted(lock.waiters, "the turnstile of " + called(id));
    }

    void waits(LwpId id, bool agrees) {
        place(id).waiting++;
        if (!agrees)
            note(called(id) + " is in a queue that it does not know of");
    }

    void has_its_place(const Lwp& lwp) {
        const Places& found = place(lwp.id);
        u32 waits_for =
            (lwp.blocked_on != LockId::none ? 1 : 0) + (lwp.sleeps_on != ChannelId::none ? 1 : 0);
        if (found.running > 1)
            note(called(lwp.id) + " runs on two harts");
        if (found.queued > 1 || found.waiting > 1 || found.pinned > 1)
            note(called(lwp.id) + " is in two queues");
        if (found.pinned != (lwp.state == LwpState::pinned ? 1U : 0U)
            || found.queued > (lwp.state == LwpState::runnable ? 1U : 0U)
            || found.waiting != waits_for)
            note(called(lwp.id) + " is " + word(lwp.state) + " but in another place");
        if (lwp.state == LwpState::running && found.running != 1)
            note(called(lwp.id) + " is running but on no hart");
        if (lwp.state == LwpState::pinned && found.running != 0)
            note(called(lwp.id) + " is pinned and runs");
    }

    Places& place(LwpId id) {
        auto index = static_cast<usize>(id);
        return index < places_.size() ? places_[index] : nowhere_;
    }
    void note(std::string sentence) { broken_.push_back(std::move(sentence)); }

    const State& state_;
    std::vector<Places> places_;
    Places nowhere_;
    std::vector<std::string> broken_;
};

} // namespace

std::vector<std::string> State::check() const {
    return Checker(*this).run();
}

} // namespace model
