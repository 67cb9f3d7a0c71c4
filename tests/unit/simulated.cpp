// SPDX-License-Identifier: BSD-2-Clause
#include "simulated.hpp"

#include "arch/host/simulation.hpp"
#include "arch/upcalls.hpp"
#include "callout/clock.hpp"
#include "hart/panic.hpp"
#include "irq/irq.hpp"
#include "lockcheck/hook.hpp"
#include "model/names.hpp"
#include "scenario/bring_up.hpp"
#include "sched/sched.hpp"
#include "sync/mutex.hpp"
#include "trace/drain.hpp"
#include "trace/emit.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace simulated {

namespace {

constexpr size_t max_events = 200'000;
constexpr size_t max_console = 65'536;

/// What memory said at an event, until the event itself comes.
struct Seen {
    u64 stamp;
    std::optional<trace::Level> level;
};

struct Shared {
    bool halted;
    unsigned status;
    size_t console_size;
    size_t event_count;
    char console[max_console];
    Event events[max_events];
};

Shared* shared = nullptr;
void (*test_body)() = nullptr;
Options chosen;

std::deque<Seen> seen[arch::max_harts];

/// The level of the current LWP, if the spin mutexes that it holds are all of a kind that is told,
/// and if it has begun: a handler's level is told when it enters.
std::optional<trace::Level> level_now() {
    if (arch::current().id == 0)
        return std::nullopt; // no LWP yet
    const sched::Lwp& self = sched::current();
    unsigned told = 0;
    for (const sync::Mutex* mutex = self.spin_mutexes; mutex != nullptr; mutex = mutex->beneath())
        told++;
    bool begun =
        !self.is_handler() || self.serving != nullptr || self.softint != trace::SoftintId::none;
    if (self.current.spin_depth != told || !begun)
        return std::nullopt;
    return self.current.level;
}

void on_record() {
    const trace::Ring& ring = trace::trace_rings[arch::current().hart];
    seen[arch::current().hart].push_back({ring.stamp, level_now()});
}

std::optional<trace::Level> level_at(u64 stamp, unsigned hart) {
    auto& queue = seen[hart];
    while (!queue.empty() && queue.front().stamp < stamp)
        queue.pop_front();
    return queue.empty() || queue.front().stamp != stamp ? std::nullopt : queue.front().level;
}

/// A reader that copies packets as soon as it gets them.
class Collector final : public trace::Sink {
public:
    bool has_reader() override { return true; }
    bool send(trace::PacketHeader* packet) override {
        if (waiting_ != nullptr)
            return false;
        const auto* records = reinterpret_cast<const trace::Record*>(packet + 1);
        size_t count = (packet->content_bits / 8 - sizeof(*packet)) / sizeof(trace::Record);
        for (size_t i = 0; i < count && shared->event_count < max_events; i++)
            shared->events[shared->event_count++] = {records[i], packet->cpu_id,
                                                     level_at(records[i].stamp, packet->cpu_id)};
        waiting_ = packet;
        return true;
    }
    trace::PacketHeader* taken() override { return std::exchange(waiting_, nullptr); }
    usize receive(u8*, usize) override { return 0; }
    void answer(const u8*, usize) override {}

private:
    trace::PacketHeader* waiting_ = nullptr;
};

Collector collector;

void write_console(const char* bytes, usize size) {
    size_t fits = std::min<size_t>(size, max_console - shared->console_size);
    std::memcpy(shared->console + shared->console_size, bytes, fits);
    shared->console_size += fits;
}

/// Chance, unless the test says that this hart stands still: then another one moves.
class Directed final : public arch::host::Choices {
public:
    explicit Directed(arch::host::Choices& chance)
        : chance_(chance) {}
    unsigned pick(const arch::host::Point& point) override {
        if (asking_)
            return 0; // what the test looks at are shared words, too
        asking_ = true;
        bool holds = chosen.holds != nullptr && chosen.holds(point.hart);
        asking_ = false;
        for (unsigned i = 0; holds && i < point.count; i++)
            if (point.options[i].act == arch::host::Act::hart)
                return i;
        return chance_.pick(point);
    }

private:
    arch::host::Choices& chance_;
    bool asking_ = false;
};

void run_body(void*) {
    test_body();
    hart::shut_down(0);
}

[[noreturn]] void child() {
    arch::host::RandomChoices choices(chosen.seed, chosen.calm);
    Directed directed(choices);
    shared->status = arch::host::power_on({.harts = chosen.harts,
                                           .steps_per_tick = chosen.steps_per_tick,
                                           .choices = &directed,
                                           .on_record = on_record,
                                           .write_console = write_console});
    shared->halted = true;
    _exit(0);
}

} // namespace

unsigned Outcome::named(trace::Kind kind, const std::string& name) const {
    model::Names names;
    for (const Event& event : events)
        if (event.is<trace::Name>())
            names.add(event.as<trace::Name>());
    return names.find(kind, name).value_or(0);
}

unsigned long chosen_seed() {
    return chosen.seed;
}

void fire(unsigned line) {
    arch::host::raise_line(line);
    arch::preemption_point();
}

Outcome boot(const Options& options, void (*body)()) {
    void* memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared = static_cast<Shared*>(memory);
    test_body = body;
    chosen = options;
    pid_t pid = fork();
    if (pid == 0)
        child();
    int how = 0;
    waitpid(pid, &how, 0);

    Outcome outcome;
    outcome.crashed = !shared->halted;
    outcome.status = shared->status;
    outcome.console.assign(shared->console, shared->console_size);
    outcome.events.assign(shared->events, shared->events + shared->event_count);
    std::stable_sort(
        outcome.events.begin(), outcome.events.end(), [](const Event& a, const Event& b) {
            return std::pair(a.record.stamp, a.hart) < std::pair(b.record.stamp, b.hart);
        });
    munmap(memory, sizeof(Shared));
    return outcome;
}

} // namespace simulated

namespace arch {

// The test's kmain: the core and nothing else.
void on_boot() {
    using namespace simulated;
    trace::init(hart_count());
    trace::set_sink(&collector);
    trace::set_policy(trace::Policy::lossless);
    trace::set_mask(chosen.traced ? ~0u : 0u);
    callout::hz = chosen.hz * chosen.steps_per_tick;
    trace::record(trace::Boot{.harts = static_cast<u16>(hart_count()),
                              .hz = static_cast<u16>(callout::hz),
                              .timebase = timebase(),
                              .schema = trace::schema});
    hart::interrupts = chosen.interrupts;
    irq::pool_size = chosen.pool;
    sync::inheritance = chosen.inheritance;
    sched::preemption = chosen.preemption;
    hart::mutation = chosen.mutation;
    if (chosen.lockcheck)
        lockcheck::arm();
    callout::policy = chosen.policy;
    callout::first_tick = chosen.first_tick;
    scenario::bring_up();
    sched::spawn({.name = "main"}, run_body, nullptr);
    sched::idle();
}

} // namespace arch
