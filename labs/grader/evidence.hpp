// SPDX-License-Identifier: BSD-2-Clause
// What a graded run left behind, for checks to judge: its events by type, with names and times.
//
//   for (const auto& claim : evidence.all<trace::LineClaim>())
//       if (claim.event.line == uart) … evidence.when(claim) … "12.345 ms"
//
// Only events within the lab's limits are here, so that a run that had to be stopped is judged by
// the same events every time.
// Read next: check.hpp
#pragma once

#include "model/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grader {

/// One event of type E: where in the trace, on which hart, under which LWP.
template <class E> struct Seen {
    usize at;
    trace::HartId hart;
    trace::LwpId lwp;
    E event;
};

class Evidence {
public:
    /// The first `count` events of the store.
    Evidence(const model::Store& store, usize count)
        : store_(store)
        , count_(count) {}

    [[nodiscard]] usize size() const { return count_; }
    [[nodiscard]] const model::Names& names() const { return store_.names(); }

    /// All events of one type, in order; those for which keep(event) holds.
    template <class E, class Keep> [[nodiscard]] std::vector<Seen<E>> all(Keep&& keep) const {
        std::vector<Seen<E>> found;
        for (usize i = 0; i < count_; i++) {
            if (store_.id(i) != trace::id_of<E>)
                continue;
            model::Event event = store_.event(i);
            E fields = trace::unpack<E>(event.record);
            if (keep(fields))
                found.push_back({i, event.hart, event.lwp(), fields});
        }
        return found;
    }
    template <class E> [[nodiscard]] std::vector<Seen<E>> all() const {
        return all<E>([](const E&) { return true; });
    }

    /// The first event of type E at or after `from` for which keep(seen) holds.
    template <class E, class Keep>
    [[nodiscard]] std::optional<Seen<E>> next(usize from, Keep&& keep) const {
        for (usize i = from; i < count_; i++) {
            if (store_.id(i) != trace::id_of<E>)
                continue;
            model::Event event = store_.event(i);
            Seen<E> seen{i, event.hart, event.lwp(), trace::unpack<E>(event.record)};
            if (keep(seen))
                return seen;
        }
        return std::nullopt;
    }

    /// Since the first event: "12.345 ms".
    [[nodiscard]] std::string when(usize at) const;
    template <class E> [[nodiscard]] std::string when(const Seen<E>& seen) const {
        return when(seen.at);
    }

    /// The line of this name, if the kernel named one.
    [[nodiscard]] std::optional<trace::LineId> line(std::string_view name) const;
    /// The values of all Mark events with this text, in order.
    [[nodiscard]] std::vector<u64> marks(std::string_view text) const;

private:
    const model::Store& store_;
    usize count_;
};

} // namespace grader
