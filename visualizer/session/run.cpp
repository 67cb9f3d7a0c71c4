// SPDX-License-Identifier: BSD-2-Clause
#include "session/run.hpp"

#include "load/build_id.hpp"
#include "session/rings.hpp"

#include <cstring>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace session {

namespace fs = std::filesystem;

namespace {

MachineOptions machine_options(const Options& options, bool with_gate, u64 granted) {
    if (options.harts < 1 || options.harts > model::max_harts)
        throw std::runtime_error(fmt::format("the kernel runs on 1 to {} harts, not on {}",
                                             model::max_harts, options.harts));
    MachineOptions out;
    out.qemu = options.qemu;
    out.arguments = boot_arguments(options);
    out.harts = options.harts;
    out.live = options.live;
    out.granted = granted;
    if (with_gate)
        out.gate_plugin = options.gate_plugin.empty() ? default_gate_plugin() : options.gate_plugin;
    return out;
}

fs::path record_directory(const Options& options) {
    if (!options.record.empty())
        return unused(options.record);
    return unused(fmt::format("runs/{:%Y-%m-%d-%H%M%S}-{}", fmt::localtime(std::time(nullptr)),
                              options.scenario));
}

load::Manifest manifest(const Options& options, const Machine& machine) {
    load::Manifest out;
    out.image = options.kernel.string();
    out.image_hash = load::file_hash(options.kernel);
    out.build_id = load::build_id(options.kernel);
    out.parameters = boot_arguments(options);
    out.qemu = machine.command();
    out.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    out.schema = trace::schema;
    out.harts = options.harts;
    return out;
}

load::Bytes bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

} // namespace

std::string boot_arguments(const Options& options) {
    std::string out = fmt::format("scenario={} seed={}", options.scenario, options.seed);
    for (const std::string& parameter : options.parameters)
        out += " " + parameter;
    return out;
}

fs::path unused(const fs::path& wanted) {
    fs::path candidate = wanted;
    std::error_code ignored;
    for (unsigned n = 2; fs::exists(candidate / "metadata", ignored); n++)
        candidate = wanted.string() + "-" + std::to_string(n);
    return candidate;
}

fs::path default_gate_plugin() {
    std::error_code ignored;
    fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "gate.so";
    return fs::exists(beside, ignored) ? beside : fs::path();
}

Run::Run(const Options& options, bool with_gate, u64 granted, model::Store& store)
    : store_(store)
    , image_(options.kernel)
    , machine_(image_, machine_options(options, with_gate, granted))
    , loader_(store)
    , writer_(record_directory(options), manifest(options, machine_))
    , rings_(image_.symbol("trace_rings").value_or(0))
    , harts_(options.harts) {
    loader_.on_packet([this](const load::Packet& packet) { writer_.write(packet); });
}

Run::~Run() {
    finish();
}

bool Run::collect() {
    std::string console = machine_.take_console();
    console_ += console;
    bool got = !console.empty();
    // Bounded, so that a frame is drawn in between however much comes.
    constexpr unsigned most = 8;
    for (unsigned i = 0; i < most; i++) {
        std::string events = machine_.take_events();
        if (events.empty())
            break;
        loader_.feed(bytes_of(events));
        got = true;
    }
    if (got)
        loader_.append_live();
    return got;
}

void Run::collect_all() {
    while (collect()) {
    }
    feed_memory(false);
    loader_.append_everything();
}

void Run::feed_memory(bool as_packets) {
    for (unsigned hart = 0; hart < harts_; hart++) {
        std::optional<OpenPacket> open = read_open_packet(machine_, rings_, hart);
        auto id = static_cast<trace::HartId>(hart);
        if (!open || open->records.empty() || loader_.has(id, open->header.sequence))
            continue;
        if (!as_packets) {
            loader_.feed_open(id, open->header.sequence, open->records);
            continue;
        }
        std::string bytes(reinterpret_cast<const char*>(&open->header), sizeof open->header);
        bytes.append(reinterpret_cast<const char*>(open->records.data()),
                     open->records.size() * sizeof(trace::Record));
        loader_.feed(load::Packet{open->header, bytes_of(bytes), 0});
    }
}

void Run::finish() {
    if (finished_)
        return;
    finished_ = true;
    machine_.process().kill();
    while (collect()) {
    }
    feed_memory(true);
    loader_.finish();
}

} // namespace session
