// SPDX-License-Identifier: BSD-2-Clause
// Boots the kernel in QEMU, waits for its end and returns what it said: console, exit status,
// events.
//
// Nothing of visualizer/session is used: these tests look at the kernel alone, with QEMU as a user
// would start it by hand.
#pragma once

#include "model/store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace boot_test {

struct Options {
    unsigned harts = 1;
    std::string arguments = {}; // boot parameters
    std::string kernel = "build/kernel.elf";
    std::string icount = "auto";         // "auto": what this number of harts takes; "": host time
    bool events = true;                  // a virtio-serial device with a file behind it
    std::vector<std::string> extra = {}; // of QEMU's own options
};

struct Outcome {
    int status = -1;     // of QEMU; 124: it did not end by itself
    std::string console; // from the kernel, and the firmware before it
    std::string events;  // bytes as they came
    std::unique_ptr<model::Store> store;

    /// Number of events of type E.
    template <class E> [[nodiscard]] usize count() const {
        usize found = 0;
        for (usize i = 0; i < store->size(); i++)
            found += store->id(i) == trace::id_of<E> ? 1 : 0;
        return found;
    }
    /// Problems that the model found, a line each; "" if all is well.
    [[nodiscard]] std::string problems() const;
    /// Invariants of the state that are broken after any event, with the event; "" if none.
    [[nodiscard]] std::string broken_invariants() const;
};

[[nodiscard]] Outcome run(const Options& options);

/// Puts events that came by another way into the outcome.
void load(std::string events, Outcome& into);

} // namespace boot_test
