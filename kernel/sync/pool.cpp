// SPDX-License-Identifier: BSD-2-Clause
#include "sync/pool.hpp"

#include "hart/panic.hpp"

namespace sync {

void Pool::init(const char* name, void* memory, usize size, unsigned count) {
    ASSERT(size > 0);
    ASSERT(count > 0 && count <= max_items);

    waiters_.init(name);
    memory_ = static_cast<u8*>(memory);
    size_ = size;
    count_ = available_ = count;
}

void Pool::destroy() {
    waiters_.assert_ready("pool_destroy");
    if (available_ != count_)
        hart::panic("pool_destroy of ", waiters_.name(), ", of which ", count_ - available_,
                    " items are out");
    waiters_.retire("pool_destroy");
}

void* Pool::take_one() {
    for (unsigned item = 0; item < count_; item++) {
        u64 bit = u64{1} << item % 64;
        if ((out_[item / 64] & bit) != 0)
            continue;
        out_[item / 64] |= bit;
        available_--;
        return memory_ + item * size_;
    }
    return nullptr;
}

void* Pool::get(Wait wait) {
    waiters_.assert_ready("pool_get");
    if (wait == Wait::ok)
        sched::assert_sleepable("pool_get(PR_WAITOK)");
    hart::SpinGuard guard(sched::lock);
    if (wait == Wait::ok)
        while (available_ == 0)
            static_cast<void>(waiters_.sleep("pool_get(PR_WAITOK)"));
    return available_ == 0 ? nullptr : take_one();
}

void Pool::put(void* item) {
    waiters_.assert_ready("pool_put");
    usize offset = reinterpret_cast<usize>(item) - reinterpret_cast<usize>(memory_);
    usize number = offset / size_;
    if (number >= count_ || offset % size_ != 0)
        hart::panic("pool_put to ", waiters_.name(), ", by ", sched::current().name,
                    ", of what is none of its items");
    u64 bit = u64{1} << number % 64;

    hart::SpinGuard guard(sched::lock);
    if ((out_[number / 64] & bit) == 0)
        hart::panic("pool_put to ", waiters_.name(), ", by ", sched::current().name, ", of item ",
                    number, ", which is not out");
    out_[number / 64] &= ~bit;
    available_++;
    static_cast<void>(waiters_.wake_one(trace::WakeReason::signalled));
}

} // namespace sync
