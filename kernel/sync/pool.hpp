// SPDX-License-Identifier: BSD-2-Clause
// A pool (pool(9)): items of one size, a fixed number of them, in memory that the caller brings.
//
//   packets.init("packets", memory, sizeof(Packet), 32);
//   auto* packet = static_cast<Packet*>(packets.get(sync::Pool::Wait::no));     null: none is left
//
// It keeps no list inside the items: a bit per item says whether it is out. So an item that is
// written to after it was put back harms nobody but its next owner, and an item that is put back
// twice, or was never from here, is caught.
//
// Rules
//   - get(Wait::ok): ordinary LWPs, no spin mutex held. From a handler it panics, naming primitive
//     and handler, even when there are items (S2.20, S3.17: it appears to work until it does not).
//   - get(Wait::no), put(): any context in which sched::lock may be taken.
//   - The memory lives as long as the pool.
//   - The lock checker does not know it, for the reasons in semaphore.hpp.
// Read next: pool.cpp
#pragma once

#include "sched/sleep_queue.hpp"

namespace sync {

class Pool {
public:
    enum class Wait : bool { no, ok };
    static constexpr unsigned max_items = 256;

    constexpr Pool() = default;

    /// pool_init(9). Once, before first use; `count` items of `size` bytes lie in `memory`.
    void init(const char* name, void* memory, usize size, unsigned count);
    /// pool_destroy(9). All items are back, nobody waits.
    void destroy();

    /// pool_get(9). PR_WAITOK sleeps until there is an item; PR_NOWAIT returns null.
    [[nodiscard]] void* get(Wait wait);
    /// pool_put(9). Wakes one who waits.
    void put(void* item);

    /// Items that are not out. A glance.
    [[nodiscard]] unsigned available() const { return available_; }

private:
    void* take_one();

    sched::SleepQueue waiters_;
    u8* memory_ = nullptr;
    usize size_ = 0;
    unsigned count_ = 0;
    // Protected by sched::lock:
    unsigned available_ = 0;
    u64 out_[max_items / 64] = {};
};

} // namespace sync
