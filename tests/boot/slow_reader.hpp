// SPDX-License-Identifier: BSD-2-Clause
// A reader of the events port who looks elsewhere first: a socket that is not read for a while.
#pragma once

#include "boot/listener.hpp"

#include <string>
#include <thread>
#include <vector>

namespace boot_test {

class SlowReader {
public:
    SlowReader();
    ~SlowReader();
    SlowReader(const SlowReader&) = delete;
    SlowReader& operator=(const SlowReader&) = delete;

    /// QEMU's options that connect it as port `events`.
    [[nodiscard]] std::vector<std::string> options() const;
    /// After the run: everything that came.
    [[nodiscard]] std::string finish();

private:
    void read();

    Listener listener_;
    std::string bytes_;
    std::thread thread_;
};

} // namespace boot_test
