// SPDX-License-Identifier: BSD-2-Clause
// Trace directories: written, read back, read by babeltrace2, cut off, and on a full disk.
#include "load/metadata.hpp"
#include "load/trace_reader.hpp"
#include "load/trace_writer.hpp"
#include "model/generator.hpp"
#include "model/packets.hpp"
#include "trace/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <sstream>

using namespace model_test;
namespace fs = std::filesystem;
using testing::HasSubstr;

namespace {

struct Trace : testing::Test {
    TemporaryDirectory directory;
    std::vector<model::Event> events;
    Packer packer{100};

    fs::path path() const { return directory.path() / "trace"; }

    void generate(unsigned harts, u64 count) {
        Sink keep = into(events), pack = packer.sink();
        Generator(harts, harts, [&](const Record& record, HartId hart) {
            keep(record, hart);
            pack(record, hart);
        }).run(count);
        packer.seal_all();
    }

    // Through the loader's listener, as a session records.
    std::string record() {
        load::Manifest manifest;
        manifest.schema = schema;
        manifest.parameters = "scenario=tour seed=1";
        manifest.qemu = {"qemu-system-riscv64", "-M", "virt"};
        load::TraceWriter writer(path(), manifest);
        model::Store store;
        load::Loader loader(store);
        loader.on_packet([&](const load::Packet& packet) { writer.write(packet); });
        loader.feed(packer.bytes());
        return writer.error();
    }

