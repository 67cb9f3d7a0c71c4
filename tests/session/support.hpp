// SPDX-License-Identifier: BSD-2-Clause
// What the session's tests share: a place of their own, options for the small guest
// (guest/guest.cpp) and for the kernel, and waiting for something to become true.
#pragma once

#include "session/session.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <vector>

namespace session {

/// The events of each hart, in order: what two runs must have in common to be the same run.
using Streams = std::array<std::vector<std::array<u64, 4>>, model::max_harts>;

inline Streams streams(const model::Store& store) {
    Streams out;
    for (usize i = 0; i < store.size(); i++) {
        model::Event event = store.event(i);
        out.at(static_cast<usize>(event.hart))
            .push_back({event.record.stamp, event.record.words[0], event.record.words[1],
                        event.record.words[2]});
    }
    return out;
}

inline std::filesystem::path build_directory() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

class SessionTest : public testing::Test {
protected:
    SessionTest() {
        std::string name = (std::filesystem::temp_directory_path() / "session-XXXXXX").string();
        place = mkdtemp(name.data());
    }
    ~SessionTest() override { std::filesystem::remove_all(place); }

    Options guest(unsigned harts, const std::string& parameters) const {
        Options out;
        out.kernel = build_directory() / "test-guest.elf";
        out.harts = harts;
        out.parameters = {parameters};
        out.record = place / "trace";
        return out;
    }

    /// Polls until `reached`, which must happen; only a machine that hangs meets the deadline.
    template <class F> void poll_until(Session& session, F&& reached) {
        auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!reached() && std::chrono::steady_clock::now() < deadline)
            session.poll(100);
        ASSERT_TRUE(reached()) << "message: " << session.status().message
                               << ", events: " << session.store().size();
    }
    void poll_until(Session& session, Phase phase) {
        poll_until(session, [&] { return session.status().phase == phase; });
    }

    std::filesystem::path place;
};

} // namespace session
