// SPDX-License-Identifier: BSD-2-Clause
#include "hart/hart.hpp"

#include "hart/ipl.hpp"
#include "hart/model.hpp"
#include "hart/mutation.hpp"
#include "hart/panic.hpp"
#include "hart/preempt.hpp"
#include "trace/emit.hpp"

namespace hart {

constinit Hart harts[arch::max_harts];
constinit unsigned hart_count = 1;
constinit Mutation mutation = Mutation::none;
constinit Interrupts interrupts;

LevelGuard::LevelGuard(u8 level)
    : before_(arch::current().level) {
    ASSERT(level < ipl::clock); // the timer and IPIs take a spin mutex to keep out

    if (level > before_) {
        arch::self().level = level;
        trace::record(trace::SplRaise{.from = before_, .to = level});
    }
}

LevelGuard::~LevelGuard() {
    u8 now = arch::current().level;
    if (now == before_)
        return;
    arch::self().level = before_;
    trace::record(trace::SplLower{.from = now, .to = before_});
    pay_debts();
}

} // namespace hart
