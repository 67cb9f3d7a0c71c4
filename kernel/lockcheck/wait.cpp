// SPDX-License-Identifier: BSD-2-Clause
// Who waits for whom: a deadlock is found by the one whose wait closes the circle.
//
//   LWP ── waits for ──▶ lock or function ── holder ──▶ LWP ── is pinned beneath ──▶ handler ──▶ …
//
// The turnstiles see circles of LWPs that block for mutexes. This walk sees the mixed ones too:
// those who spin, readers, functions and who drains them, and victims that cannot go on because the
// handler on top of them spins.
//
// Two who begin to wait at once may both find the circle, and both say so.
//
// Nobody stops for the walk, so it may see a wait that has just ended beside one that has just
// begun. Therefore it walks twice, and each wait has a number: if both walks find the same waits,
// then all of them were there at the same time in between, and whoever waits cannot have given
// anything back meanwhile.
#include "hart/mutation.hpp"
#include "lockcheck/held.hpp"
#include "lockcheck/report.hpp"
#include "sched/lwp.hpp"

namespace lockcheck {

namespace {

constexpr unsigned longest = 16;

/// One who waits: for a record; or, pinned, for the handler on top.
struct Link {
    LwpId lwp{};
    const Record* record = nullptr; // null: pinned beneath the next one
    u32 wait_number = 0;
    Site site;

    bool operator==(const Link& other) const {
        return lwp == other.lwp && record == other.record && wait_number == other.wait_number;
    }
};

class Walk {
public:
    /// True if the current LWP waits for itself; `links` are then the circle.
    bool finds_circle() {
        self_ = current_id();
        const Wait* wait = own_holdings().newest_wait();
        return wait != nullptr && closes(self_, *wait, nullptr);
    }
    [[nodiscard]] bool same_as(const Walk& other) const {
        if (length_ != other.length_)
            return false;
        for (unsigned i = 0; i < length_; i++)
            if (!(links_[i] == other.links_[i]))
                return false;
        return true;
    }
    void report() const;

private:
    /// Follows what this LWP waits for; it is not part of the way yet. `via`: what it has, for
    /// which it is looked at; null: it is itself that waits, or is pinned.
    bool goes_on_from(LwpId lwp, const Record* via) {
        const Holdings& its = holdings_of(lwp);
        for (u32 i = its.waits_noted(); i > 0; i--)
            if (closes(lwp, its.waits[i - 1], via))
                return true;
        const sched::Lwp* above = stuck_on_top_of(lwp);
        if (above == nullptr)
            return false;
        links_[length_++] = {lwp, nullptr, 0, {}};
        if (arrives_at(above->id(), nullptr))
            return true;
        length_--;
        return false;
    }

    bool closes(LwpId lwp, const Wait& wait, const Record* via) {
        const Record* record = wait.record.get();
        if (record == nullptr || !keeps(lwp, wait.held, *record, via))
            return false;
        links_[length_++] = {lwp, record, wait.number, wait.site};
        if (any_holder(*record))
            return true;
        length_--;
        return false;
    }

    bool arrives_at(LwpId lwp, const Record* via) {
        if (lwp == self_)
            return self_keeps(via);
        for (unsigned i = 0; i < length_; i++)
            if (links_[i].lwp == lwp)
                return false; // a circle of others, who know of it
        return length_ + 2 <= longest && goes_on_from(lwp, via);
    }

    /// True if somebody who waits for `record`, and had the first `held` of its list when it began
    /// to, has `via` all the time. An interrupt on top of the wait gives back what it enters. And
    /// what is spun for is given back before its holder blocks: a spin mutex (sched::lock, with
    /// which an LWP leaves its hart), or kernel_lock (sync/kernel_lock.hpp, rule 1); so only those
    /// who spin keep it.
    static bool keeps(LwpId lwp, u32 held, const Record& record, const Record* via) {
        if (via == nullptr)
            return true;
        return holdings_of(lwp).has_among(held, *via)
               && (!is_spun_for(*via) || record.nature == Nature::spins);
    }
    [[nodiscard]] bool self_keeps(const Record* via) const {
        const Wait& own = *own_holdings().newest_wait();
        return keeps(self_, own.held, *own.record.peek(), via);
    }

