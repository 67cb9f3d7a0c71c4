// SPDX-License-Identifier: BSD-2-Clause
// Packs records as the kernel does: a packet per hart, sealed when full; and a stream of them.
#pragma once

#include "load/packet.hpp"
#include "model/builder.hpp"

#include <array>
#include <filesystem>

namespace model_test {

class Packer {
public:
    explicit Packer(usize records_per_packet = trace::packet_records)
        : limit_(records_per_packet) {}

    void add(const Record& record, HartId hart);
    /// Seals the open packet of a hart, even if it is empty.
    void seal(unsigned hart);
    void seal_all();
    /// The kernel drops `events` events before the open packet's next one.
    void discard(unsigned hart, u64 events) { open_[hart].discarded += events; }
    /// A packet is lost on the way.
    void lose_next(unsigned hart) { open_[hart].sequence++; }

    /// The bytes of all sealed packets, in the order of sealing.
    [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }
    [[nodiscard]] load::Bytes packet(usize index) const {
        return load::Bytes(bytes_).subspan(starts_[index], end_of(index) - starts_[index]);
    }
    [[nodiscard]] usize packets() const { return starts_.size(); }
    [[nodiscard]] const std::vector<Record>& open_records(unsigned hart) const {
        return open_[hart].records;
    }
    [[nodiscard]] u64 open_sequence(unsigned hart) const { return open_[hart].sequence; }

    Sink sink() {
        return [this](const Record& record, HartId hart) { add(record, hart); };
    }

private:
    struct Open {
        std::vector<Record> records;
        u64 sequence = 0, discarded = 0;
        bool used = false;
    };
    [[nodiscard]] usize end_of(usize index) const {
        return index + 1 < starts_.size() ? starts_[index + 1] : bytes_.size();
    }

    usize limit_;
    std::array<Open, model::max_harts> open_;
    std::vector<std::byte> bytes_;
    std::vector<usize> starts_;
    u64 stamp_ = 0;
};

/// A directory of its own for the time of a test.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::string_view text);

} // namespace model_test
