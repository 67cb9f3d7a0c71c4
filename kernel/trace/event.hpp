// SPDX-License-Identifier: BSD-2-Clause
// The mechanism behind the schema: packing an event's fields into a record, unpacking them, and
// the hash by which two programs know that they speak of the same events.
//
// An event is a plain struct with a static `info` (name, group, sentence) and a static describe(),
// which names its fields in order. Everything else is derived here at compile time. The kernel
// packs to three 64-bit words with shifts that the compiler folds into constants; readers unpack
// from bytes.
// Read next: events.hpp
#pragma once

#include "lib/types.hpp"
#include "trace/ids.hpp"
#include "trace/record.hpp"

#include <concepts>
#include <type_traits>

namespace trace {

/// The bit of a group in the event mask.
constexpr u32 group_bit(Group group) {
    return 1u << static_cast<u8>(group);
}
constexpr u32 all_groups = group_bit(Group::spl) * 2 - 1;
/// What is recorded unless somebody asks for something else: spin mutexes and levels drown the
/// rest.
constexpr u32 usual_groups = all_groups & ~group_bit(Group::spin) & ~group_bit(Group::spl);

/// What an event is called, its mask bit, and the sentence that explains it to a person.
struct Info {
    const char* name;
    Group group;
    const char* sentence;
};

/// Sixteen bytes of a name. A name of 16 bytes or more goes on in the next Name event of that
/// object.
struct Text {
    u8 bytes[16];
    constexpr bool operator==(const Text&) const = default;
};

template <class F> consteval usize field_size() {
    return sizeof(F);
}
template <class F> consteval usize field_alignment() {
    return std::same_as<F, Text> ? 1 : sizeof(F);
}

constexpr usize align_up(usize offset, usize alignment) {
    return (offset + alignment - 1) / alignment * alignment;
}

/// Visitor that lays a field after the previous one. `offset` counts from the record's first byte.
struct Layout {
    usize offset = fields_offset;
    template <class F> [[gnu::always_inline]] constexpr usize place(const F&) {
        usize at = align_up(offset, field_alignment<F>());
        offset = at + field_size<F>();
        return at;
    }
};

struct Packed {
    u64 words[3] = {};
};

/// The record words of an event, without stamp and LWP. Inlined with all that it calls, so that an
/// event is packed by shifts that are constants, and never stands in memory.
template <class E> [[gnu::always_inline]] constexpr Packed pack(const E& event, u16 id) {
    Packed out{{id, 0, 0}};
    Layout layout;
    E::describe(
        event, [&](const char*, const auto& field) __attribute__((always_inline)) {
            using F = std::remove_cvref_t<decltype(field)>;
            usize bit = (layout.place(field) - 8) * 8;
            if constexpr (std::same_as<F, Text>) {
                for (usize i = 0; i < sizeof(field.bytes); i++)
                    out.words[(bit + i * 8) / 64] |= static_cast<u64>(field.bytes[i])
                                                     << (bit + i * 8) % 64;
            } else {
                out.words[bit / 64] |= static_cast<u64>(field) << bit % 64;
            }
        });
    return out;
}

/// The event in a record. The record's id must be the event's.
template <class E> constexpr E unpack(const Record& record) {
    E event{};
    Layout layout;
    E::describe(event, [&](const char*, auto& field) {
        using F = std::remove_cvref_t<decltype(field)>;
        usize bit = (layout.place(field) - 8) * 8;
        if constexpr (std::same_as<F, Text>) {
            for (usize i = 0; i < sizeof(field.bytes); i++)
                field.bytes[i] =
                    static_cast<u8>(record.words[(bit + i * 8) / 64] >> (bit + i * 8) % 64);
        } else if constexpr (std::is_enum_v<F>) {
            using U = std::underlying_type_t<F>;
            field = static_cast<F>(static_cast<U>(record.words[bit / 64] >> bit % 64));
        } else {
            field = static_cast<F>(record.words[bit / 64] >> bit % 64);
        }
    });
    return event;
}

/// A list of event types; an event's id is its place in the list, counted from 1.
template <class... E> struct List {
    static constexpr u16 count = sizeof...(E);

    template <class Wanted> static consteval u16 id_of() {
        u16 id = 0, at = 0;
        ((at++, std::same_as<Wanted, E> ? void(id = at) : void()), ...);
        return id;
    }

    /// Calls fn.template operator()<E>() for each event type, in order of id.
    static constexpr void for_each(auto&& fn) { (fn.template operator()<E>(), ...); }

    /// Calls fn(E) with the event in the record. False if the id is unknown.
    static constexpr bool visit(const Record& record, auto&& fn) {
        u16 id = record_id(record);
        u16 at = 0;
        return ((++at == id ? (fn(unpack<E>(record)), true) : false) || ...);
    }
};

/// FNV-1a over names and sizes: changes whenever a reader would misread a record.
class SchemaHash {
public:
    constexpr void add(const char* text) {
        for (; *text != 0; text++)
            add_byte(static_cast<u8>(*text));
        add_byte(0);
    }
    constexpr void add_byte(u8 byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
    constexpr u64 value() const { return value_; }

private:
    u64 value_ = 0xcbf29ce484222325;
};

template <class Events> consteval u64 schema_hash() {
    SchemaHash hash;
    Events::for_each([&]<class E>() {
        hash.add(E::info.name);
        E event{};
        E::describe(event, [&](const char* field_name, const auto& field) {
            hash.add(field_name);
            hash.add_byte(static_cast<u8>(sizeof(field)));
        });
    });
    return hash.value();
}

template <class... Fns> struct Overloaded : Fns... { using Fns::operator()...; };
template <class... Fns> Overloaded(Fns...) -> Overloaded<Fns...>;

} // namespace trace
