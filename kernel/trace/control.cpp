// SPDX-License-Identifier: BSD-2-Clause
#include "trace/control.hpp"

#include "trace/drain.hpp"
#include "trace/emit.hpp"

namespace trace {

namespace {

constexpr usize header_size = 4;

u32 little_endian(const u8* at) {
    return static_cast<u32>(at[0]) | static_cast<u32>(at[1]) << 8 | static_cast<u32>(at[2]) << 16
           | static_cast<u32>(at[3]) << 24;
}

void put_little_endian(u8* to, u32 value) {
    for (unsigned i = 0; i < 4; i++)
        to[i] = static_cast<u8>(value >> i * 8);
}

constinit FrameReader reader;

} // namespace

u32 checksum(const u8* bytes, usize size) {
    u32 value = 0x811c9dc5;
    for (usize i = 0; i < size; i++)
        value = (value ^ bytes[i]) * 0x01000193;
    return value;
}

bool FrameReader::put(u8 byte, Request& request) {
    if (skipping_)
        return false;
    bytes_[count_++] = byte;
    if (count_ == 1 && byte != control_version) {
        refuse(Answer::bad_version, request);
        return true;
    }
    if (count_ == header_size && payload_length() > longest_payload) {
        refuse(Answer::too_long, request);
        return true;
    }
    if (count_ < header_size || count_ < frame_overhead + payload_length())
        return false;
    request = judge();
    count_ = 0;
    return true;
}

void FrameReader::silence() {
    if (skipping_)
        count_ = 0;
    skipping_ = false;
}

void FrameReader::refuse(Answer why, Request& request) {
    request = {.verdict = why, .command = static_cast<Command>(bytes_[1]), .argument = 0};
    skipping_ = true;
}

Request FrameReader::judge() const {
    usize length = payload_length();
    Request request{.verdict = Answer::done,
                    .command = static_cast<Command>(bytes_[1]),
                    .argument = length == 4 ? little_endian(bytes_ + header_size) : 0};
    u32 sum = little_endian(bytes_ + header_size + length);
    if (sum != checksum(bytes_, header_size + length)) {
        request.verdict = Answer::bad_checksum;
        return request;
    }
    switch (request.command) {
    case Command::set_mask:
        if (length != 4 || (request.argument & ~all_groups) != 0)
            request.verdict = Answer::bad_payload;
        break;
    case Command::snapshot:
        if (length != 0)
            request.verdict = Answer::bad_payload;
        break;
    case Command::stop:
        if (length != 4)
            request.verdict = Answer::bad_payload;
        break;
    default:
        request.verdict = Answer::unknown_command;
    }
    return request;
}

void encode_answer(const Request& request, u8* to) {
    to[0] = control_version;
    to[1] = static_cast<u8>(request.command) | 0x80;
    to[2] = 1;
    to[3] = 0;
    to[4] = static_cast<u8>(request.verdict);
    put_little_endian(to + header_size + 1, checksum(to, header_size + 1));
}

void serve_control(void (*stop)(u32 status)) {
    u8 bytes[64];
    usize size;
    while ((size = receive(bytes, sizeof bytes)) != 0) {
        for (usize i = 0; i < size; i++) {
            Request request;
            if (!reader.put(bytes[i], request))
                continue;
            u8 frame[answer_size];
            encode_answer(request, frame);
            answer(frame, sizeof frame);
            if (request.verdict != Answer::done)
                continue;
            if (request.command == Command::set_mask)
                set_mask(request.argument);
            else if (request.command == Command::snapshot)
                want_snapshot();
            else
                stop(request.argument);
        }
    }
    reader.silence();
}

} // namespace trace
