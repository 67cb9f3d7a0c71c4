// SPDX-License-Identifier: BSD-2-Clause
// A Unix socket in a folder of its own, that QEMU connects one of its ports to.
#pragma once

#include <string>

namespace boot_test {

/// Waits, bounded, until there is something to read or to accept. False if there never is.
[[nodiscard]] bool readable(int descriptor);

class Listener {
public:
    Listener();
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] std::string path() const { return folder_ + "/port"; }
    /// Waits until QEMU has connected; the caller closes the result. -1 if it never does.
    [[nodiscard]] int accept() const;

private:
    std::string folder_;
    int descriptor_ = -1;
};

} // namespace boot_test
