// SPDX-License-Identifier: BSD-2-Clause
#include "dev/virtio_serial.hpp"

#include <algorithm>
#include <cstring>

namespace dev {

namespace {

constexpr u32 virtio_console = 3; // device id
constexpr u64 multiport = 1 << 1; // feature

constexpr u16 device_ready = 0, port_add = 1, port_remove = 2, port_ready = 3, port_open = 6;

constexpr u32 queue_in(unsigned port) {
    return port == 0 ? 0 : 2 * port + 2;
}
constexpr u32 queue_out(unsigned port) {
    return queue_in(port) + 1;
}
constexpr u32 messages_in = 2, messages_out = 3;

} // namespace

constinit VirtioSerial virtio_serial;

bool VirtioSerial::start() {
    if (!device_.find(virtio_console) || !device_.begin(VirtioMmio::version_1 | multiport))
        return false;
    if (!device_.set_queue(messages_in, messages_in_)
        || !device_.set_queue(messages_out, messages_out_)
        || !device_.set_queue(queue_out(events_port), events_out_)
        || !device_.set_queue(queue_in(control_port), control_in_)
        || !device_.set_queue(queue_out(control_port), control_out_))
        return false;
    messages_in_.suppress_interrupts();
    messages_out_.suppress_interrupts();
    events_out_.suppress_interrupts();
    control_in_.suppress_interrupts();
    control_out_.suppress_interrupts();
    device_.ready();

    // Before device_ready: the device drops messages for which it finds no buffer.
    for (Buffer& buffer : message_buffers_)
        messages_in_.put(buffer.bytes, buffer_size, Virtqueue<few>::Direction::to_driver);
    device_.notify(messages_in);
    for (Buffer& buffer : command_buffers_)
        control_in_.put(buffer.bytes, buffer_size, Virtqueue<few>::Direction::to_driver);
    device_.notify(queue_in(control_port));
    tell(0, device_ready, 1);
    return true;
}

bool VirtioSerial::has_reader() {
    poll();
    return connected_[events_port];
}

bool VirtioSerial::send(trace::PacketHeader* packet) {
    u32 size = static_cast<u32>(packet->packet_bits / 8);
    if (!events_out_.put(packet, size, Virtqueue<many>::Direction::to_device))
        return false;
    device_.notify(queue_out(events_port));
    return true;
}

trace::PacketHeader* VirtioSerial::taken() {
    return static_cast<trace::PacketHeader*>(events_out_.get().buffer);
}

usize VirtioSerial::receive(u8* to, usize size) {
    if (command_.buffer == nullptr) {
        command_ = control_in_.get();
        command_read_ = 0;
    }
    if (command_.buffer == nullptr)
        return 0;
    usize length = std::min<usize>(command_.length, buffer_size);
    usize count = std::min(size, length - command_read_);
    std::memcpy(to, static_cast<u8*>(command_.buffer) + command_read_, count);
    command_read_ += count;
    if (command_read_ == length) {
        control_in_.put(command_.buffer, buffer_size, Virtqueue<few>::Direction::to_driver);
        device_.notify(queue_in(control_port));
        command_ = {};
    }
    return count;
}

void VirtioSerial::answer(const u8* bytes, usize size) {
    while (control_out_.get().buffer != nullptr) {
    }
    Buffer& buffer = answers_[next_answer_++ % few];
    size = std::min(size, buffer_size);
    std::memcpy(buffer.bytes, bytes, size);
    // A host that asks and never reads the answers gets no more of them.
    if (control_out_.put(buffer.bytes, static_cast<u32>(size),
                         Virtqueue<few>::Direction::to_device))
        device_.notify(queue_out(control_port));
}

void VirtioSerial::poll() {
    for (Returned got = messages_in_.get(); got.buffer != nullptr; got = messages_in_.get()) {
        Message message{};
        if (got.length >= sizeof message)
            std::memcpy(&message, got.buffer, sizeof message);
        messages_in_.put(got.buffer, buffer_size, Virtqueue<few>::Direction::to_driver);
        device_.notify(messages_in);
        if (got.length >= sizeof message)
            handle(message);
    }
}

void VirtioSerial::handle(const Message& message) {
    if (message.port >= port_count)
        return;
    switch (message.event) {
    case port_add:
        exists_[message.port] = true;
        tell(message.port, port_ready, 1);
        tell(message.port, port_open, 1);
        break;
    case port_remove:
        exists_[message.port] = connected_[message.port] = false;
        break;
    case port_open:
        connected_[message.port] = message.value != 0;
        break;
    default: // names and window sizes
        break;
    }
}

void VirtioSerial::tell(u32 port, u16 event, u16 value) {
    while (messages_out_.get().buffer != nullptr) {
    }
    Message& message = told_[next_told_++ % few];
    message = {.port = port, .event = event, .value = value};
    if (messages_out_.put(&message, sizeof message, Virtqueue<few>::Direction::to_device))
        device_.notify(messages_out);
}

} // namespace dev
