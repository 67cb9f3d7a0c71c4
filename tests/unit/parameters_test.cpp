// SPDX-License-Identifier: BSD-2-Clause
#include "boot/parameters.hpp"

#include "hart/ipl.hpp"
#include "trace/event.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

constexpr const char* scenarios[] = {"tour", "block"};

struct Parsed {
    bool good;
    boot::Parameters parameters;
    std::string complaint;
};

Parsed parse(const char* arguments) {
    Parsed parsed{};
    lib::Line complaint;
    parsed.good = boot::parse(arguments, scenarios, parsed.parameters, complaint);
    parsed.complaint = complaint.text();
    return parsed;
}

TEST(parameters, nothing_selects_the_defaults) {
    Parsed parsed = parse("  ");

    EXPECT_TRUE(parsed.good);
    EXPECT_EQ(parsed.parameters.scenario, "tour");
    EXPECT_EQ(parsed.parameters.hz, 100u);
}

TEST(parameters, every_value_lands_in_its_field) {
    Parsed parsed = parse("scenario=block pool=3 hz=250\tpreempt=off seed=18446744073709551615");

    EXPECT_TRUE(parsed.good) << parsed.complaint;
    EXPECT_EQ(parsed.parameters.scenario, "block");
    EXPECT_EQ(parsed.parameters.pool, 3u);
    EXPECT_EQ(parsed.parameters.hz, 250u);
    EXPECT_EQ(parsed.parameters.preemption, boot::Switched::off);
    EXPECT_EQ(parsed.parameters.seed, ~u64{0});
}

TEST(parameters, an_unknown_name_is_refused_with_the_names_there_are) {
    Parsed parsed = parse("scenario=tour colour=red");

    EXPECT_FALSE(parsed.good);
    EXPECT_NE(parsed.complaint.find("\"colour\""), std::string::npos) << parsed.complaint;
    EXPECT_NE(parsed.complaint.find("preempt"), std::string::npos) << parsed.complaint;
}

TEST(parameters, a_bad_value_is_refused_with_the_values_there_are) {
    struct Case {
        const char* arguments;
        const char* named;
    };
    for (const Case& bad :
         std::vector<Case>{{"scenario=tuor", "tour, block"},
                           {"pool=9", "1 to 8"},
                           {"pool=", "1 to 8"},
                           {"pool=-1", "1 to 8"},
                           {"hz=5", "10 to 1000"},
                           {"seed=18446744073709551616", "to 1844674407370955161"},
                           {"preempt=maybe", "on, off"},
                           {"trace=sched,everything", "softint"},
                           {"model=solaris", "borrow, thread, classic"},
                           {"hz", "10 to 1000"}}) {
        Parsed parsed = parse(bad.arguments);
        EXPECT_FALSE(parsed.good) << bad.arguments;
        EXPECT_NE(parsed.complaint.find(bad.named), std::string::npos) << parsed.complaint;
    }
}

TEST(parameters, values_that_do_not_go_together_are_refused_with_both_named) {
    EXPECT_TRUE(parse("mask=level").good);
    Parsed parsed = parse("mask=level model=thread");

    EXPECT_FALSE(parsed.good);
    EXPECT_NE(parsed.complaint.find("mask=level"), std::string::npos) << parsed.complaint;
    EXPECT_NE(parsed.complaint.find("model=borrow"), std::string::npos) << parsed.complaint;
}

TEST(parameters, what_interrupts_are_to_do_lands_in_its_field) {
    Parsed parsed = parse("model=borrow mask=level spl=eager lock_level=net");

    EXPECT_TRUE(parsed.good) << parsed.complaint;
    EXPECT_EQ(parsed.parameters.interrupts.model, trace::Model::borrow);
    EXPECT_EQ(parsed.parameters.interrupts.mask, hart::Mask::level);
    EXPECT_EQ(parsed.parameters.interrupts.spl, hart::Spl::eager);
    EXPECT_EQ(parsed.parameters.interrupts.lock_level, hart::ipl::net);
    EXPECT_EQ(parse("model=classic").parameters.interrupts.model, trace::Model::classic);
}

TEST(parameters, trace_takes_classes_and_a_delivery) {
    using trace::Group;
    Parsed parsed = parse("trace=live,sched,irq");

    EXPECT_TRUE(parsed.good) << parsed.complaint;
    EXPECT_EQ(parsed.parameters.delivery, boot::Delivery::live);
    EXPECT_EQ(parsed.parameters.groups, trace::group_bit(Group::meta)
                                            | trace::group_bit(Group::sched)
                                            | trace::group_bit(Group::irq));
}

TEST(parameters, a_delivery_alone_leaves_the_classes_as_they_are) {
    EXPECT_EQ(parse("trace=live").parameters.groups, boot::Parameters().groups);
}

TEST(parameters, what_is_printed_can_be_parsed_again) {
    static std::string all;
    all.clear();
    boot::for_each(parse("scenario=block seed=7 trace=live,lock").parameters,
                   [](unsigned, const lib::Line& line) { all += std::string(line.text()) + ' '; });

    Parsed again = parse(all.c_str());
    EXPECT_TRUE(again.good) << again.complaint;
    EXPECT_EQ(again.parameters.scenario, "block");
    EXPECT_EQ(again.parameters.seed, 7u);
    EXPECT_EQ(again.parameters.delivery, boot::Delivery::live);
}

} // namespace
