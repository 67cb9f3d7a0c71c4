// SPDX-License-Identifier: BSD-2-Clause
#include "explore/recording.hpp"

#include "arch/machine.hpp"
#include "load/build_id.hpp"
#include "load/trace_writer.hpp"
#include "trace/events.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fmt/chrono.h>
#include <stdexcept>

namespace explore {

namespace {

/// The events of one hart, cut into packets as the kernel would have.
class Packer {
public:
    Packer(load::TraceWriter& writer, u32 hart)
        : writer_(writer)
        , hart_(hart) {}
    void add(const trace::Record& record) {
        records_.push_back(record);
        if (records_.size() == trace::packet_records)
            flush();
    }
    void flush() {
        if (records_.empty())
            return;
        usize size = sizeof(trace::PacketHeader) + records_.size() * sizeof(trace::Record);
        trace::PacketHeader header{.magic = trace::packet_magic,
                                   .uuid = {},
                                   .stream_id = 0,
                                   .stamp_begin = records_.front().stamp,
                                   .stamp_end = records_.back().stamp,
                                   .content_bits = size * 8,
                                   .packet_bits = size * 8,
                                   .sequence = sequence_++,
                                   .events_discarded = 0,
                                   .cpu_id = hart_,
                                   .schema = static_cast<u32>(trace::schema)};
        std::copy(std::begin(trace::trace_uuid), std::end(trace::trace_uuid), header.uuid);
        std::vector<std::byte> bytes(size);
        std::memcpy(bytes.data(), &header, sizeof header);
        std::memcpy(bytes.data() + sizeof header, records_.data(), size - sizeof header);
        writer_.write({header, bytes, 0});
        records_.clear();
    }

private:
    load::TraceWriter& writer_;
    u32 hart_;
    u64 sequence_ = 0;
    std::vector<trace::Record> records_;
};

} // namespace

void write_trace(const std::filesystem::path& directory, const Subject& subject,
                 const load::Finding& finding, const std::vector<Recorded>& events) {
    load::Manifest manifest;
    manifest.image = std::filesystem::read_symlink("/proc/self/exe").string();
    manifest.image_hash = load::file_hash(manifest.image);
    manifest.build_id = load::build_id(manifest.image);
    manifest.parameters = subject.arguments;
    manifest.started = fmt::format("{:%FT%TZ}", std::chrono::system_clock::now());
    manifest.schema = trace::schema;
    manifest.timebase = arch::timebase();
    manifest.harts = subject.harts;
    manifest.finding = finding;
    load::TraceWriter writer(directory, manifest);
    for (u32 hart = 0; hart < subject.harts; hart++) {
        Packer packer(writer, hart);
        for (const Recorded& event : events)
            if (event.hart == hart)
                packer.add(event.record);
        packer.flush();
    }
    if (!writer.error().empty())
        throw std::runtime_error(writer.error());
}

} // namespace explore
