// SPDX-License-Identifier: BSD-2-Clause
#include "model/generator.hpp"

namespace model_test {

Generator::Generator(unsigned harts, u64 seed, Sink sink, unsigned threads_per_hart)
    : random_(seed)
    , machine_(harts, [this, sink = std::move(sink)](const Record& record, HartId hart) {
        emitted_++;
        sink(record, hart);
    }) {
    auto numbered = [](const char* what, unsigned number) {
        return std::string(what) + '/' + std::to_string(number);
    };
    for (unsigned i = 0; i < 8; i++) {
        locks_.push_back(machine_.init_lock(numbered("mutex", i)));
        channels_.push_back(machine_.init_channel(numbered("queue", i)));
    }
    chapter_ = machine_.text("another thousand steps");
    for (unsigned h = 0; h < harts; h++) {
        lines_.push_back({machine_.attach(numbered("uart", h), 8, h),
                          machine_.attach(numbered("disk", h), 5, h)});
        softints_.push_back(machine_.establish(numbered("net", h), 3, h));
        callouts_.push_back(machine_.init_callout(numbered("callout", h)));
        for (unsigned i = 0; i < threads_per_hart; i++) {
            auto priority = static_cast<Priority>(64 + random_.below(64));
            machine_.start(machine_.create(numbered("thread", h * threads_per_hart + i),
                                           LwpKind::kernel, priority, h));
        }
    }
}

void Generator::run(u64 events) {
    for (u64 steps = 0; emitted_ < events; steps++) {
        if (steps % 1000 == 999)
            machine_.emit(0, Phase{.text = chapter_});
        machine_.advance(random_.below(40));
        step(static_cast<unsigned>(random_.below(machine_.hart_count())));
    }
}

void Generator::step(unsigned hart) {
    LwpId current = machine_.current(hart);
    // Who was woken from a turnstile tries for the lock first of all.
    if (LockId wanted = machine_.waits_for(current); wanted != LockId::none) {
        machine_.acquire(hart, wanted);
        return;
    }
    if (!machine_.borrows(hart) && random_.one_in(2))
        machine_.resched(hart);
    else if (random_.one_in(6))
        interrupt_somehow(hart);
    else if (machine_.kind(current) == LwpKind::kernel)
        thread_step(hart);
    else if (machine_.kind(current) != LwpKind::idle)
        handler_step(hart);
}

void Generator::interrupt_somehow(unsigned hart) {
    LwpId current = machine_.current(hart);
    LineId line = lines_[hart][random_.below(lines_[hart].size())];
    Level level = line == lines_[hart][0] ? 8 : 5;
    if (random_.one_in(4))
        machine_.timer(hart);
    else if (level > machine_.level_of(current))
        machine_.interrupt(hart, line);
}

// Takes or gives a lock; false if it did neither.
bool Generator::try_locks(unsigned hart) {
    bool holds = machine_.held(machine_.current(hart)) != LockId::none;
    if (holds && random_.one_in(2)) {
        machine_.release(hart);
        return true;
    }
    if (!holds && random_.one_in(4)) {
        machine_.acquire(hart, any_lock());
        return true;
    }
    return false;
}

void Generator::thread_step(unsigned hart) {
    if (try_locks(hart))
        return;
    ChannelId channel = any_channel();
    if (machine_.is_pending(softints_[hart]))
        machine_.enter_softint(hart, softints_[hart]);
    else if (machine_.has_sleepers(channel) && random_.one_in(2))
        machine_.wake(hart, channel);
    else if (machine_.held(machine_.current(hart)) == LockId::none && random_.one_in(8))
        machine_.sleep(hart, channel);
    else if (random_.one_in(8))
        machine_.yield(hart);
}

void Generator::handler_step(unsigned hart) {
    LwpId handler = machine_.current(hart);
    if (try_locks(hart) || machine_.held(handler) != LockId::none)
        return;
    if (ChannelId channel = any_channel(); machine_.has_sleepers(channel) && random_.one_in(3))
        machine_.wake(hart, channel);
    else if (machine_.kind(handler) == LwpKind::softint && random_.one_in(2)) {
        machine_.reset_callout(hart, callouts_[hart], random_.below(1000));
        machine_.run_callout(hart, callouts_[hart]);
    } else if (machine_.kind(handler) == LwpKind::softint) {
        machine_.finish_softint(hart);
    } else if (random_.one_in(3)) {
        machine_.schedule(hart, softints_[hart]);
    } else {
        machine_.finish_interrupt(hart);
    }
}

} // namespace model_test
