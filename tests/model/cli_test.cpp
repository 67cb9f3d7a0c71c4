// SPDX-License-Identifier: BSD-2-Clause
// The commands that answer questions about a trace: what they print, and how they fail.
#include "cli/subcommands.hpp"
#include "load/loader.hpp"
#include "load/trace_writer.hpp"
#include "model/generator.hpp"
#include "model/packets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <sstream>

using namespace model_test;
using testing::HasSubstr;
using testing::Not;

namespace {

struct Result {
    int status;
    std::string output, errors;
};

Result interlude(const std::vector<std::string>& words) {
    CLI::App program("interlude");
    program.require_subcommand(1);
    cli::add_info(program);
    cli::add_stat(program);
    cli::add_events(program);
    cli::add_check(program);
    cli::add_schema(program);
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int status = 0;
    try {
        program.parse(reversed);
    } catch (const CLI::ParseError& error) {
        status = program.exit(error);
    }
    std::fflush(nullptr);
    Result result{status, testing::internal::GetCapturedStdout(),
                  testing::internal::GetCapturedStderr()};
    return result;
}

usize lines(const std::string& text) {
    return static_cast<usize>(std::count(text.begin(), text.end(), '\n'));
}

struct Commands : testing::Test {
    TemporaryDirectory directory;
    Packer packer;
    std::string trace = (directory.path() / "trace").string();

    // A handler that blocks on a mutex and resumes; then a callout.
    void tell_story(Builder& machine) {
        LwpId owner = machine.create("owner", LwpKind::kernel, 70);
        LockId mutex = machine.init_lock("mutex");
        LineId uart = machine.attach("uart", 8);
        machine.start(owner);
        machine.resched(0);
        machine.acquire(0, mutex);
        machine.advance(100);
        machine.interrupt(0, uart);
        machine.acquire(0, mutex);
        machine.advance(50);
        machine.release(0);
        machine.resched(0);
        machine.acquire(0, mutex);
        machine.release(0);
        machine.finish_interrupt(0);
        machine.emit(0, Verdict{.text = machine.text("all is well"), .passed = 1});
    }

    void record() {
        packer.seal_all();
        load::Manifest manifest;
        manifest.parameters = "scenario=block";
        manifest.build_id = "cafe0123";
        load::TraceWriter writer(trace, manifest);
        load::PacketScanner scanner;
        scanner.feed(packer.bytes());
        while (auto packet = scanner.next())
            writer.write(*packet);
        ASSERT_EQ(writer.error(), "");
    }

    void record_story() {
        Builder machine(1, packer.sink());
        tell_story(machine);
        record();
    }
};

TEST_F(Commands, info_says_what_the_trace_is_of) {
    record_story();
    Result result = interlude({"info", trace});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, HasSubstr("scenario=block"));
    EXPECT_THAT(result.output, HasSubstr("build id     cafe0123"));
    EXPECT_THAT(result.output, HasSubstr("all is well (passed)"));
    EXPECT_THAT(result.output, HasSubstr("problems     none"));
}

TEST_F(Commands, stat_tells_blocked_handlers_from_completed_ones) {
    record_story();
    Result result = interlude({"stat", trace});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, testing::ContainsRegex("uart +1 +0 +1 "));
    EXPECT_THAT(result.output, testing::ContainsRegex("mutex +2 +1 +1 +0 +5.0 us"));
    EXPECT_THAT(result.output, testing::ContainsRegex("handler_done +1"));
}

TEST_F(Commands, events_are_sentences_and_filters_choose) {
    record_story();
    Result all = interlude({"events", trace});
    EXPECT_THAT(all.output,
                HasSubstr("uart handler 0 blocks on mutex in the handler of uart; owner "
                          "resumes, uart stays masked"));
    Result locks = interlude({"events", trace, "--lock", "mutex", "--event", "lock_block"});
    EXPECT_EQ(lines(locks.output), 1U);
    Result lwp = interlude({"events", trace, "--lwp", "owner", "--event", "switch"});
    EXPECT_EQ(lines(lwp.output), 3U);
    Result hart = interlude({"events", trace, "--hart", "1"});
    EXPECT_EQ(hart.output, "");
    Result limited = interlude({"events", trace, "--limit", "5"});
    EXPECT_EQ(lines(limited.output), 5U);
    Result early = interlude({"events", trace, "--to", "0.009"});
    Result late = interlude({"events", trace, "--from", "0.009"});
    EXPECT_EQ(lines(early.output) + lines(late.output), lines(all.output));
    EXPECT_NE(lines(late.output), 0U);
}

TEST_F(Commands, events_as_json_are_one_object_per_line) {
    record_story();
    Result result = interlude({"events", trace, "--json", "--event", "irq_block"});
    auto object = nlohmann::json::parse(result.output);
    EXPECT_EQ(object["event"], "irq_block");
    EXPECT_EQ(object["hart"], 0);
    EXPECT_EQ(object["fields"]["line"], 1);
}

TEST_F(Commands, check_is_silent_about_a_sound_trace_and_fails_for_an_impossible_one) {
    record_story();
    EXPECT_EQ(interlude({"check", trace}).status, 0);

    trace += "-broken";
    packer = Packer();
    Builder machine(2, packer.sink());
    machine.emit(0, Switch{.previous = machine.current(1),
                           .next = machine.current(1),
                           .state = LwpState::idle,
                           .reason = SwitchReason::idle,
                           .next_priority = 0});
    record();
    Result broken = interlude({"check", trace});
    EXPECT_EQ(broken.status, 1);
    EXPECT_THAT(broken.output, HasSubstr("is switched away on hart 0, where LWP 1 runs"));
}

TEST_F(Commands, what_does_not_exist_is_one_sentence_and_a_failing_status) {
    record_story();
    for (const std::vector<std::string>& words : {
             std::vector<std::string>{"info", "/nonexistent"},
             {"stat", "/dev/null"},
             {"events", directory.path().string()},
             {"events", trace, "--lwp", "nobody at all"},
             {"events", trace, "--event", "earthquake"},
         }) {
        Result result = interlude(words);
        EXPECT_NE(result.status, 0) << words[1];
        EXPECT_EQ(lines(result.errors), 1U) << result.errors;
        EXPECT_THAT(result.errors, testing::AnyOf(HasSubstr("`"), HasSubstr("choose")));
        EXPECT_EQ(result.output, "");
    }
}

TEST_F(Commands, schema_lists_every_event_in_both_languages) {
    Result table = interlude({"schema"});
    Result metadata = interlude({"schema", "--ctf"});
    Events::for_each([&]<class E>() {
        EXPECT_THAT(table.output, HasSubstr("`" + std::string(E::info.name) + "`"));
        EXPECT_THAT(metadata.output, HasSubstr("name = \"" + std::string(E::info.name) + "\""));
    });
}

TEST_F(Commands, docs_events_md_is_what_schema_prints) {
    EXPECT_EQ(read_file("docs/events.md"), interlude({"schema"}).output)
        << "build/interlude schema > docs/events.md";
}

} // namespace
