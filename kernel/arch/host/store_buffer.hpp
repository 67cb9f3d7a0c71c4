// SPDX-License-Identifier: BSD-2-Clause
// Stores on their way: what RVWMO lets a hart do and TCG on x86 never shows.
//
// A hart's store to a shared word may stay in the hart's buffer while it goes on. Until it drains,
// the hart itself sees the new value (forwarding) and all others the old one. So a load that comes
// later in the program can be performed earlier, and a plain store can overtake an earlier one:
//
//   hart 0: x = 1 (held)                    hart 1: y = 1 (held)
//           reads y: 0                              reads x: 0        both see the old world
//
//   what drains    a read-modify-write, the fences of set_curlwp(), relax(), wait(): everything
//                  a store that releases and is not held back itself: everything before it
//                  a choice (Act::drain): the oldest
//   order          stores to one word never overtake each other
//
// Only the words of hart/cell.hpp are delayed; plain data is visible at once. So what is found here
// can happen on a hart, and not all that can happen on a hart is found here (no early loads, no
// reordering of plain data): docs/how-to/explore.md.
//
// Read next: store_buffer.cpp
#pragma once

#include "lib/types.hpp"

#include <cstring>

namespace arch {
enum class Access : u8; // machine.hpp, which includes this
}

namespace arch::host {

/// The hart stands before an access to a shared word: others may come first.
void stand_before(Access access, const void* word, const void* other = nullptr);

/// A store in the buffer of this hart to this word, the newest; nullptr if there is none.
[[nodiscard]] const u64* held_value(const void* word);
/// Chooses whether a store stays in the buffer of this hart. False: it is to be made now.
[[nodiscard]] bool hold_store(void* word, u64 value, usize size, bool releases);
void drain_own_stores();

template <class T> T forward(const T* word, T value) {
    if (const u64* held = held_value(word))
        std::memcpy(&value, held, sizeof value);
    return value;
}

template <class T> bool hold_back(T* word, T value, bool releases) {
    u64 bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return hold_store(word, bits, sizeof value, releases);
}

// ---- registers of devices (devices.cpp) ---------------------------------------------------------

[[nodiscard]] u64 read_device(u64 address);
void write_device(u64 address, u64 value);

} // namespace arch::host
