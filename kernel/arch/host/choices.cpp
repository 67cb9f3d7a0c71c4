// SPDX-License-Identifier: BSD-2-Clause
#include "choices.hpp"

namespace arch::host {

unsigned RandomChoices::pick(const Point& point) {
    if (point.count == 1 || next() % calm_ != 0)
        return 0;
    return static_cast<unsigned>(next() % point.count);
}

u64 RandomChoices::next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ >> 11;
}

} // namespace arch::host
