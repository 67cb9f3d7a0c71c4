// SPDX-License-Identifier: BSD-2-Clause
#include "load/trace_writer.hpp"

#include "load/metadata.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace load {

namespace fs = std::filesystem;

namespace {

// One write, gone on with only where a signal or the system cut it short.
bool write_all(int descriptor, Bytes bytes) {
    while (!bytes.empty()) {
        ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes.subspan(static_cast<usize>(written));
    }
    return true;
}

} // namespace

TraceWriter::TraceWriter(const fs::path& directory, const Manifest& manifest)
    : directory_(directory) {
    std::error_code failure;
    fs::create_directories(directory_, failure);
    if (failure) {
        error_ = fmt::format("cannot make the directory {}: {}; choose another one to record into",
                             directory_.string(), failure.message());
    } else if (fs::exists(directory_ / "metadata", failure)) {
        error_ =
            fmt::format("{} has a trace already; it is kept, choose another directory to record "
                        "into",
                        directory_.string());
    } else if (write_text("metadata", ctf_metadata(manifest.timebase))) {
        write_text(manifest_name, to_json(manifest));
    }
}

TraceWriter::~TraceWriter() {
    for (const File& file : files_)
        if (file.descriptor >= 0)
            ::close(file.descriptor);
}

void TraceWriter::fail(const fs::path& path, int error) {
    error_ =
        fmt::format("recording stopped, because {} could not be written: {}; the {} packets before "
                    "are kept and can be opened. Make room and record again",
                    path.string(), std::strerror(error), packets_);
}

bool TraceWriter::open_file(File& file, const fs::path& path) {
    file.descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file.descriptor < 0)
        fail(path, errno);
    return file.descriptor >= 0;
}

bool TraceWriter::write_text(const char* name, const std::string& text) {
    File file;
    fs::path path = directory_ / name;
    if (!open_file(file, path))
        return false;
    bool written = write_all(file.descriptor, std::as_bytes(std::span(text)));
    if (!written)
        fail(path, errno);
    ::close(file.descriptor);
    return written;
}

void TraceWriter::write(const Packet& packet) {
    if (!error_.empty())
        return;
    File& file = files_[packet.header.cpu_id];
    fs::path path = directory_ / fmt::format("hart{}", packet.header.cpu_id);
    if (file.descriptor < 0 && !open_file(file, path))
        return;
    if (!write_all(file.descriptor, packet.bytes)) {
        fail(path, errno);
        // Readers refuse a file that ends in half a packet.
        if (::ftruncate(file.descriptor, static_cast<off_t>(file.size)) != 0)
            error_ +=
                " (the last, incomplete packet could not be removed: interlude leaves it out)";
        return;
    }
    file.size += packet.bytes.size();
    packets_++;
}

} // namespace load
