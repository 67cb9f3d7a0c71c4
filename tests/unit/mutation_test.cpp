// SPDX-License-Identifier: BSD-2-Clause
// The bugs that can be switched on: each has a row in docs/mutations.md, whose test switches it on.
#include "fold.hpp"

#include "hart/panic.hpp"
#include "irq/irq.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

namespace {

using namespace simulated;
using hart::Mutation;

std::string contents(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The files that the row of this mutation links, as paths from the tree's root.
std::vector<std::string> tests_of(const std::string& mutation) {
    std::string page = contents("docs/mutations.md");
    size_t begin = page.find("\n| `" + mutation + "` |");
    if (begin == std::string::npos)
        return {};
    std::string row = page.substr(begin + 1, page.find('\n', begin + 1) - begin);
    std::vector<std::string> files;
    static const std::regex link(R"(\]\(\.\./([^ )]+))");
    for (std::sregex_iterator at(row.begin(), row.end(), link), end; at != end; ++at)
        files.push_back((*at)[1]);
    return files;
}

} // namespace

TEST(Mutations, each_has_a_row_and_a_test_that_switches_it_on) {
    for (const char* name : hart::mutation_names) {
        if (std::string(name) == "none")
            continue;
        auto files = tests_of(name);
        EXPECT_FALSE(files.empty()) << name << " has no row with a test in docs/mutations.md";
        for (const std::string& file : files) {
            std::string text = contents(file);
            EXPECT_TRUE(text.find(std::string("Mutation::") + name) != std::string::npos
                        || text.find(std::string("mutation=") + name) != std::string::npos)
                << file << " does not switch on " << name;
        }
    }
}

TEST(Mutations, a_row_for_what_is_no_mutation_would_be_noticed) {
    EXPECT_TRUE(tests_of("no_such_mutation").empty());
    EXPECT_FALSE(tests_of("blind_order").empty());
}

// ---- level_not_raised ---------------------------------------------------------------------------

namespace {

sync::Mutex shared;
irq::Handler device;
hart::Cell<unsigned> calls;

irq::Served enter_shared(void*) {
    sync::MutexGuard guard(shared);
    calls.add(1);
    return irq::Served::yes;
}

void be_interrupted_with_a_spin_mutex() {
    shared.init("shared", hart::ipl::net);
    device.name = "device";
    device.line = static_cast<trace::LineId>(3);
    device.level = hart::ipl::net;
    device.function = enter_shared;
    irq::attach(device, hart::here());
    {
        sync::MutexGuard guard(shared);
        ASSERT(shared.spins());
        fire(3);
        ASSERT(calls.peek() == 0);
    }
    ASSERT(calls.peek() == 1);
}

} // namespace

TEST(Mutations, a_spin_mutex_holds_its_handlers_off_and_one_that_does_not_is_found) {
    constexpr hart::Interrupts classic{.model = trace::Model::classic};
    Outcome right = boot({.calm = quiet, .interrupts = classic}, be_interrupted_with_a_spin_mutex);
    EXPECT_TRUE(right.passed()) << ending(right);
    Outcome wrong =
        boot({.calm = quiet, .interrupts = classic, .mutation = Mutation::level_not_raised},
             be_interrupted_with_a_spin_mutex);
    EXPECT_TRUE(wrong.panicked("mutex_enter of shared, which main owns already")) << ending(wrong);
}

// ---- blind_walk ---------------------------------------------------------------------------------

namespace {

lockcheck::Record function;

/// Waits for a function that wants what the waiter has.
void wait_for_a_function_with_its_lock() {
    shared.init("shared");
    lockcheck::init(function, "f", lockcheck::Nature::function, 0, lockcheck::Site::here());
    shared.enter();
    sched::spawn(
        {.name = "runner", .home = hart::hart_id(hart::here() ^ 1)},
        [](void*) {
            lockcheck::Inside inside(function);
            calls.add(1);
            sync::MutexGuard guard(shared);
        },
        nullptr);
    while (calls.peek() == 0)
        sched::yield();
    lockcheck::Waiting waiting(function);
    for (int i = 0; i < 200; i++)
        arch::relax();
}

} // namespace

TEST(Mutations, who_waits_for_whom_is_seen_unless_nobody_looks) {
    Outcome right = boot({.harts = 2, .calm = quiet}, wait_for_a_function_with_its_lock);
    EXPECT_EQ(right.count<trace::Report>(), 1u) << ending(right);
    Outcome blind = boot({.harts = 2, .calm = quiet, .mutation = Mutation::blind_walk},
                         wait_for_a_function_with_its_lock);
    EXPECT_EQ(blind.count<trace::Report>(), 0u) << ending(blind);
}
