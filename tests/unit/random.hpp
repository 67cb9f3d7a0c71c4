// SPDX-License-Identifier: BSD-2-Clause
// Numbers that depend on the seed and on how many were drawn, for workloads.
#pragma once

#include "lib/types.hpp"

namespace simulated {

class Random {
public:
    explicit Random(u64 seed)
        : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
    unsigned below(unsigned bound) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<unsigned>((state_ >> 32) % bound);
    }

private:
    u64 state_;
};

} // namespace simulated
