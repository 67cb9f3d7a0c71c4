// SPDX-License-Identifier: BSD-2-Clause
#include "trace/names.hpp"

#include "trace/emit.hpp"
#include "trace/raw_lock.hpp"

namespace trace {

namespace {

constexpr u32 max_texts = 512;
const char* texts[max_texts]; // texts[i] has id i + 1
u32 text_count = 0;
u64 last_named = 0; // stamp that was carried out after the newest Name
RawLock lock;

} // namespace

void name(Kind kind, u32 id, const char* text) {
    constexpr usize chunk_size = sizeof(Text::bytes);
    usize length;
    do {
        Text chunk{};
        for (length = 0; length < chunk_size && *text != 0; length++)
            chunk.bytes[length] = static_cast<u8>(*text++);
        record(Name{.object = object(kind, id), .text = chunk});
    } while (length == chunk_size);
}

TextId text(const char* literal) {
    RawLock::Guard guard(lock);
    carry_in(last_named);
    for (u32 slot = 0; slot < text_count; slot++) {
        if (texts[slot] == literal)
            return static_cast<TextId>(slot + 1);
    }
    if (text_count == max_texts)
        return TextId::none;
    texts[text_count++] = literal;
    name(Kind::text, text_count, literal);
    last_named = carry_out();
    return static_cast<TextId>(text_count);
}

void name_texts() {
    RawLock::Guard guard(lock);
    for (u32 slot = 0; slot < text_count; slot++)
        name(Kind::text, slot + 1, texts[slot]);
}

} // namespace trace
