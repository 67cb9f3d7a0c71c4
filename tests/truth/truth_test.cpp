// SPDX-License-Identifier: BSD-2-Clause
// The promise "what is drawn is what the kernel did": the real machine is stopped at random places,
// and what its memory says is compared with the model that the events alone have built.
//
// A place is chosen by a seed: some events after the last one (the gate counts them), then, with
// one hart, some single instructions, through gdb's protocol. If a hart is in the middle of a
// critical section there (kernel_memory.hpp), the machine is moved on to the next quiet place.
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
        options.arguments = "seed=1 scenario=" + scenario;
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
            if (ended())
                return false;
        }
        debugger->interrupt(); // it is heard as soon as the gate lets go
        usleep_until_heard();
        machine->gate()->grant(Gatekeeper::unlimited);
        debugger->wait_until_stopped();
        return true;
    }

    // A little further. A hart that waits for an interrupt cannot be stepped, because the stub keeps
    // the timers still; so several harts go on freely for a moment instead.
    void move_on() {
        if (hart_count == 1)
            return debugger->step();
        debugger->resume();
        debugger->interrupt();
        debugger->wait_until_stopped();
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
    unsigned hart_count = 1;
    std::unique_ptr<session::Image> image;
    std::unique_ptr<Layout> layout;
    std::unique_ptr<session::Machine> machine;
    std::unique_ptr<Debugger> debugger;
    model::Store store;
    load::Loader loader{store};
};

void Truth::compare_at_random_places(unsigned harts, const std::string& scenario, unsigned wanted) {
    std::mt19937 random(harts * 1000 + static_cast<unsigned>(scenario.size()));
    boot(harts, scenario);
    std::unique_ptr<KernelMemory> memory;
    unsigned compared = 0;
    u64 event = first_event;
    while (compared < wanted && stop_at_event(event)) {
        if (memory == nullptr)
            memory = std::make_unique<KernelMemory>(*debugger, *image, *layout, harts);
        for (unsigned i = hart_count == 1 ? random() % 40 : 0; i > 0; i--)
            move_on();
        constexpr unsigned patience = 500;
        unsigned steps = 0;
        while (!memory->quiet() && steps++ < patience)
            move_on();
        if (steps < patience) {
            take_in();
            std::vector<std::string> wrong =
                differences(memory->picture(), picture_of(store.newest()));
            for (const std::string& sentence : wrong)
                ADD_FAILURE() << "after event " << store.size() << ": " << sentence;
            if (!wrong.empty())
                return;
            compared++;
        }
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
TEST_F(Truth, of_the_tour_with_two_harts) {
    compare_at_random_places(2, "tour", 30);
}
TEST_F(Truth, of_the_tour_with_four_harts) {
    compare_at_random_places(4, "tour", 30);
}
TEST_F(Truth, of_blocking_with_one_hart) {
    compare_at_random_places(1, "block", 10);
}
TEST_F(Truth, of_blocking_with_two_harts) {
    compare_at_random_places(2, "block", 20);
}
TEST_F(Truth, of_blocking_with_four_harts) {
    compare_at_random_places(4, "block", 20);
}

// The comparison itself: each lie about the machine is found.
TEST_F(Truth, a_wrong_model_is_found_out) {
    boot(1, "tour");
    ASSERT_TRUE(stop_at_event(300));
    KernelMemory memory(*debugger, *image, *layout, 1);
    while (!memory.quiet())
        move_on();
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
    EXPECT_TRUE(finds([](Picture& p) { p.locks.push_back({99, trace::LwpId{1}, {}, 0}); }));
    EXPECT_TRUE(finds([](Picture& p) { p.channels.push_back({99, {trace::LwpId{1}}}); }));
}

} // namespace truth
