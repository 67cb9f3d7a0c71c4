// SPDX-License-Identifier: BSD-2-Clause
// Opens a trace directory into a store.
//
//   TraceReader reader(directory, store);
//   while (reader.step()) …                    // a window draws progress() in between
//   if (!reader.error().empty()) …             // one sentence with the next step
//
// It reads the files of all harts in turn, always the hart's that the others wait for, so it holds
// only what lies between the harts' packets, however long the trace is. A file that ends in the
// middle of a packet opens up to there, and the store has a problem that says so.
#pragma once

#include "load/loader.hpp"
#include "load/manifest.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace load {

class TraceReader {
public:
    TraceReader(const std::filesystem::path& directory, model::Store& store);

    /// Reads on, about `bytes`. False when there is nothing more to do, or after an error.
    bool step(usize bytes = 1 << 20);
    /// All of it. False after an error.
    bool read_all();

    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const Manifest& manifest() const { return manifest_; }
    [[nodiscard]] double progress() const; // 0 … 1

private:
    struct File {
        std::ifstream in;
        PacketScanner scanner;
        u64 last_stamp = 0; // of the newest packet
        bool open = false;
    };

    bool check_directory();
    bool check_metadata();
    void open_files();
    unsigned hart_to_read() const;
    usize read_some(unsigned hart);
    void finish();

    std::filesystem::path directory_;
    model::Store& store_;
    Loader loader_;
    Manifest manifest_;
    std::array<File, model::max_harts> files_;
    unsigned files_open_ = 0;
    u64 total_ = 0, read_ = 0;
    std::vector<std::byte> block_;
    std::string error_;
    bool done_ = false;
};

} // namespace load
