// SPDX-License-Identifier: BSD-2-Clause
#include "dev/rtc.hpp"

namespace dev {

namespace {

// Reading the lower half of a time fixes the upper half; writing the lower half sets the alarm.
constexpr usize time_low = 0x00, time_high = 0x04, alarm_low = 0x08, alarm_high = 0x0c,
                interrupt_enable = 0x10, clear_interrupt = 0x1c;

} // namespace

constinit Rtc rtc;

bool Rtc::start(unsigned route, Receiver receiver, trace::Level level) {
    arch::Device device;
    if (!arch::find_device("google,goldfish-rtc", 0, device) || device.line == 0)
        return false;
    base_ = device.base;
    receiver_ = receiver;
    handler_.level = level;
    handler_.line = static_cast<trace::LineId>(device.line);
    irq::attach(handler_, route);
    put(interrupt_enable, 1);
    return true;
}

u64 Rtc::now() {
    hart::SpinGuard guard(lock_);
    return read_time();
}

void Rtc::set_alarm(u64 nanoseconds) {
    hart::SpinGuard guard(lock_);
    u64 when = read_time() + nanoseconds;
    set_ = true;
    put(alarm_high, static_cast<u32>(when >> 32));
    put(alarm_low, static_cast<u32>(when));
}

u64 Rtc::read_time() const {
    u64 low = read(time_low);
    return u64{read(time_high)} << 32 | low;
}

irq::Served Rtc::handle(void* self) {
    return static_cast<Rtc*>(self)->alarm();
}

irq::Served Rtc::alarm() {
    {
        hart::SpinGuard guard(lock_);
        put(clear_interrupt, 1);
        if (!set_)
            return irq::Served::no;
        set_ = false;
    }
    receiver_();
    return irq::Served::yes;
}

} // namespace dev
