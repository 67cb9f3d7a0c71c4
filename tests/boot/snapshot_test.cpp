// SPDX-License-Identifier: BSD-2-Clause
// Commands change what they say, and a snapshot says again exactly what the model knew before.
#include "boot/control_port.hpp"
#include "boot/run.hpp"

#include "trace/control.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fmt/format.h>
#include <thread>

namespace {

using boot_test::ControlPort;
using boot_test::frame;
using boot_test::Outcome;
using boot_test::run;
using trace::Answer;
using trace::Command;

constexpr u8 code(Command command) {
    return static_cast<u8>(command);
}

template <class Ids> std::string list(const Ids& ids) {
    std::string text;
    for (auto id : ids)
        text += fmt::format(" {}", static_cast<u32>(id));
    return text;
}

/// What a snapshot must reproduce, as lines that can be compared: who is where, and why.
std::string describe(const model::State& state) {
    std::string text;
    for (unsigned i = 0; i < state.hart_count; i++) {
        const model::Hart& hart = state.harts[i];
        text += fmt::format("hart {}: runs {}, pinned{}, queue{}, level {}\n", i,
                            static_cast<u32>(hart.running), list(hart.pinned), list(hart.run_queue),
                            hart.level);
    }
    for (const model::Lwp& lwp : state.lwps) {
        if (!lwp.known || lwp.state == trace::LwpState::zombie)
            continue;
        auto holds = lwp.holds;
        std::sort(holds.begin(), holds.end());
        text +=
            fmt::format("lwp {}: state {}, own {}, inherited {}, on lock {}, channel {}, "
                        "line {}, callout {}, softint {}, holds{}\n",
                        static_cast<u32>(lwp.id), static_cast<u32>(lwp.state), lwp.own,
                        lwp.inherited, static_cast<u32>(lwp.blocked_on),
                        static_cast<u32>(lwp.sleeps_on), static_cast<u32>(lwp.line),
                        static_cast<u32>(lwp.callout), static_cast<u32>(lwp.softint), list(holds));
    }
    for (usize i = 1; i < state.locks.size(); i++)
        if (const model::Lock& lock = state.locks[i]; lock.known)
            text += fmt::format("lock {}: owner {}, waiters{}, lent {} to {}\n", i,
                                static_cast<u32>(lock.owner), list(lock.waiters), lock.lent,
                                static_cast<u32>(lock.lent_to));
    for (usize i = 1; i < state.channels.size(); i++)
        if (!state.channels[i].sleepers.empty())
            text += fmt::format("channel {}: sleepers{}\n", i, list(state.channels[i].sleepers));
    for (usize i = 1; i < state.softints.size(); i++)
        if (const model::Softint& softint = state.softints[i]; softint.known)
            text += fmt::format("softint {}: pending {}, running {}\n", i, softint.pending,
                                softint.running);
    for (usize i = 1; i < state.callouts.size(); i++)
        if (const model::Callout& callout = state.callouts[i]; callout.known)
            text += fmt::format("callout {}: pending {}, running {}\n", i, callout.pending,
                                callout.running);
    return text;
}

class Snapshot : public testing::TestWithParam<const char*> {};

TEST_P(Snapshot, states_exactly_what_the_model_knew_before) {
    ControlPort port;
    std::thread host([&] {
        if (!port.accept())
            return;
        for (int i = 0; i < 500 && port.send(frame(code(Command::snapshot))); i++)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    Outcome outcome =
        run({.harts = 2, .arguments = GetParam(), .icount = "", .extra = port.options()});
    host.join();
    // The verdict is not asked: a scenario may depend on its timing, which snapshots disturb.
    ASSERT_TRUE(outcome.store->newest().halted) << outcome.console;
    EXPECT_EQ(outcome.problems(), "");

    model::State state;
    std::string before;
    unsigned snapshots = 0;
    for (usize i = 0; i < outcome.store->size(); i++) {
        model::Event event = outcome.store->event(i);
        if (event.id() == trace::id_of<trace::SnapshotBegin>)
            before = describe(state);
        state.apply(event.record, event.hart);
        if (event.id() == trace::id_of<trace::SnapshotEnd>) {
            EXPECT_EQ(describe(state), before) << "snapshot that ends with event " << i;
            snapshots++;
        }
    }
    EXPECT_GT(snapshots, 0u);
}

INSTANTIATE_TEST_SUITE_P(snapshot, Snapshot,
                         testing::Values("scenario=tour", "scenario=block",
                                         "scenario=tour model=thread",
                                         "scenario=tour model=classic",
                                         "scenario=block mask=level"));

TEST(control, commands_are_answered_and_malformed_ones_change_nothing) {
    ControlPort port;
    std::vector<int> answers;
    std::thread host([&] {
        if (!port.accept())
            return;
        auto broken = frame(code(Command::stop), {9, 0, 0, 0});
        broken.back() ^= 1;
        for (const auto& bytes : {broken, frame(77), frame(code(Command::snapshot), {1}),
                                  frame(code(Command::stop), {5, 0, 0, 0})}) {
            port.send(bytes);
            answers.push_back(port.answer());
        }
    });
    Outcome outcome = run({.arguments = "hz=1000", .icount = "", .extra = port.options()});
    host.join();

    EXPECT_EQ(answers, (std::vector<int>{static_cast<int>(Answer::bad_checksum),
                                         static_cast<int>(Answer::unknown_command),
                                         static_cast<int>(Answer::bad_payload),
                                         static_cast<int>(Answer::done)}));
    EXPECT_EQ(outcome.status, 5) << outcome.console;
    EXPECT_EQ(outcome.store->newest().exit_status, 5u);
    EXPECT_EQ(outcome.problems(), "");
}

} // namespace
