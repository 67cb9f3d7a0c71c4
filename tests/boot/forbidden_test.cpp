// SPDX-License-Identifier: BSD-2-Clause
// Scenario forbidden: each wait that a handler must not make panics, naming primitive and handler,
// although nobody would have to wait (S2.20); the waits that are allowed are made (S2.19).
#include "boot/run.hpp"

#include <gtest/gtest.h>

namespace {

using boot_test::Outcome;
using boot_test::run;

struct Wait {
    const char* play;
    const char* primitive;
};
constexpr Wait waits[] = {
    {"cv_wait", "cv_wait"},
    {"cv_timedwait", "cv_timedwait"},
    {"pause", "pause"},
    {"sema_wait", "sema_wait"},
    {"lockmgr", "lockmgr"},
    {"pool_get", "pool_get(PR_WAITOK)"},
    {"kthread_join", "kthread_join"},
    {"callout_halt", "callout_halt"},
};

class Forbidden : public testing::TestWithParam<Wait> {
protected:
    void expect(const std::string& model, const std::string& suffix, const std::string& where) {
        Outcome result = run({.arguments = "scenario=forbidden model=" + model
                                           + " case=" + GetParam().play + suffix});
        EXPECT_EQ(result.status, 1);
        EXPECT_NE(result.console.find("panic: " + std::string(GetParam().primitive) + where),
                  std::string::npos)
            << result.console;
        EXPECT_EQ(result.count<trace::Panic>(), 1u);
    }
};

TEST_P(Forbidden, in_a_handler_panics_and_names_both_although_nothing_would_have_to_be_waited_for) {
    expect("borrow", "", " in uart0, which runs in intr.serial/0");
    expect("thread", "", " in uart0, which runs in ");
    expect("classic", "", " in uart0, which runs on the context of ");
}

TEST_P(Forbidden, in_a_softint_panics_and_names_both) {
    expect("borrow", ".soft", " in protocol, which runs in softnet/0");
}

INSTANTIATE_TEST_SUITE_P(boot, Forbidden, testing::ValuesIn(waits),
                         [](const auto& info) { return std::string(info.param.play); });

TEST(forbidden, what_is_allowed_is_done_and_the_cases_are_listed) {
    for (const char* model : {"borrow", "thread", "classic"}) {
        Outcome result =
            run({.harts = 4, .arguments = std::string("scenario=forbidden model=") + model});
        EXPECT_EQ(result.status, 0) << result.console;
        for (const Wait& wait : waits)
            EXPECT_NE(result.console.find(std::string("case=") + wait.play), std::string::npos);
        EXPECT_EQ(result.problems(), "");
    }
}

TEST(forbidden, a_case_that_does_not_exist_is_refused_with_the_list) {
    Outcome result = run({.arguments = "scenario=forbidden case=nap"});
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.console.find("scenario forbidden has no such case, only all, cv_wait"),
              std::string::npos)
        << result.console;
}

} // namespace
