// SPDX-License-Identifier: BSD-2-Clause
// In a race finder without a lab nobody knows what is right (Makefile).
#include "grader/check.hpp"

namespace grader {

std::vector<Check> checks() {
    return {};
}

} // namespace grader
