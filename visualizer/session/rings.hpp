// SPDX-License-Identifier: BSD-2-Clause
// The packets that the kernel has open, read from the memory of a machine that stands still (or of
// a QEMU that has died, which leaves its memory to us). With them a reader knows every event up to
// that very instant, although nothing was flushed for its sake.
//
// Rules
//   - Guest memory may contain anything: what does not look like a ring is no ring.
// Read next: trace/ring.hpp, load/loader.hpp
#pragma once

#include "session/machine.hpp"
#include "trace/packet.hpp"
#include "trace/ring.hpp"

#include <optional>
#include <vector>

namespace session {

/// A packet as it would be if the kernel sent it now.
struct OpenPacket {
    trace::PacketHeader header;
    std::vector<trace::Record> records;
};

/// The open packet of one hart; nothing if it has none.
[[nodiscard]] std::optional<OpenPacket> read_open_packet(const Machine& machine, u64 rings,
                                                         unsigned hart);

} // namespace session
