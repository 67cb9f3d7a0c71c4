// SPDX-License-Identifier: BSD-2-Clause
// A long random story, legal at every step: what a busy machine would emit. The same seed and
// parameters give the same events everywhere. For property tests, benchmarks and views at scale.
//
//   model::Store store;
//   Generator(4, 1, into(store)).run(1'000'000);
#pragma once

#include "model/builder.hpp"

namespace model_test {

/// Random numbers that are the same with every library (splitmix64).
class Random {
public:
    explicit Random(u64 seed)
        : state_(seed) {}
    u64 next() {
        u64 z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    u64 below(u64 limit) { return next() % limit; }
    bool one_in(u64 chances) { return below(chances) == 0; }

private:
    u64 state_;
};

class Generator {
public:
    Generator(unsigned harts, u64 seed, Sink sink, unsigned threads_per_hart = 6);

    /// Goes on until at least this many events have been emitted in all.
    void run(u64 events);

private:
    void step(unsigned hart);
    void thread_step(unsigned hart);
    void handler_step(unsigned hart);
    void interrupt_somehow(unsigned hart);
    bool try_locks(unsigned hart);
    LockId any_lock() { return locks_[random_.below(locks_.size())]; }
    ChannelId any_channel() { return channels_[random_.below(channels_.size())]; }

    u64 emitted_ = 0;
    Random random_;
    Builder machine_;
    std::vector<LockId> locks_;
    std::vector<ChannelId> channels_;
    std::vector<std::vector<LineId>> lines_; // per hart
    std::vector<SoftintId> softints_;        // one per hart
    std::vector<CalloutId> callouts_;        // one per hart
    TextId chapter_{};
};

} // namespace model_test
