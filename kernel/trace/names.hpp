// SPDX-License-Identifier: BSD-2-Clause
// Names of what events speak of.
//
// Every id is named before the first event that uses it. An object's own name lives with the object
// and is emitted again in every snapshot; the names of texts (phases, checks, messages) live in a
// table here, because a text is nothing but its name.
//
// Rules
//   - name() and text() may be called in any context. A text lives as long as the kernel: a
//     literal.
// Read next: emit.hpp
#pragma once

#include "trace/ids.hpp"

namespace trace {

/// Emits the Name events of an object: one for every 16 bytes, and one more that ends a name whose
/// length is a multiple of 16.
void name(Kind kind, u32 id, const char* text);
inline void name(LwpId id, const char* text) {
    name(Kind::lwp, static_cast<u32>(id), text);
}
inline void name(HartId id, const char* text) {
    name(Kind::hart, static_cast<u32>(id), text);
}
inline void name(LineId id, const char* text) {
    name(Kind::line, static_cast<u32>(id), text);
}
inline void name(LockId id, const char* text) {
    name(Kind::lock, static_cast<u32>(id), text);
}
inline void name(ChannelId id, const char* text) {
    name(Kind::channel, static_cast<u32>(id), text);
}
inline void name(CalloutId id, const char* text) {
    name(Kind::callout, static_cast<u32>(id), text);
}
inline void name(SoftintId id, const char* text) {
    name(Kind::softint, static_cast<u32>(id), text);
}

/// The id of a text; names it when it is new. The same pointer gives the same id. TextId::none if
/// the table is full, which readers print as such.
[[nodiscard]] TextId text(const char* literal);

/// Emits the names of all texts again, for a snapshot.
void name_texts();

} // namespace trace
