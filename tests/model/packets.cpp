// SPDX-License-Identifier: BSD-2-Clause
#include "model/packets.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace model_test {

void Packer::add(const Record& record, HartId hart) {
    Open& open = open_[static_cast<usize>(hart)];
    open.used = true;
    open.records.push_back(record);
    stamp_ = record.stamp;
    if (open.records.size() == limit_)
        seal(static_cast<unsigned>(hart));
}

void Packer::seal(unsigned hart) {
    Open& open = open_[hart];
    PacketHeader header{};
    header.magic = packet_magic;
    std::memcpy(header.uuid, trace_uuid, sizeof header.uuid);
    bool empty = open.records.empty();
    header.stamp_begin = empty ? stamp_ : open.records.front().stamp;
    header.stamp_end = empty ? stamp_ : open.records.back().stamp;
    usize size = sizeof header + open.records.size() * sizeof(Record);
    header.content_bits = header.packet_bits = size * 8;
    header.sequence = open.sequence++;
    header.events_discarded = open.discarded;
    header.cpu_id = hart;
    header.schema = static_cast<u32>(schema);
    starts_.push_back(bytes_.size());
    bytes_.resize(bytes_.size() + size);
    std::byte* at = bytes_.data() + starts_.back();
    std::memcpy(at, &header, sizeof header);
    if (!empty)
        std::memcpy(at + sizeof header, open.records.data(), size - sizeof header);
    open.records.clear();
}

void Packer::seal_all() {
    for (unsigned h = 0; h < model::max_harts; h++)
        if (open_[h].used)
            seal(h);
}

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "interlude-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void write_file(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

} // namespace model_test
