// SPDX-License-Identifier: BSD-2-Clause
// Commands to the running kernel, in frames on the control port.
//
//   byte 0          1         2        4                4 + length          8 + length
//        | version  | command | length | payload        | checksum          |
//
// Numbers are little-endian; the checksum is FNV-1a (32 bits) over all bytes before it. Every frame
// is answered by a frame: the command with its highest bit set, and a payload of one byte, an
// Answer. What is not understood is refused and changes nothing.
//
//   1 set_mask   u32 groups      which classes of events are recorded (Group bits)
//   2 snapshot                   state the whole machine anew
//   3 stop       u32 status      end the machine with this exit status
//
// Rules
//   - FrameReader is a plain parser without side effects, so that tests can feed it anything.
//   - After a frame whose length cannot be trusted, everything is skipped until the port falls
//     silent: the next byte that comes alone, later, begins a frame.
#pragma once

#include "lib/types.hpp"

namespace trace {

enum class Command : u8 { set_mask = 1, snapshot = 2, stop = 3 };
enum class Answer : u8 { done, bad_version, too_long, bad_checksum, unknown_command, bad_payload };

constexpr u8 control_version = 1;
constexpr usize longest_payload = 32;
constexpr usize frame_overhead = 8;
constexpr usize answer_size = frame_overhead + 1;

/// A frame that has ended, well or badly.
struct Request {
    Answer verdict = Answer::done;
    Command command = Command::snapshot;
    u32 argument = 0; // 0 if the command has none
};

class FrameReader {
public:
    /// True if a frame ends with this byte; then `request` says which, or why it is refused.
    bool put(u8 byte, Request& request);
    /// Nothing more has come for now: whatever was to be skipped has been.
    void silence();

private:
    [[nodiscard]] usize payload_length() const { return bytes_[2] | bytes_[3] << 8; }
    [[nodiscard]] Request judge() const;
    void refuse(Answer why, Request& request);

    u8 bytes_[frame_overhead + longest_payload] = {};
    usize count_ = 0;
    bool skipping_ = false;
};

/// The answering frame; answer_size bytes.
void encode_answer(const Request& request, u8* to);

/// FNV-1a over bytes.
[[nodiscard]] u32 checksum(const u8* bytes, usize size);

/// Reads and carries out what has come on the control port: at a tick, outside of every lock.
/// `stop` ends the machine.
void serve_control(void (*stop)(u32 status));

} // namespace trace
