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
    theirs_.clear();
    monitor_->send("{\"execute\":\"qmp_capabilities\"}\n");
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

    console_ = std::make_unique<Inbox>(add_socket("console"));
    add({"-serial", "chardev:console"});
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
        events_ = std::make_unique<Inbox>(add_socket("events"));
    } else {
        events_file_ = anonymous_file("interlude-events", 0);
        inherited_.push_back(events_file_.number());
        add({"-chardev", "file,id=events,path=" + events_file_.path()});
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
    if (events_ != nullptr)
        return events_->take();
    constexpr usize piece = 1024 * 1024;
    std::string bytes(piece, '\0');
    ssize_t got =
        pread(events_file_.number(), bytes.data(), piece, static_cast<off_t>(events_read_));
    bytes.resize(static_cast<usize>(std::max<ssize_t>(got, 0)));
    events_read_ += bytes.size();

    // What has been read need not stay in memory: long runs would fill it.
    u64 whole = events_read_ / piece * piece;
    if (whole > events_freed_
        && fallocate(events_file_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                     static_cast<off_t>(events_freed_), static_cast<off_t>(whole - events_freed_))
               == 0)
        events_freed_ = whole;
    return bytes;
}

std::span<const std::byte> Machine::memory(u64 address, usize size) const {
    if (address < memory_base || address - memory_base > memory_size
        || size > memory_size - (address - memory_base))
        return {};
    return {memory_->data() + (address - memory_base), size};
}

void Machine::add_sources(std::vector<int>& sources) const {
    sources.insert(sources.end(), {process_->ended(), process_->output_ready(), console_->ready()});
    if (events_ != nullptr)
        sources.push_back(events_->ready());
    if (gate_ != nullptr)
        sources.push_back(gate_->notify());
}

} // namespace session
