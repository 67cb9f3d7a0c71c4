// SPDX-License-Identifier: BSD-2-Clause
#include "trace/control.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using trace::Answer;
using trace::Command;
using Bytes = std::vector<u8>;

Bytes frame(u8 version, u8 command, const Bytes& payload) {
    Bytes bytes{version, command, static_cast<u8>(payload.size()),
                static_cast<u8>(payload.size() >> 8)};
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    u32 sum = trace::checksum(bytes.data(), bytes.size());
    for (int i = 0; i < 4; i++)
        bytes.push_back(static_cast<u8>(sum >> i * 8));
    return bytes;
}

std::vector<trace::Request> feed(trace::FrameReader& reader, const Bytes& bytes) {
    std::vector<trace::Request> requests;
    for (u8 byte : bytes) {
        trace::Request request;
        if (reader.put(byte, request))
            requests.push_back(request);
    }
    return requests;
}

Answer verdict(const Bytes& bytes) {
    trace::FrameReader reader;
    auto requests = feed(reader, bytes);
    EXPECT_EQ(requests.size(), 1u);
    return requests.empty() ? Answer::done : requests[0].verdict;
}

TEST(control, a_good_frame_is_understood_at_its_last_byte) {
    trace::FrameReader reader;
    Bytes bytes = frame(1, 1, {0x10, 0, 0, 0});
    u8 last = bytes.back();
    bytes.pop_back();

    EXPECT_TRUE(feed(reader, bytes).empty());
    auto requests = feed(reader, {last});
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].verdict, Answer::done);
    EXPECT_EQ(requests[0].command, Command::set_mask);
    EXPECT_EQ(requests[0].argument, 0x10u);
}

TEST(control, what_is_malformed_is_refused_with_its_reason) {
    Bytes broken = frame(1, 2, {});
    broken.back() ^= 1;

    EXPECT_EQ(verdict(broken), Answer::bad_checksum);
    EXPECT_EQ(verdict(frame(1, 77, {})), Answer::unknown_command);
    EXPECT_EQ(verdict(frame(1, 2, {1})), Answer::bad_payload);
    EXPECT_EQ(verdict(frame(1, 1, {0, 0, 0, 0xff})), Answer::bad_payload);
    EXPECT_EQ(verdict(frame(1, 3, {})), Answer::bad_payload);
    EXPECT_EQ(verdict({2}), Answer::bad_version);
    EXPECT_EQ(verdict({1, 1, 0xff, 0xff}), Answer::too_long);
}

TEST(control, after_silence_a_frame_is_understood_again) {
    trace::FrameReader reader;
    Bytes noise(100, 0xee);

    EXPECT_EQ(feed(reader, noise).size(), 1u);
    EXPECT_TRUE(feed(reader, frame(1, 2, {})).empty());
    reader.silence();
    auto requests = feed(reader, frame(1, 2, {}));
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].verdict, Answer::done);
}

TEST(control, a_bad_checksum_costs_one_frame_only) {
    trace::FrameReader reader;
    Bytes bytes = frame(1, 2, {});
    bytes[4] ^= 1;
    Bytes good = frame(1, 2, {});
    bytes.insert(bytes.end(), good.begin(), good.end());

    auto requests = feed(reader, bytes);
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].verdict, Answer::bad_checksum);
    EXPECT_EQ(requests[1].verdict, Answer::done);
}

TEST(control, nonsense_is_survived) {
    std::mt19937 random(2);
    trace::FrameReader reader;
    for (int i = 0; i < 200000; i++) {
        trace::Request request;
        (void)reader.put(static_cast<u8>(random() % 4), request);
        if (random() % 8 == 0)
            reader.silence();
    }
}

TEST(control, an_answer_is_a_frame_of_its_own) {
    u8 bytes[trace::answer_size];
    trace::encode_answer({.verdict = Answer::bad_payload, .command = Command::stop, .argument = 0},
                         bytes);

    EXPECT_EQ(Bytes(bytes, bytes + sizeof bytes),
              frame(1, 0x83, {static_cast<u8>(Answer::bad_payload)}));
}

} // namespace
