// SPDX-License-Identifier: BSD-2-Clause
// The names of an enumeration's values as its definition spells them, so that a second list, which
// would have to be kept in the same order, need not be written.
//
//   enum class Fruit : u8 { apple, pear, count };
//   lib::enumerators<Fruit>[1]        "pear"
//
// The compiler knows the names: it prints a function's template arguments into that function's own
// description of itself, "… [with auto Value = Fruit::pear]".
//
// Rules
//   - The values are 0, 1, …, and the last enumerator is `count`, which counts the others.
#pragma once

#include "lib/types.hpp"

#include <array>
#include <utility>

namespace lib {

struct EnumeratorName {
    static constexpr usize longest = 31;
    char text[longest + 1] = {};
};

template <auto Value> consteval EnumeratorName name_of_enumerator() {
    const char* name = __PRETTY_FUNCTION__;
    const char* end = name;
    for (; *end != ']'; end++)
        if (*end == ':' || *end == ' ')
            name = end + 1;
    EnumeratorName out;
    for (usize i = 0; name + i != end; i++)
        out.text[i] = name[i]; // one that is too long does not compile
    return out;
}

template <auto Value> constexpr EnumeratorName enumerator_name = name_of_enumerator<Value>();

template <class E, usize... Value>
consteval auto names_of_enumerators(std::index_sequence<Value...>) {
    return std::array<const char*, sizeof...(Value)>{
        enumerator_name<static_cast<E>(Value)>.text...};
}

template <class E>
constexpr auto
    enumerators = names_of_enumerators<E>(std::make_index_sequence<static_cast<usize>(E::count)>());

} // namespace lib
