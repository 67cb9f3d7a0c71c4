// SPDX-License-Identifier: BSD-2-Clause
// What the visualizer does with bytes, whatever they are. Promises: no crash, no hang, no undefined
// behaviour (the sanitizers watch), memory in proportion to the input, invariants of the store.
#pragma once

#include "load/packet.hpp"

namespace fuzz {

/// As a live stream, in pieces of `piece` bytes. Ends the process if a promise is broken.
void try_stream(load::Bytes bytes, usize piece);
/// As records that a packet could have: the bytes are cut into records with possible ids.
void try_records(load::Bytes bytes);
/// As the texts of a trace directory.
void try_texts(load::Bytes bytes);

} // namespace fuzz
