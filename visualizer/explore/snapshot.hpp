// SPDX-License-Identifier: BSD-2-Clause
// The kernel's memory as it was when the workload began, to begin from there again and again.
//
//   boot, up to the workload ──▶ take()      run ──▶ restore() ──▶ run ──▶ restore() …
//
// The linker has put all variables of the kernel and of the simulated machine into sections of
// their own (kernel/arch/host/state.ld), so they are four ranges of memory: data, bss, and of the
// stacks those pages on which something stands. Putting them back costs some ten microseconds,
// where a fork costs hundreds.
//
// Rules
//   - take() and restore() run on the process's own stack, while no simulated hart moves.
// Invariants
//   (1) Nothing of this program, only the kernel's and the machine's, lies in those sections.
// Why not fork for each run? It is the simplest way and was the first; it allows two thousand runs
// a second instead of tens of thousands. Runs that may end in a sanitizer's report still fork.
// Read next: runner.hpp
#pragma once

#include "lib/types.hpp"

#include <cstddef>
#include <vector>

namespace explore {

class Snapshot {
public:
    void take();
    void restore() const;
    /// Bytes that restore() writes.
    [[nodiscard]] usize size() const;

private:
    struct Piece {
        u64* at;
        usize words;
        usize offset; // of its copy
    };
    void keep(const void* from, usize bytes);
    void keep_used_pages(char* from, const char* to);
    void forgive() const;

    std::vector<Piece> pieces_;
    std::vector<u64> copy_;
    char* last_stack_ = nullptr; // behind the last one that was in use
};

} // namespace explore
