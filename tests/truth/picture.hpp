// SPDX-License-Identifier: BSD-2-Clause
// What kernel memory and a model::State both know: run queues, who runs and who is pinned beneath,
// at which level; sleepers; owners, readers and waiters of locks, and what is lent through them;
// priorities; what lies where on the wheels of callouts.
#pragma once

#include "model/state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace truth {

struct Picture {
    struct Lwp {
        trace::LwpId id{};
        trace::LwpState state{};
        trace::HartId hart = trace::HartId::none; // if it runs, is pinned or is runnable
        u16 own = 0, inherited = 0;
        std::optional<trace::Level> level; // if memory says
        bool operator==(const Lwp&) const = default;
    };
    struct Hart {
        trace::LwpId running{};
        std::vector<trace::LwpId> pinned, run_queue;
        trace::Level base_level = 0;
        bool operator==(const Hart&) const = default;
    };
    struct Lock {
        u32 id = 0;
        trace::LwpId owner{};
        std::vector<trace::LwpId> readers; // by id
        std::vector<trace::LwpId> waiters;
        trace::LwpId lent_to{};
        u16 lent = 0;
        bool operator==(const Lock&) const = default;
    };
    struct Channel {
        u32 id = 0;
        std::vector<trace::LwpId> sleepers;
        bool operator==(const Channel&) const = default;
    };
    struct Callout { // on a wheel
        u32 id = 0;
        trace::HartId hart = trace::HartId::none;
        u64 due = 0;
        unsigned level = 0, bucket = 0;
        bool operator==(const Callout&) const = default;
    };
    std::vector<Lwp> lwps;
    std::vector<Hart> harts;
    std::vector<Lock> locks;
    std::vector<Channel> channels;
    std::vector<Callout> callouts;
};

[[nodiscard]] Picture picture_of(const model::State& state);

/// Every difference, a sentence each.
[[nodiscard]] std::vector<std::string> differences(const Picture& kernel, const Picture& model);

} // namespace truth
