// SPDX-License-Identifier: BSD-2-Clause
// Which device answers at which address, and what the core finds when it looks for one.
#include "devices.hpp"

#include "arch/upcalls.hpp"
#include "state.hpp"
#include "store_buffer.hpp"

#include <string_view>

namespace arch {

namespace host {

namespace {

Uart16550 uart;
GoldfishRtc rtc;

template <class D> bool answers(u64 address) {
    return address >= D::base && address < D::base + D::size;
}

} // namespace

// A device acts where the hart stands: what it does to its line, other harts see.
u64 read_device(u64 address) {
    stand_before(Access::device, nullptr);
    if (answers<Uart16550>(address))
        return uart.read(address - Uart16550::base);
    if (answers<GoldfishRtc>(address))
        return rtc.read(address - GoldfishRtc::base);
    on_fault("a device is read where there is none");
}

void write_device(u64 address, u64 value) {
    stand_before(Access::device, nullptr);
    if (answers<Uart16550>(address))
        return uart.write(address - Uart16550::base, value);
    if (answers<GoldfishRtc>(address))
        return rtc.write(address - GoldfishRtc::base, value);
    on_fault("a device is written where there is none");
}

u64 device_deadline() {
    return rtc.deadline();
}

void ring_alarms() {
    if (clock() >= rtc.deadline())
        rtc.ring();
}

} // namespace host

bool find_device(const char* name, unsigned index, Device& device) {
    using namespace host;
    if (index != 0)
        return false;
    if (std::string_view(name) == "ns16550a")
        device = {Uart16550::base, Uart16550::size, Uart16550::line};
    else if (std::string_view(name) == "google,goldfish-rtc")
        device = {GoldfishRtc::base, GoldfishRtc::size, GoldfishRtc::line};
    else
        return false;
    return true;
}

} // namespace arch
