// SPDX-License-Identifier: BSD-2-Clause
#include "session/machine.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace session {

Machine::Machine(const Image& image, const MachineOptions& options)
    : memory_file_(anonymous_file("interlude-memory", memory_size)) {
    memory_ = std::make_unique<SharedMemory>(memory_file_, memory_size);
    build_command(image, options);
    process_ = std::make_unique<Child>(command_, inherited_);
    power_on();
    theirs_.clear();
}

// The command line can give a file chardev no input before QEMU 8; the monitor can. So QEMU starts
// with its virtual CPUs stopped and the console is attached before the first instruction.
void Machine::power_on() {
    const Descriptor& input = theirs_.front();
    monitor_->send(R"({"execute":"qmp_capabilities"})");
    monitor_->send(
        R"({"execute":"chardev-change","arguments":{"id":"console","backend":{"type":"file",)"
        R"("data":{"out":")"
        + console_.file().path() + R"(","in":")" + input.path() + R"("}}}})");
    thaw();
}

// Why these: facts-qemu.md, 0 and 3. Modern virtio because the kernel speaks nothing else; no
// ioeventfd so that a notification is handled at once, at the same virtual time in every run.
void Machine::build_command(const Image& image, const MachineOptions& options) {
    inherited_.push_back(memory_file_.number());
    add({options.qemu, "-nodefaults", "-display", "none", "-no-user-config"});
    add({"-M", "virt,memory-backend=ram", "-m", "128M", "-smp", std::to_string(options.harts)});
    add({"-object",
         "memory-backend-file,id=ram,size=128M,share=on,mem-path=" + memory_file_.path()});
    add({"-bios", "default", "-kernel", image.file().string(), "-append", options.arguments});
    add({"-global", "virtio-mmio.force-legacy=false", "-global", "virtio-mmio.ioeventfd=off"});

    Pipe typed = make_pipe();
    fcntl(typed.write.number(), F_SETFL, O_NONBLOCK);
    typed_ = std::move(typed.write);
    share(std::move(typed.read));
    inherited_.push_back(console_.file().number());
    add({"-S", "-chardev", "null,id=console", "-serial", "chardev:console"});
    monitor_ = std::make_unique<Inbox>(add_socket("monitor"));
    add({"-mon", "chardev=monitor,mode=control"});
    add_events(options.live);
    if (!options.live)
        add({"-icount", std::string("shift=") + (options.harts == 1 ? "0" : "5") + ",sleep=off",
             "-rtc", "base=2026-01-01T00:00:00,clock=vm"});
    if (options.debugger) {
        debugger_ = add_socket("debugger");
        add({"-gdb", "chardev:debugger"});
    }
    if (!options.live && !options.gate_plugin.empty())
        add_gate(image, options);
}

int Machine::share(Descriptor descriptor) {
    inherited_.push_back(descriptor.number());
    theirs_.push_back(std::move(descriptor));
    return inherited_.back();
}

Descriptor Machine::add_socket(const std::string& name) {
    auto [ours, theirs] = socket_pair();
    add({"-chardev", "socket,id=" + name + ",fd=" + std::to_string(share(std::move(theirs)))});
    return std::move(ours);
}

void Machine::add_events(bool live) {
    if (live) {
        events_socket_ = std::make_unique<Inbox>(add_socket("events"));
    } else {
        events_file_ = std::make_unique<Tail>("interlude-events");
        inherited_.push_back(events_file_->file().number());
        add({"-chardev", "file,id=events,path=" + events_file_->file().path()});
    }
    add({"-device", "virtio-serial-device,max_ports=4", "-device",
         "virtserialport,chardev=events,name=events,nr=1"});
}

void Machine::add_gate(const Image& image, const MachineOptions& options) {
    std::optional<u64> address = image.symbol("trace_gate");
    if (!address)
        return;
    gate_ = std::make_unique<Gatekeeper>(options.granted);
    inherited_.push_back(gate_->shared_file());
    inherited_.push_back(gate_->notify());
    add({"-plugin", gate_->plugin_option(options.gate_plugin, *address)});
}

std::string Machine::take_events() {
    return events_socket_ != nullptr ? events_socket_->take() : events_file_->take();
}

bool Machine::type(const std::string& text) {
    ssize_t written = write(typed_.number(), text.data(), text.size());
    return written == static_cast<ssize_t>(text.size());
}

std::span<const std::byte> Machine::memory(u64 address, usize size) const {
    if (address < memory_base || address - memory_base > memory_size
        || size > memory_size - (address - memory_base))
        return {};
    return {memory_->data() + (address - memory_base), size};
}

void Machine::add_sources(std::vector<int>& sources) const {
    sources.insert(sources.end(), {process_->ended(), process_->output_ready(), monitor_->ready()});
    if (events_socket_ != nullptr)
        sources.push_back(events_socket_->ready());
    if (gate_ != nullptr)
        sources.push_back(gate_->notify());
}

} // namespace session
