// SPDX-License-Identifier: BSD-2-Clause
#include "csr.hpp"
#include "platform.hpp"
#include "sbi.hpp"

namespace arch {

u64 timebase() {
    return platform.timebase;
}

void set_deadline(u64 deadline) {
    if (platform.has_sstc)
        csr::write_stimecmp(deadline);
    else
        sbi::set_timer(deadline);
}

} // namespace arch
