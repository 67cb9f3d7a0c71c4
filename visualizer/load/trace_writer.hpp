// SPDX-License-Identifier: BSD-2-Clause
// Writes a trace directory while the run goes on.
//
//   runs/2026-01-01-tour/  metadata        CTF text: babeltrace2 and Trace Compass read the
//   directory
//                          hart0, hart1 …  the kernel's packets, byte for byte
//                          .manifest.json  see manifest.hpp
//
// Rules
//   - Only whole packets are appended, each with one write, so the directory is a valid trace at
//     any moment, whatever happens to this process.
//   - The first failure (disk full) ends the recording; a packet that was written in part is cut
//     off again. error() says what happened, and what was recorded stays.
#pragma once

#include "load/manifest.hpp"
#include "load/packet.hpp"
#include "model/state.hpp"

#include <array>
#include <filesystem>
#include <string>

namespace load {

class TraceWriter {
public:
    /// Makes the directory, its metadata and its manifest. Refuses a directory that has files.
    TraceWriter(const std::filesystem::path& directory, const Manifest& manifest);
    ~TraceWriter();
    TraceWriter(const TraceWriter&) = delete;
    TraceWriter& operator=(const TraceWriter&) = delete;

    void write(const Packet& packet);

    /// One sentence with the next step, or empty while all is well.
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
    [[nodiscard]] u64 packets() const { return packets_; }

private:
    struct File {
        int descriptor = -1;
        u64 size = 0;
    };

    bool write_text(const char* name, const std::string& text);
    bool open_file(File& file, const std::filesystem::path& path);
    void fail(const std::filesystem::path& path, int error);

    std::filesystem::path directory_;
    std::array<File, model::max_harts> files_;
    std::string error_;
    u64 packets_ = 0;
};

} // namespace load