    std::string open(model::Store& store) {
        load::TraceReader reader(path(), store);
        reader.read_all();
        return reader.error();
    }
};

TEST_F(Trace, what_was_recorded_is_read_back) {
    generate(4, 20'000);
    ASSERT_EQ(record(), "");
    model::Store store;
    load::TraceReader reader(path(), store);
    ASSERT_TRUE(reader.read_all()) << reader.error();
    EXPECT_EQ(reader.manifest().parameters, "scenario=tour seed=1");
    EXPECT_EQ(reader.manifest().qemu.size(), 3U);
    EXPECT_EQ(reader.progress(), 1);
    EXPECT_TRUE(store.problems().empty()) << store.problems().front().sentence;
    ASSERT_EQ(store.size(), events.size());
    for (usize i = 0; i < events.size(); i++) {
        ASSERT_EQ(store.stamp(i), events[i].stamp());
        ASSERT_EQ(store.hart(i), events[i].hart);
    }
}

TEST_F(Trace, the_files_are_the_kernels_packets_byte_for_byte) {
    generate(2, 2'000);
    ASSERT_EQ(record(), "");
    std::string expected[2];
    for (usize i = 0; i < packer.packets(); i++) {
        load::Bytes bytes = packer.packet(i);
        expected[load::possible_header(bytes)->cpu_id].append(
            reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    EXPECT_EQ(read_file(path() / "hart0"), expected[0]);
    EXPECT_EQ(read_file(path() / "hart1"), expected[1]);
}

// ---- babeltrace2 --------------------------------------------------------------------------------

std::string run(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r");
    char block[4096];
    while (usize size = std::fread(block, 1, sizeof block, pipe))
        output.append(block, size);
    EXPECT_EQ(::pclose(pipe), 0) << command << '\n' << output.substr(0, 2000);
    return output;
}

// An event as babeltrace2 prints it, from our own decoder.
struct Printer {
    std::string text;
    void operator()(const char* name, const auto& field) {
        using F = std::remove_cvref_t<decltype(field)>;
        std::ostringstream out;
        out << (text.empty() ? "" : ", ") << name << " = ";
        if constexpr (std::same_as<F, Text>)
            out << "{ characters = \"" << model::printable(field) << "\" }";
        else if constexpr (Worded<F>)
            out << "( \"" << word(field) << "\" : container = " << static_cast<u64>(field) << " )";
        else
            out << static_cast<u64>(field);
        text += out.str();
    }
};

std::string as_babeltrace_prints(const model::Event& event) {
    std::ostringstream out;
    Events::visit(event.record, [&](const auto& decoded) {
        using E = std::remove_cvref_t<decltype(decoded)>;
        Printer printer;
        E::describe(decoded, printer);
        out << event.stamp() << ' ' << E::info.name << " hart " << static_cast<u32>(event.hart)
            << " lwp " << static_cast<u32>(event.lwp()) << ": " << printer.text;
    });
    return out.str();
}

// "[00000000000000001000] switch: { cpu_id = 0 }, { order = 3 }, { lwp = 1 }, { previous = 1, … }"
std::string simplified(const std::string& line) {
    auto between = [&](const std::string& open, const std::string& close, usize from = 0) {
        usize begin = line.find(open, from);
        if (begin == std::string::npos)
            return std::string("?");
        begin += open.size();
        return line.substr(begin, line.find(close, begin) - begin);
    };
    std::string fields = line.substr(line.rfind("{ lwp = "));
    fields = fields.substr(fields.find(", { ") + 4);
    fields = fields.substr(0, fields.rfind(" }"));
    for (usize gap; (gap = fields.find("gap")) != std::string::npos;) // "gap0 = [ … ], "
        fields.erase(gap, fields.find("], ", gap) + 3 - gap);
    if (usize padding = fields.find(", padding = ["); padding != std::string::npos)
        fields.erase(padding);
    return std::to_string(std::stoull(between("[", "]"))) + ' ' + between("] ", ": {") + " hart "
           + between("cpu_id = ", ",") + " lwp " + between("{ lwp = ", " ") + ": " + fields;
}

TEST_F(Trace, babeltrace2_reads_the_same_events_and_fields) {
    generate(3, 20'000);
    ASSERT_EQ(record(), "");
    std::istringstream lines(
        run("babeltrace2 '" + path().string()
            + "' -c sink.text.pretty --params='clock-cycles=true,no-delta=true,"
              "verbose=false,field-trace=false' 2>&1"));
    model::Store store;
    ASSERT_EQ(open(store), "");
    // Within a nanosecond babeltrace2 orders the harts as it likes; each hart's order is fixed.
    std::array<std::vector<std::string>, 3> theirs, ours;
    std::string line;
    while (std::getline(lines, line)) {
        std::string simple = simplified(line);
        theirs[static_cast<usize>(simple.at(simple.find(" hart ") + 6) - '0')].push_back(simple);
    }
    for (usize i = 0; i < store.size(); i++)
        ours[static_cast<usize>(store.hart(i))].push_back(as_babeltrace_prints(store.event(i)));
    for (usize hart = 0; hart < 3; hart++) {
        ASSERT_EQ(theirs[hart].size(), ours[hart].size());
        for (usize i = 0; i < ours[hart].size(); i++) {
            // babeltrace2 2.0.4 prints the text of the event before in place of an empty one.
            if (usize empty = ours[hart][i].find("\"\""); empty != std::string::npos) {
                theirs[hart][i].resize(empty);
                ours[hart][i].resize(empty);
            }
            ASSERT_EQ(theirs[hart][i], ours[hart][i]);
        }
    }
}

TEST_F(Trace, babeltrace2_reads_every_kind_of_event) {
    Builder machine(1, packer.sink());
    Events::for_each([&]<class E>() { machine.emit(0, E{}); });
    packer.seal_all();
    ASSERT_EQ(record(), "");
    std::istringstream lines(run("babeltrace2 '" + path().string() + "' 2>&1"));
    std::string line;
    usize count = 0;
    while (std::getline(lines, line))
        count++;
    EXPECT_EQ(count, Events::count + 3U); // and Boot, Name, LwpCreate of the machine itself
}

TEST_F(Trace, babeltrace2_reports_the_events_that_were_discarded) {
    Builder machine(1, packer.sink());
    machine.timer(0);
    packer.seal_all();
    packer.discard(0, 42);
    machine.timer(0);
    packer.seal_all();
    ASSERT_EQ(record(), "");
    EXPECT_THAT(run("babeltrace2 '" + path().string() + "' 2>&1"), HasSubstr("42 events"));
}

// ---- bad input ----------------------------------------------------------------------------------

TEST_F(Trace, a_trace_cut_off_opens_up_to_its_last_whole_packet_with_a_note) {
    generate(2, 3'000);
    ASSERT_EQ(record(), "");
    fs::resize_file(path() / "hart0", fs::file_size(path() / "hart0") - 1000);
    model::Store store;
    EXPECT_EQ(open(store), "");
    EXPECT_GT(store.size(), 2'000U);
    bool noted = false;
    for (const model::Problem& problem : store.problems())
        noted = noted || problem.kind == model::Problem::Kind::truncated;
    EXPECT_TRUE(noted);
}

TEST_F(Trace, a_missing_directory_is_one_sentence_with_the_next_step) {
    model::Store store;
    EXPECT_THAT(open(store), HasSubstr("interlude run --record"));
}

TEST_F(Trace, a_directory_without_metadata_is_not_a_trace) {
    fs::create_directory(path());
    model::Store store;
    EXPECT_THAT(open(store), HasSubstr("is not a trace"));
}

TEST_F(Trace, a_file_is_not_a_trace) {
    write_file(path(), "text");
    model::Store store;
    EXPECT_THAT(open(store), HasSubstr("is a file"));
}

TEST_F(Trace, metadata_of_another_program_is_refused) {
    fs::create_directory(path());
    write_file(path() / "metadata", "/* CTF 1.8 */ env { tracer_name = \"lttng-modules\"; };");
    model::Store store;
    EXPECT_THAT(open(store), HasSubstr("babeltrace2"));
}

TEST_F(Trace, a_trace_without_packets_is_empty) {
    ASSERT_EQ(record(), "");
    model::Store store;
    EXPECT_THAT(open(store), HasSubstr("empty trace"));
}

TEST_F(Trace, another_schema_says_which_side_is_older) {
    generate(1, 500);
    ASSERT_EQ(record(), "");
    auto replace = [&](std::string text, const std::string& from, const std::string& to) {
        return text.replace(text.find(from), from.size(), to);
    };
    std::string metadata = read_file(path() / "metadata");
    std::string count = "events = " + std::to_string(Events::count);
    std::string digits = metadata.substr(metadata.find("schema = \""), 26);
    std::string other = replace(metadata, digits, "schema = \"0000000000000001");
    auto opened_with = [&](const std::string& text) {
        write_file(path() / "metadata", text);
        model::Store store;
        return open(store);
    };
    EXPECT_THAT(opened_with(replace(other, count, "events = 999")), HasSubstr("newer than this"));
    EXPECT_THAT(opened_with(replace(other, count, "events = 3")), HasSubstr("older than this"));
    EXPECT_THAT(opened_with(other), HasSubstr("another version"));
}

TEST_F(Trace, a_damaged_manifest_does_not_hide_the_trace) {
    generate(1, 500);
    ASSERT_EQ(record(), "");
    for (const char* text :
         {"", "{", "[]", "{\"format\": 3}", "{\"format\":\"interlude trace\",\"qemu\":7}"}) {
        write_file(path() / load::manifest_name, text);
        model::Store store;
        EXPECT_EQ(open(store), "");
        EXPECT_EQ(store.size(), events.size());
    }
}

TEST_F(Trace, an_existing_trace_is_never_written_over) {
    generate(1, 500);
    ASSERT_EQ(record(), "");
    EXPECT_THAT(record(), HasSubstr("has a trace already"));
    model::Store store;
    EXPECT_EQ(open(store), "");
    EXPECT_EQ(store.size(), events.size());
}

TEST_F(Trace, a_full_disk_ends_the_recording_and_keeps_what_was_written) {
    generate(1, 5'000);
    // A limit on the size of files stands in for the disk; it is for one process, so in a child.
    pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{50'000, 50'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::string error = record();
        bool good = error.find("recording stopped") != std::string::npos
                    && error.find("Make room") != std::string::npos;
        ::_exit(good ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_LE(fs::file_size(path() / "hart0"), 50'000U);
    model::Store store;
    EXPECT_EQ(open(store), "");
    EXPECT_TRUE(store.problems().empty()) << store.problems().front().sentence;
    EXPECT_GT(store.size(), 1'000U);
    run("babeltrace2 '" + path().string() + "' 2>&1");
}

TEST_F(Trace, a_device_without_space_is_reported_at_once) {
    fs::create_directory(path());
    fs::create_symlink("/dev/full", path() / "hart0");
    generate(1, 500);
    EXPECT_THAT(record(), HasSubstr("No space left on device"));
}

TEST(Metadata, tells_schema_and_number_of_events) {
    auto facts = load::read_metadata(load::ctf_metadata(10'000'000));
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->schema, schema);
    EXPECT_EQ(facts->events, Events::count);
    EXPECT_FALSE(load::read_metadata(""));
    EXPECT_FALSE(load::read_metadata("/* CTF 1.8 */"));
}

TEST(Metadata, every_enumeration_has_a_word_for_each_of_its_values) {
    EXPECT_STREQ(word(LwpState::zombie), "zombie");
    EXPECT_STREQ(word(SwitchReason::handler_done), "handler_done");
    EXPECT_STREQ(word(Kind::priority_band), "priority_band");
    EXPECT_STREQ(word(Group::spl), "spl");
    EXPECT_STREQ(word(WakeReason::callout_done), "callout_done");
    EXPECT_STREQ(word(static_cast<LwpState>(200)), "?");
}

TEST(Manifest, survives_the_round_trip) {
    load::Manifest manifest;
    manifest.image = "build/kernel.elf";
    manifest.build_id = "0123456789abcdef";
    manifest.parameters = "scenario=\"tour\"\n";
    manifest.schema = schema;
    manifest.harts = 4;
    auto back = load::manifest_from(load::to_json(manifest));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->image, manifest.image);
    EXPECT_EQ(back->build_id, manifest.build_id);
    EXPECT_EQ(back->parameters, manifest.parameters);
    EXPECT_EQ(back->schema, schema);
    EXPECT_EQ(back->harts, 4U);
}

} // namespace
