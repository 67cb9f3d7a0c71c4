// SPDX-License-Identifier: BSD-2-Clause
#include "devices.hpp"
#include "state.hpp"

namespace arch::host {

namespace {

constexpr u64 time_low = 0x00, time_high = 0x04, alarm_low = 0x08, alarm_high = 0x0c,
              interrupt_enable = 0x10, clear_alarm = 0x14, alarm_status = 0x18,
              clear_interrupt = 0x1c;

constexpr u64 power_on_time = 1'767'225'600ull * 1'000'000'000; // 2026-01-01, as runs in QEMU begin
constexpr u64 never = ~u64{0};
constexpr unsigned half = 32;

u64 nanoseconds_per_tick() {
    return 1'000'000'000 / timebase();
}

u64 time() {
    return power_on_time + clock() * nanoseconds_per_tick();
}

} // namespace

void GoldfishRtc::drive() {
    drive_line(line, pending_ && enabled_);
}

void GoldfishRtc::ring() {
    deadline_ = never;
    pending_ = true;
    drive();
}

/// An alarm in the past rings at once; the next tick of the machine's clock is the soonest.
void GoldfishRtc::set_alarm(u64 nanoseconds) {
    if (nanoseconds <= time())
        return ring();
    u64 unit = nanoseconds_per_tick();
    deadline_ = (nanoseconds - power_on_time + unit - 1) / unit;
}

u64 GoldfishRtc::read(u64 offset) {
    switch (offset) {
    case time_low:
        latched_ = time();
        return latched_ & 0xffff'ffff;
    case time_high:
        return latched_ >> half;
    case interrupt_enable:
        return enabled_;
    case alarm_status:
        return deadline_ != never;
    default:
        return 0;
    }
}

void GoldfishRtc::write(u64 offset, u64 value) {
    switch (offset) {
    case alarm_low:
        set_alarm(alarm_high_ << half | value);
        break;
    case alarm_high:
        alarm_high_ = value;
        break;
    case interrupt_enable:
        enabled_ = (value & 1) != 0;
        drive();
        break;
    case clear_alarm:
        deadline_ = never;
        break;
    case clear_interrupt:
        pending_ = false;
        drive();
        break;
    default:
        break; // the time is not set here
    }
}

} // namespace arch::host
