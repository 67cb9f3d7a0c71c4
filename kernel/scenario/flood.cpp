// SPDX-License-Identifier: BSD-2-Clause
// As many events as the kernel can make, of which a reader can see whether one is missing: every
// acquisition of the mutex must be followed by its release. For measuring the way to the host, and
// for tests of what happens when the reader does not keep up.
#include "scenario/scenario.hpp"
#include "sync/mutex.hpp"
#include "trace/emit.hpp"
#include "trace/names.hpp"

namespace scenario {

namespace {

constexpr u32 rounds = times(50'000, 500); // two events each

constinit sync::Mutex mutex;

} // namespace

void flood() {
    mutex.init("flood");
    phase("as many events as there can be");
    u64 start = arch::now();
    for (u32 i = 0; i < rounds; i++) {
        mutex.enter();
        mutex.exit();
    }
    trace::record(
        trace::Mark{.text = trace::text("ticks for 100000 events"), .value = arch::now() - start});
}

} // namespace scenario
