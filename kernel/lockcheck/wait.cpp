// SPDX-License-Identifier: BSD-2-Clause
// Who waits for whom.
#include "lockcheck/held.hpp"

namespace lockcheck {

void begin_waiting(const Record& record, Site site) {
    Holdings& own = own_holdings();
    own.wait_number++;
    own.wait_site = site;
    own.waits_for = &record;
}

void end_waiting() {
    own_holdings().waits_for = nullptr;
}

} // namespace lockcheck