    /// One holder, or any of the readers.
    bool any_holder(const Record& record) {
        LwpId holder = record.holder;
        if (holder != LwpId::none)
            return arrives_at(holder, &record);
        if (record.nature == Nature::spins)
            return false; // it is free again; lists of those who left with it still have it
        for (unsigned id = 1; id <= sched::max_lwps; id++)
            if (holdings_of(static_cast<LwpId>(id)).find(record) != nullptr
                && arrives_at(static_cast<LwpId>(id), &record))
                return true;
        return false;
    }

    /// The handler beneath which the LWP is pinned, if that will not leave: it spins, for something
    /// whose holder runs.
    static const sched::Lwp* stuck_on_top_of(LwpId lwp) {
        const sched::Lwp& victim = sched::lwp(static_cast<u16>(lwp));
        if (victim.state.peek() != sched::LwpState::pinned)
            return nullptr;
        for (unsigned id = 1; id <= sched::max_lwps; id++) {
            const sched::Lwp& above = sched::lwp(id);
            if (above.exists() && above.victim == &victim)
                return will_stay(above) ? &above : nullptr;
        }
        return nullptr;
    }
    static bool is_spun_for(const Record& record) {
        return record.nature == Nature::spins || record.nature == Nature::big;
    }
    static bool will_stay(const sched::Lwp& handler) {
        if (handler.state.peek() == sched::LwpState::pinned)
            return true; // another one on top of it: goes_on_from() looks there
        const Wait* wait = holdings_of(handler.id()).newest_wait();
        if (wait == nullptr)
            return false;
        const Record* record = wait->record.get();
        if (record == nullptr && !hart::mutated(hart::Mutation::trusts_glance))
            return false; // it has just begun or ended
        if (is_spun_for(*record))
            return true;
        LwpId holder = record->holder;
        return holder != LwpId::none
               && sched::lwp(static_cast<u16>(holder)).is_running(); // or it would block
    }

    LwpId self_{};
    Link links_[longest];
    unsigned length_ = 0;
};

void Walk::report() const {
    lib::Line sentence;
    for (unsigned i = 0; i < length_; i++) {
        sentence.add(i == 0 ? name_of(links_[0].lwp) : ", which");
        LwpId next = links_[(i + 1) % length_].lwp;
        if (links_[i].record == nullptr)
            sentence.add(" is pinned beneath ", name_of(next));
        else
            sentence.add(" waits for ", links_[i].record->name, " of ", name_of(next));
    }
    Report report(ReportKind::deadlock, sentence);
    for (unsigned i = 0; i < length_; i++) {
        if (links_[i].record == nullptr)
            continue;
        const Visit& entered = links_[i].record->entered;
        report.tell("    ", name_of(links_[i].lwp), " waits for ", links_[i].record->name, " at ",
                    links_[i].site.file(), ":", links_[i].site.line(), "; it was entered by ",
                    name_of(entered.lwp), " at ", entered.site.file(), ":", entered.site.line());
    }
}

} // namespace

void begin_waiting(const Record& record, Site site) {
    Holdings& own = own_holdings();
    u32 number = ++own.waits_begun;
    u32 place = own.wait_count.peek();
    own.wait_count.set(place + 1);
    if (place >= max_waits)
        return;
    Wait& wait = own.waits[place];
    wait.number = number;
    wait.site = site;
    wait.held = own.count;
    if (hart::mutated(hart::Mutation::weak_wait))
        wait.record.publish(&record);
    else
        wait.record.swap(&record); // a fence: of two who close a circle at once, one sees both
    if (hart::mutated(hart::Mutation::blind_walk))
        return;
    Walk first, second;
    if (first.finds_circle() && second.finds_circle() && first.same_as(second))
        first.report();
}

void end_waiting() {
    Holdings& own = own_holdings();
    u32 place = own.wait_count.peek() - 1;
    if (place < max_waits)
        own.waits[place].record.set(nullptr);
    own.wait_count.set(place);
}

} // namespace lockcheck
