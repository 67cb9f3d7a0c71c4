// SPDX-License-Identifier: BSD-2-Clause
// Notices when one of a few files has been saved.
//
// Editors save in two ways: they write the file, or they write another one and rename it. So the
// folders are watched, for both.
#pragma once

#include "session/descriptor.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace session {

class FileWatch {
public:
    FileWatch() = default;
    explicit FileWatch(const std::vector<std::filesystem::path>& files);

    /// True if a file was saved since the last call.
    [[nodiscard]] bool saved();
    /// Readable when saved() has something to look at.
    [[nodiscard]] int ready() const { return inotify_.number(); }

private:
    Descriptor inotify_;
    std::map<int, std::set<std::string>> names_; // by watched folder
};

} // namespace session
