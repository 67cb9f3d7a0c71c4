// SPDX-License-Identifier: BSD-2-Clause
#include "monitor/monitor.hpp"

#include "callout/callout.hpp"
#include "callout/clock.hpp"
#include "irq/irq.hpp"
#include "irq/softint.hpp"
#include "sched/sched.hpp"
#include "sched/sleep_queue.hpp"
#include "sync/turnstile.hpp"
#include "trace/words.hpp"

#include <string_view>

namespace monitor {

namespace {

using hart::SpinGuard;
using lib::Line;
using sched::Lwp;

struct Command {
    const char* name;
    const char* what;
    void (*run)(Print print);
};

/// What an LWP waits for, or serves, or nothing.
void add_reason(Line& line, const Lwp& lwp) {
    if (lwp.blocked_in != nullptr)
        line.add("on ", lwp.blocked_in->lock->name);
    else if (lwp.sleeps_on != nullptr)
        line.add("on ", lwp.sleeps_on->name());
    else if (lwp.victim != nullptr)
        line.add("on top of ", static_cast<const char*>(lwp.victim->name));
    else if (lwp.serving != nullptr && lwp.is_handler())
        line.add("serves ", lwp.serving);
}

void ps(Print print) {
    Line head;
    head.add(" id  name");
    head.pad_to(24);
    head.add("state     hart  own inherited  switches");
    print(head);
    for (unsigned id = 1; id <= sched::max_lwps; id++) {
        Line line;
        {
            SpinGuard guard(sched::lock);
            const Lwp& lwp = sched::lwp(id);
            if (!lwp.exists())
                continue;
            line.add(id < 100 ? " " : "", id < 10 ? " " : "", id, "  ",
                     static_cast<const char*>(lwp.name));
            line.pad_to(24);
            line.add(trace::word(lwp.state.peek()));
            line.pad_to(34);
            line.add(lwp.current.hart, lwp.bound() ? "!" : "");
            line.pad_to(40);
            line.add(lwp.own);
            line.pad_to(44);
            line.add(lwp.inherited);
            line.pad_to(55);
            line.add(lwp.switches);
            line.pad_to(64);
            add_reason(line, lwp);
        }
        print(line);
    }
}

void runq(Print print) {
    for (unsigned number = 0; number < hart::hart_count; number++) {
        Line line;
        {
            SpinGuard guard(sched::lock);
            const sched::Local& local = sched::locals[number];
            line.add("hart ", number, ": runs ", static_cast<const char*>(local.onproc->name), " (",
                     local.onproc->effective(), "), ready:");
            if (local.queue.empty())
                line.add(" nobody");
            local.queue.for_each([&](const Lwp& lwp) {
                line.add(" ", static_cast<const char*>(lwp.name), " (", lwp.effective(), ")");
            });
        }
        print(line);
    }
}

/// Prints one line for each object that `find(index, line)` describes, until it returns false. The
/// lock is given back between two lines, so that printing never holds up the kernel.
void print_each(Print print, const char* if_none, auto&& find) {
    bool any = false;
    for (unsigned index = 0;; index++) {
        Line line;
        bool more;
        {
            SpinGuard guard(sched::lock);
            more = find(index, line);
        }
        if (!more)
            break;
        if (line.size() != 0) {
            print(line);
            any = true;
        }
    }
    if (!any) {
        Line line;
        line.add(if_none);
        print(line);
    }
}

void sleepq(Print print) {
    print_each(print, "nobody sleeps", [](unsigned index, Line& line) {
        bool found = false;
        unsigned at = 0;
        sched::SleepQueue::for_each([&](const sched::SleepQueue& queue) {
            if (at++ != index)
                return;
            found = true;
            if (queue.empty())
                return;
            line.add(queue.name(), ":");
            queue.for_each_sleeper(
                [&](const Lwp& lwp) { line.add(" ", static_cast<const char*>(lwp.name)); });
        });
        return found;
    });
}

void turnstile(Print print) {
    print_each(print, "no lock is waited for", [](unsigned index, Line& line) {
        bool found = false;
        unsigned at = 0;
        sync::for_each_lock([&](const sync::Lock& lock) {
            if (at++ != index)
                return;
            found = true;
            const sync::Turnstile* room = lock.turnstile;
            if (room == nullptr)
                return;
            line.add(lock.name, ": ");
            if (room->owner != nullptr)
                line.add("held by ", static_cast<const char*>(room->owner->name), " (lent ",
                         room->lent, "), ");
            line.add("waiting:");
            for (const Lwp* lwp = room->waiters.front(); lwp != nullptr;
                 lwp = sync::Turnstile::Waiters::next(*lwp))
                line.add(" ", static_cast<const char*>(lwp->name), " (", lwp->effective(), ")");
        });
        return found;
    });
}

/// The pending callout number `index` of an executor's wheel, in the wheel's order.
bool describe_callout(callout::Clock& clock, const callout::Executor& executor, unsigned index,
                      Line& line) {
    SpinGuard guard(clock.lock);
    bool found = false;
    unsigned at = 0;
    executor.wheel.for_each([&](const callout::Entry& entry) {
        if (at++ != index)
            return;
        found = true;
        const auto& pending = callout::Callout::of(entry);
        line.add("  ", pending.name(), " due at ", pending.due_at(), " (in ",
                 static_cast<i64>(pending.due_at() - clock.now()), "), level ", entry.level,
                 ", bucket ", entry.bucket);
        if (pending.lock().any())
            line.add(", with ", pending.lock().name());
    });
    return found;
}

/// What an executor has done so far, and what it is in the middle of.
void describe_executor(callout::Clock& clock, const callout::Executor& executor, unsigned number,
                       Line& line) {
    SpinGuard guard(clock.lock);
    const callout::Executor::Counts& counts = executor.counts;
    line.add("hart ", number, ", ",
             executor.speed == callout::Speed::fast ? "timer interrupt" : "softclock", ": tick ",
             clock.now(), ", ", counts.runs, " run so far, ", counts.late, " late, ",
             counts.skipped, " called off, ", counts.slow, " too slow");
    if (executor.name != nullptr)
        line.add(", running ", executor.name, executor.awaited ? ", which is waited for" : "");
}

void callouts(Print print) {
    for (unsigned number = 0; number < hart::hart_count; number++) {
        callout::Clock& clock = callout::clocks[number];
        for (const callout::Executor* executor : {&clock.slow, &clock.fast}) {
            Line head;
            describe_executor(clock, *executor, number, head);
            print(head);
            for (unsigned index = 0;; index++) {
                Line line;
                if (!describe_callout(clock, *executor, index, line))
                    break;
                print(line);
            }
        }
    }
}

void print_softints(Print print) {
    for (unsigned number = 0; number < hart::hart_count; number++)
        for (hart::ipl::Level level = hart::ipl::first_softint; level <= hart::ipl::last_softint;
             level++) {
            irq::SoftintCounts counts = irq::softint_counts(number, level);
            Line line;
            line.add(hart::ipl::names[level], "/", number);
            line.pad_to(16);
            line.add("softint  dispatched ", counts.dispatched, ", blocked ", counts.blocked);
            print(line);
        }
}

void intr(Print print) {
    static Print to; // for_each_line takes a plain function; only the console's LWP gets here
    to = print;
    irq::for_each_line([](const irq::LineCounts& counts) {
        Line line;
        line.add(counts.name);
        line.pad_to(16);
        line.add("line ", static_cast<unsigned>(counts.line), " level ",
                 hart::ipl::names[counts.level], " hart ", counts.route, ": ", counts.interrupts,
                 " interrupts, blocked ", counts.blocked, ", deferred ", counts.deferred,
                 ", strays ", counts.strays);
        to(line);
    });
    print_softints(print);
}

void help(Print print);

constexpr Command commands[] = {
    {"ps", "every LWP, its state and priority", ps},
    {"runq", "what each hart runs and who is ready", runq},
    {"sleepq", "who sleeps on which channel", sleepq},
    {"turnstile", "who waits for which lock, and what is lent", turnstile},
    {"callouts", "what is pending on each hart's wheel", callouts},
    {"intr", "interrupt lines and softints, with counts", intr},
    {"help", "this list", help},
};

void help(Print print) {
    for (const Command& command : commands) {
        Line line;
        line.add(command.name);
        line.pad_to(12);
        line.add(command.what);
        print(line);
    }
}

} // namespace

void execute(const char* command, Print print) {
    for (const Command& known : commands)
        if (std::string_view(known.name) == command) {
            known.run(print);
            return;
        }
    Line line;
    line.add("there is no command '", command, "'; these are the ones there are:");
    print(line);
    help(print);
}

} // namespace monitor
