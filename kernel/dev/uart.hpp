// SPDX-License-Identifier: BSD-2-Clause
// The serial port (16550): the console, and a source of interrupts made to order.
//
//   typed byte ──▶ receive FIFO ──▶ line ──▶ handler ──▶ listener(byte): the console
//   loop(byte) ──▶ transmitter ══ loop-back ══▶ … handler ──▶ receiver(byte): the scenario
//
// With loop-back on, the port hears what it says. A scenario that wants an interrupt at a certain
// point of its story sends itself a byte: a real interrupt of a real device on a real line, in the
// same place in every run.
//
// Rules
//   - The FIFO does not say where a byte came from. As many bytes as were looped go to the
//     receiver, the others to the listener; a byte typed at the very instant may change places with
//     one.
//   - Listener and receiver run in the handler, level serial. Where that has an LWP they may enter
//     mutexes; a mutex of level serial serves in every model (hart/model.hpp).
//   - write() and loop(): any context. Polled; the lock is held for one byte at a time.
//   - QEMU's PLIC remembers one signal of the port while the line is claimed, and the port signals
//     for every byte that stays in the FIFO. So the handler turns the port's interrupts off while
//     it takes bytes out; otherwise each burst would end with an interrupt for nothing.
// Read next: uart.cpp, irq/irq.hpp
#pragma once

#include "hart/spin_mutex.hpp"
#include "irq/irq.hpp"

namespace dev {

class Uart {
public:
    using Receiver = void (*)(u8 byte);

    /// Finds the port and attaches its handler on hart `route`. False if there is no port. Start-up
    /// or an ordinary LWP, once.
    [[nodiscard]] bool start(unsigned route);
    /// Who gets the bytes that are typed, and those that loop() sends, from now on; nullptr:
    /// nobody.
    void set_listener(Receiver listener) { listener_.publish(listener); }
    void set_receiver(Receiver receiver) { receiver_.publish(receiver); }

    void write(const char* bytes, usize size);
    /// Sends a byte to the port itself.
    void loop(u8 byte);

    [[nodiscard]] trace::LineId line() const { return handler_.line; }

private:
    static irq::Served handle(void* self);
    irq::Served drain();
    [[nodiscard]] u8 read(usize offset) const { return arch::read<u8>(base_ + offset); }
    void put(usize offset, u8 value) const { arch::write<u8>(base_ + offset, value); }
    void transmit(u8 byte);
    void wait_until_sent();

    u64 base_ = 0;
    // Of level high, so that an interrupt that loop() causes comes when the byte is on its way, and
    // is not first deferred.
    hart::SpinMutex lock_{"dev::Uart", hart::ipl::high};
    hart::Cell<Receiver> listener_, receiver_;
    hart::Cell<u32> looped_; // bytes of loop() that have not been received yet
    irq::Handler handler_{.name = "uart0",
                          .line = {},
                          .level = hart::ipl::serial,
                          .function = handle,
                          .argument = this};
};

extern constinit Uart uart;

} // namespace dev
