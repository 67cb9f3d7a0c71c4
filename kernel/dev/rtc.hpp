// SPDX-License-Identifier: BSD-2-Clause
// The real-time clock (goldfish): wall time in nanoseconds, and one alarm.
//
// Rules
//   - The receiver of an alarm runs in the handler: usually of level audio, one below the serial
//     port, so that the two can nest. Where the handler has an LWP it may enter mutexes.
//   - set_alarm() and now(): any context.
// Read next: rtc.cpp
#pragma once

#include "hart/spin_mutex.hpp"
#include "irq/irq.hpp"

namespace dev {

class Rtc {
public:
    using Receiver = void (*)();

    /// Finds the clock and attaches its handler on hart `route`. False if there is none. Start-up
    /// or an ordinary LWP, once.
    [[nodiscard]] bool start(unsigned route, Receiver receiver,
                             trace::Level level = hart::ipl::audio);

    /// Nanoseconds since 1970.
    [[nodiscard]] u64 now();
    /// Interrupts once, so many nanoseconds from now; replaces an alarm that is set.
    void set_alarm(u64 nanoseconds);

    [[nodiscard]] trace::LineId line() const { return handler_.line; }

private:
    static irq::Served handle(void* self);
    irq::Served alarm();
    [[nodiscard]] u32 read(usize offset) const { return arch::read<u32>(base_ + offset); }
    void put(usize offset, u32 value) const { arch::write<u32>(base_ + offset, value); }
    u64 read_time() const;

    u64 base_ = 0;
    hart::SpinMutex lock_{"dev::Rtc", hart::ipl::high}; // pairs of registers
    bool set_ = false;
    Receiver receiver_ = nullptr;
    irq::Handler handler_{.name = "rtc0",
                          .line = {},
                          .level = hart::ipl::audio,
                          .function = handle,
                          .argument = this};
};

extern constinit Rtc rtc;

} // namespace dev
