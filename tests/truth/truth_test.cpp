// SPDX-License-Identifier: BSD-2-Clause
// The promise "what is drawn is what the kernel did": the real machine is stopped at random places,
// and what its memory says is compared with the model that the events alone have built.
//
// A place is chosen by a seed and by chance: some events after the last one (the gate counts them),
// and then wherever the machine is when gdb's protocol stops it. If a hart is in the middle of a
// critical section there (kernel_memory.hpp), a machine of one hart is stepped on to the next quiet
// place. One of several, which cannot be stepped (debugger.hpp), runs on until a hart is at rest,
// again and again until the others are, too.
//
// The simulated machine compares levels at every single event (tests/unit/fold.hpp).
#include "kernel_memory.hpp"
#include "session/machine.hpp"
#include "session/rings.hpp"
#include "session/run.hpp"

#include <gtest/gtest.h>
#include <random>

namespace truth {

using session::Gatekeeper;

class Truth : public testing::Test {
protected:
    void boot(unsigned harts, const std::string& scenario) {
        image = std::make_unique<session::Image>(
            std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kernel.elf");
        layout = std::make_unique<Layout>(image->file());
        session::MachineOptions options;
        options.gate_plugin = session::default_gate_plugin();
        options.arguments = "seed=1 trace=all scenario=" + scenario;
        options.harts = hart_count = harts;
        options.debugger = true;
        options.granted = first_event;
        machine = std::make_unique<session::Machine>(*image, options);
        debugger = std::make_unique<Debugger>(std::move(machine->debugger()));
        debugger->resume();
    }

    [[nodiscard]] bool ended() { return machine->process().poll().has_value(); }

    // Lets the machine reach event n, and stops it there. False if it ends before.
    bool stop_at_event(u64 n) {
        machine->gate()->grant(n);
        while (!machine->gate()->held()) {
            session::wait_for({machine->gate()->notify(), machine->process().ended()}, 1000);
            machine->gate()->acknowledge();
            debugger->resume_if_stopped();
            if (ended())
                return false;
        }
        debugger->interrupt(); // it is heard as soon as the gate lets go
        usleep_until_heard();
        machine->gate()->grant(Gatekeeper::unlimited);
        return debugger->wait_until_stopped();
    }

    // Moves on to a quiet place; false if there is none for a long while.
    bool find_quiet(KernelMemory& memory) {
        const unsigned patience = hart_count == 1 ? 3000 : 30;
        for (unsigned moves = 0; moves < patience; moves++) {
            std::optional<unsigned> busy = memory.busy_hart();
            if (!busy)
                return true;
            if (hart_count == 1)
                debugger->step(*busy);
            else if (!debugger->run_to(places_at_rest(memory)))
                return false;
        }
        return false;
    }

    // Where functions begin that are called outside of the scheduler's critical sections, and no
    // hart is.
    std::vector<u64> places_at_rest(KernelMemory& memory) {
        static constexpr const char* functions[] = {
            "_ZN4arch4waitEv",                                    // idle
            "_ZN5sched5yieldEv",                                  // an LWP runs
            "_ZN4sync5Mutex16exit_attentivelyEN9lockcheck4SiteE", // a mutex is held
            "_ZN4sync6RwLock4exitEN9lockcheck4SiteE",             // an RW lock is held
        };
        std::vector<u64> places;
        for (const char* function : functions)
            if (u64 address = image->symbol(function).value(); !memory.is_at(address))
                places.push_back(address);
        return places;
    }

    // The stub's thread has to read the request before the guest goes on; how soon it does decides
    // only how far behind event n the stop is.
    static void usleep_until_heard() { session::wait_for({}, 5); }

    void take_in() {
        for (std::string bytes = machine->take_events(); !bytes.empty();
             bytes = machine->take_events())
            loader.feed(std::as_bytes(std::span(bytes)));
        u64 rings = image->symbol("trace_rings").value();
        for (unsigned hart = 0; hart < hart_count; hart++)
            if (auto open = session::read_open_packet(*machine, rings, hart))
                loader.feed_open(static_cast<trace::HartId>(hart), open->header.sequence,
                                 open->records);
        loader.append_everything();
    }

    void compare_at_random_places(unsigned harts, const std::string& scenario, unsigned wanted);

    static constexpr u64 first_event = 60; // the idle LWPs exist
    std::mt19937 random;
    unsigned hart_count = 1;
    std::unique_ptr<session::Image> image;
    std::unique_ptr<Layout> layout;
    std::unique_ptr<session::Machine> machine;
    std::unique_ptr<Debugger> debugger;
    model::Store store;
    load::Loader loader{store};
};

void Truth::compare_at_random_places(unsigned harts, const std::string& scenario, unsigned wanted) {
    random.seed(harts * 1000 + static_cast<unsigned>(scenario.size()));
    boot(harts, scenario);
    std::unique_ptr<KernelMemory> memory;
    unsigned compared = 0;
    u64 event = first_event;
    while (compared < wanted && stop_at_event(event)) {
        if (memory == nullptr)
            memory = std::make_unique<KernelMemory>(*debugger, *machine, *image, *layout, harts);
        if (find_quiet(*memory)) {
            take_in();
            std::vector<std::string> wrong =
                differences(memory->picture(), picture_of(store.newest()));
            for (const std::string& sentence : wrong)
                ADD_FAILURE() << "after event " << store.size() << ": " << sentence;
            if (!wrong.empty())
                return;
            compared++;
        }
        if (debugger->machine_ended())
            break;
        event = machine->gate()->hits() + 1 + random() % 30;
        machine->gate()->grant(event); // before it goes on
        debugger->resume();
    }
    EXPECT_TRUE(store.problems().empty()) << store.problems()[0].sentence;
    EXPECT_GE(compared, wanted / 2) << "the machine ended too early";
    std::cout << compared << " places compared, up to event " << store.size() << "\n";
}

TEST_F(Truth, of_the_tour_with_one_hart) {
    compare_at_random_places(1, "tour", 30);
}
TEST_F(Truth, of_blocking_with_one_hart) {
    compare_at_random_places(1, "block", 10);
}
TEST_F(Truth, of_all_kinds_of_locks_with_two_harts) {
    compare_at_random_places(2, "stress", 40);
}
TEST_F(Truth, of_all_kinds_of_locks_with_four_harts) {
    compare_at_random_places(4, "stress", 20);
}
TEST_F(Truth, of_handlers_without_lwps_with_two_harts) {
    compare_at_random_places(2, "stress model=classic", 40);
}
TEST_F(Truth, of_handlers_that_are_threads_with_two_harts) {
    compare_at_random_places(2, "stress model=thread", 40);
}

// The comparison itself: each lie about the machine is found.
TEST_F(Truth, a_wrong_model_is_found_out) {
    boot(1, "tour");
    ASSERT_TRUE(stop_at_event(300));
    KernelMemory memory(*debugger, *machine, *image, *layout, 1);
    ASSERT_TRUE(find_quiet(memory));
    take_in();
    Picture kernel = memory.picture(), model = picture_of(store.newest());
    ASSERT_TRUE(differences(kernel, model).empty()) << differences(kernel, model)[0];

    auto finds = [&](auto&& lie) {
        Picture wrong = model;
        lie(wrong);
        return !differences(kernel, wrong).empty();
    };
    EXPECT_TRUE(finds([](Picture& p) { p.lwps[0].own++; }));
    EXPECT_TRUE(finds([](Picture& p) { p.lwps[0].inherited++; }));
    EXPECT_TRUE(finds([](Picture& p) { p.lwps[0].state = trace::LwpState::blocked; }));
    EXPECT_TRUE(finds([](Picture& p) { p.lwps.pop_back(); }));
    EXPECT_TRUE(finds([](Picture& p) { p.harts[0].running = trace::LwpId{77}; }));
    EXPECT_TRUE(finds([](Picture& p) { p.harts[0].pinned.push_back(trace::LwpId{1}); }));
    EXPECT_TRUE(finds([](Picture& p) { p.harts[0].run_queue.push_back(trace::LwpId{1}); }));
    static constexpr trace::LwpId first{1};
    EXPECT_TRUE(finds([](Picture& p) { p.locks.push_back({99, first, {}, {}, {}, 0}); }));
    EXPECT_TRUE(finds([](Picture& p) { p.locks[0].readers.push_back(first); }));
    EXPECT_TRUE(finds([](Picture& p) { p.locks[0].waiters.push_back(first); }));
    EXPECT_TRUE(finds([](Picture& p) { p.locks[0].lent_to = first; }));
    EXPECT_TRUE(finds([](Picture& p) { p.channels.push_back({99, {first}}); }));
    EXPECT_TRUE(finds([](Picture& p) { p.harts[0].base_level++; }));
    EXPECT_TRUE(finds([](Picture& p) { p.callouts.push_back({99, trace::HartId{0}, 0, 0, 0}); }));
    EXPECT_TRUE(finds([](Picture& p) {
        for (Picture::Lwp& lwp : p.lwps)
            if (lwp.id == p.harts[0].running)
                lwp.level = static_cast<trace::Level>(*lwp.level + 1);
    }));
}

} // namespace truth
