// SPDX-License-Identifier: BSD-2-Clause
#include "session/watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

namespace session {

FileWatch::FileWatch(const std::vector<std::filesystem::path>& files) {
    if (files.empty())
        return;
    inotify_ = Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    for (const std::filesystem::path& file : files) {
        std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
        int id = inotify_add_watch(inotify_.number(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
        if (id >= 0)
            names_[id].insert(file.filename().string());
    }
}

bool FileWatch::saved() {
    alignas(inotify_event) char buffer[4096];
    bool found = false;
    for (;;) {
        ssize_t got = inotify_.open() ? read(inotify_.number(), buffer, sizeof buffer) : 0;
        if (got <= 0)
            return found;
        for (ssize_t at = 0; at < got;) {
            auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            auto folder = names_.find(event->wd);
            if (event->len != 0 && folder != names_.end())
                found = found || folder->second.contains(event->name);
            at += static_cast<ssize_t>(sizeof *event + event->len);
        }
    }
}

} // namespace session
