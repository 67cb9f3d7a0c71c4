// SPDX-License-Identifier: BSD-2-Clause
#include "session/tail.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace session {

std::string Tail::take() {
    constexpr u64 piece = 1024 * 1024;
    struct stat facts;
    if (fstat(file_.number(), &facts) != 0 || static_cast<u64>(facts.st_size) <= read_)
        return {};
    std::string bytes(std::min(piece, static_cast<u64>(facts.st_size) - read_), '\0');
    ssize_t got = pread(file_.number(), bytes.data(), bytes.size(), static_cast<off_t>(read_));
    bytes.resize(static_cast<usize>(std::max<ssize_t>(got, 0)));
    read_ += bytes.size();

    // What has been read need not stay in memory: long runs would fill it.
    u64 whole = read_ / piece * piece;
    if (whole > freed_
        && fallocate(file_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                     static_cast<off_t>(freed_), static_cast<off_t>(whole - freed_))
               == 0)
        freed_ = whole;
    return bytes;
}

} // namespace session
