// SPDX-License-Identifier: BSD-2-Clause
// Lab 01: what a right handler does, as rules over events. The workload marks each burst with its
// number of bytes and each byte that it sends; received() marks each byte that arrived.
#include "grader/check.hpp"

#include "hart/ipl.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace grader {

namespace {

using trace::LineId;

/// The workload says which line it is about, whatever the handler calls it.
LineId port(const Evidence& evidence) {
    std::vector<u64> marked = evidence.marks("line of the port");
    return marked.empty() ? LineId::none : static_cast<LineId>(marked.front());
}

template <class E> std::vector<Seen<E>> of_port(const Evidence& evidence) {
    LineId line = port(evidence);
    return evidence.all<E>([line](const E& event) { return event.line == line; });
}

/// A run that was cut short has not shown what it does with the rest.
Fault was_cut_short(const Evidence& evidence) {
    std::vector<u64> planned = evidence.marks("bursts to come");
    usize sent = evidence.marks("burst").size();
    if (planned.empty() || sent < planned.front())
        return fmt::format("the run ended after {} of {} bursts", sent,
                           planned.empty() ? 4 : planned.front());
    return std::nullopt;
}

constexpr const char* never_interrupted = "there was no interrupt of uart0 at all";

Fault is_attached_at_serial(const Evidence& evidence) {
    auto attached = of_port<trace::LineAttach>(evidence);
    if (attached.empty())
        return "no handler was ever attached to the line of uart0";
    for (const auto& one : attached)
        if (one.event.level != hart::ipl::serial)
            return fmt::format("attached at level {} at {}: a serial port loses bytes when others "
                               "keep it waiting",
                               evidence.names().of_level(one.event.level), evidence.when(one));
    return std::nullopt;
}

Fault borrows_a_context_each_time(const Evidence& evidence) {
    auto claims = of_port<trace::LineClaim>(evidence);
    if (claims.empty())
        return never_interrupted;
    for (const auto& claim : claims) {
        auto enter = evidence.next<trace::IrqEnter>(claim.at, [&](const auto& seen) {
            return seen.hart == claim.hart && seen.event.line == claim.event.line;
        });
        if (!enter)
            return fmt::format("uart0 was claimed at {} and its handler never began",
                               evidence.when(claim));
        if (enter->event.victim == trace::LwpId::none)
            return fmt::format("the handler of uart0 that began at {} had no victim",
                               evidence.when(*enter));
    }
    return std::nullopt;
}

Fault every_byte_arrives(const Evidence& evidence) {
    if (Fault fault = was_cut_short(evidence))
        return fault;
    std::vector<u64> sent = evidence.marks("sent"), received = evidence.marks("received");
    for (usize i = 0; i < std::min(sent.size(), received.size()); i++)
        if (sent[i] != received[i])
            return fmt::format("byte {} was sent as {:#04x} and received as {:#04x}", i + 1,
                               sent[i], received[i]);
    if (sent.size() != received.size())
        return fmt::format("{} bytes were sent and {} received", sent.size(), received.size());
    return std::nullopt;
}

/// One burst, one interrupt: whoever takes only one byte is interrupted again for the next.
Fault empties_the_fifo_each_time(const Evidence& evidence) {
    if (Fault fault = was_cut_short(evidence))
        return fault;
    struct Burst {
        usize at;
        u64 bytes;
    };
    std::vector<Burst> bursts;
    for (const auto& mark : evidence.all<trace::Mark>())
        if (evidence.names().of(mark.event.text) == "burst")
            bursts.push_back({mark.at, mark.event.value});
    auto entries = of_port<trace::IrqEnter>(evidence);
    if (entries.empty())
        return never_interrupted;
    for (usize i = 0; i < bursts.size(); i++) {
        usize end = i + 1 < bursts.size() ? bursts[i + 1].at : evidence.size();
        auto interrupts = std::count_if(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry.at >= bursts[i].at && entry.at < end;
        });
        if (interrupts != 1)
            return fmt::format("burst {} ({} bytes, at {}) took {} interrupts instead of one",
                               i + 1, bursts[i].bytes, evidence.when(bursts[i].at), interrupts);
    }
    return std::nullopt;
}

Fault completes_and_owns_every_interrupt(const Evidence& evidence) {
    auto claims = of_port<trace::LineClaim>(evidence);
    if (claims.empty())
        return never_interrupted;
    for (const auto& claim : claims) {
        auto complete = evidence.next<trace::LineComplete>(
            claim.at, [&](const auto& seen) { return seen.event.line == claim.event.line; });
        if (!complete)
            return fmt::format("uart0 was claimed at {} and never completed", evidence.when(claim));
    }
    auto strays = of_port<trace::LineStray>(evidence);
    if (!strays.empty())
        return fmt::format("uart0 interrupted at {} and no handler said that it was its device",
                           evidence.when(strays.front()));
    return std::nullopt;
}

Fault never_switches(const Evidence& evidence) {
    auto entries = of_port<trace::IrqEnter>(evidence);
    if (entries.empty())
        return never_interrupted;
    for (const auto& enter : entries) {
        auto exit = evidence.next<trace::IrqExit>(
            enter.at, [&](const auto& seen) { return seen.event.handler == enter.event.handler; });
        if (!exit)
            return fmt::format("the handler of uart0 that began at {} never returned",
                               evidence.when(enter));
        auto change = evidence.next<trace::Switch>(
            enter.at, [&](const auto& seen) { return seen.hart == enter.hart; });
        if (change && change->at < exit->at)
            return fmt::format("mi_switch from {} to {} at {}, inside the handler of uart0",
                               evidence.names().of(change->event.previous),
                               evidence.names().of(change->event.next), evidence.when(*change));
    }
    return std::nullopt;
}

} // namespace

std::vector<Check> checks() {
    return {
        {"the handler is attached at the level made for serial ports", 2, is_attached_at_serial,
         Holds::in_every_order},
        {"every interrupt of uart0 borrows a context", 3, borrows_a_context_each_time,
         Holds::in_every_order},
        {"every byte that is sent arrives, in order", 4, every_byte_arrives, Holds::in_every_order},
        {"one interrupt empties the FIFO", 3, empties_the_fifo_each_time},
        {"every interrupt of uart0 is completed, and none is stray", 3,
         completes_and_owns_every_interrupt},
        {"no mi_switch between the handler's beginning and end", 3, never_switches,
         Holds::in_every_order},
    };
}

} // namespace grader
