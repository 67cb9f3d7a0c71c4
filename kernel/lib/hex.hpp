// SPDX-License-Identifier: BSD-2-Clause
// A number as hexadecimal text: line.add(Hex(address).text()).
#pragma once

#include "lib/types.hpp"

namespace lib {

class Hex {
public:
    constexpr explicit Hex(u64 number) {
        char* at = text_ + sizeof text_ - 1;
        do {
            *--at = "0123456789abcdef"[number % 16];
            number /= 16;
        } while (number != 0);
        *--at = 'x';
        *--at = '0';
        start_ = at - text_;
    }
    [[nodiscard]] constexpr const char* text() const { return text_ + start_; }

private:
    char text_[sizeof "0x0123456789abcdef"] = {};
    usize start_;
};

} // namespace lib
