// SPDX-License-Identifier: BSD-2-Clause
// The trace's two ports to the host (virtio 1.2, 5.3): `events` takes packets, `control` takes
// commands and gives answers.
//
// Both are instruments, not workload: the device's interrupt line stays off and its queues are
// polled, so that tracing never shows up in the picture it draws.
//
//   port 1  events    QEMU: -device virtserialport,nr=1,name=events
//   port 2  control   QEMU: -device virtserialport,nr=2,name=control
//
// The device says in control messages which ports exist and whether somebody has connected on the
// host. While nobody has, QEMU would throw away what is sent; so it is not sent.
//
// Rules
//   - The Sink functions are called under the lock of trace/drain.cpp, which protects all of this.
// Read next: trace/drain.hpp, trace/control.hpp
#pragma once

#include "dev/virtio_mmio.hpp"
#include "trace/drain.hpp"

namespace dev {

class VirtioSerial final : public trace::Sink {
public:
    /// Finds and starts the device. False if there is none that can be used.
    [[nodiscard]] bool start();

    bool has_reader() override;
    bool send(trace::PacketHeader* packet) override;
    trace::PacketHeader* taken() override;
    usize receive(u8* to, usize size) override;
    void answer(const u8* bytes, usize size) override;

private:
    static constexpr unsigned events_port = 1;
    static constexpr unsigned control_port = 2;
    static constexpr unsigned port_count = 3;
    static constexpr u16 few = 16;
    static constexpr u16 many = 128; // as many as there are packets, so that there is always room
    static constexpr usize buffer_size = 256;

    /// A control message, as it lies in memory.
    struct Message {
        u32 port;
        u16 event;
        u16 value;
    };
    struct Buffer {
        alignas(8) u8 bytes[buffer_size];
    };

    void poll();
    void handle(const Message& message);
    void tell(u32 port, u16 event, u16 value);

    VirtioMmio device_;
    Virtqueue<few> messages_in_;
    Virtqueue<few> messages_out_;
    Virtqueue<many> events_out_;
    Virtqueue<few> control_in_;
    Virtqueue<few> control_out_;
    Buffer message_buffers_[few] = {};
    Message told_[few] = {};
    u16 next_told_ = 0;
    Buffer command_buffers_[few] = {};
    Buffer answers_[few] = {};
    u16 next_answer_ = 0;
    bool exists_[port_count] = {};
    bool connected_[port_count] = {};
    Returned command_ = {}; // received, and read up to command_read_
    usize command_read_ = 0;
};

/// The one device of this machine.
extern VirtioSerial virtio_serial;

} // namespace dev
