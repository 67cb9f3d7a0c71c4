// SPDX-License-Identifier: BSD-2-Clause
// The end: who, what, where, which locks, and a failing exit status.
//
//   hart::panic("cv_wait in the handler of ", line_name);
//   ASSERT(guard_held);               // (2)        cites the invariant that it checks
//
// A panic prints the message, file and line, the LWP and hart, and what the witnesses know (the
// locks that the LWP holds); records a Panic event, sends the trace off and ends the machine with a
// failing status. A panic inside a panic goes straight to the end.
//
// Rules
//   - Any context, any locks held. Takes none itself.
//   - ASSERT is always compiled in: an assertion costs two instructions, a wrong picture of the
//     kernel costs a student's evening.
// Read next: spin_mutex.hpp
#pragma once

#include "lib/line.hpp"

namespace hart {

constexpr u32 panic_status = 1;

/// A message and the place that says it: the defaults are evaluated at the caller.
struct Said {
    const char* text;
    const char* file;
    u32 line;
    // NOLINTNEXTLINE(google-explicit-constructor): a string literal is a message
    Said(const char* text, const char* file = __builtin_FILE(), u32 line = __builtin_LINE())
        : text(text)
        , file(file)
        , line(line) {}
};

[[noreturn, gnu::cold]] void panic_with(const lib::Line& message, const char* file, u32 line);

[[noreturn, gnu::cold, gnu::noinline]] void panic(Said said, const auto&... parts) {
    lib::Line message;
    message.add(said.text, parts...);
    panic_with(message, said.file, said.line);
}

/// A layer above adds what it knows about the current LWP, a line at a time through `print`.
using Witness = void (*)(void (*print)(const lib::Line&));
void add_witness(Witness witness);

/// Records Halt, sends the trace off and ends the machine. Any context.
[[noreturn]] void shut_down(u32 status);

} // namespace hart

#define ASSERT(condition)                                                                          \
    (static_cast<bool>(condition)                                                                  \
         ? static_cast<void>(0)                                                                    \
         : ::hart::panic(::hart::Said("assertion failed: " #condition, __FILE__, __LINE__)))
