// SPDX-License-Identifier: BSD-2-Clause
// What the compiler expects to find: it may turn any loop or assignment into a call of these.
#include "arch/upcalls.hpp"
#include "lib/types.hpp"

extern "C" {

void* memcpy(void* to, const void* from, usize size) {
    auto* target = static_cast<u8*>(to);
    auto* source = static_cast<const u8*>(from);
    bool aligned = ((reinterpret_cast<u64>(to) | reinterpret_cast<u64>(from)) & 7) == 0;
    using Word [[gnu::may_alias]] = u64;
    for (; aligned && size >= 8; size -= 8, target += 8, source += 8)
        *reinterpret_cast<Word*>(target) = *reinterpret_cast<const Word*>(source);
    for (; size > 0; size--)
        *target++ = *source++;
    return to;
}

void* memmove(void* to, const void* from, usize size) {
    auto* target = static_cast<u8*>(to);
    auto* source = static_cast<const u8*>(from);
    if (target <= source || target >= source + size)
        return memcpy(to, from, size);
    while (size-- > 0)
        target[size] = source[size];
    return to;
}

void* memset(void* to, int value, usize size) {
    auto* target = static_cast<u8*>(to);
    for (usize i = 0; i < size; i++)
        target[i] = static_cast<u8>(value);
    return to;
}

int memcmp(const void* left, const void* right, usize size) {
    auto* a = static_cast<const u8*>(left);
    auto* b = static_cast<const u8*>(right);
    for (usize i = 0; i < size; i++) {
        if (a[i] != b[i])
            return a[i] - b[i];
    }
    return 0;
}

void* memchr(const void* in, int value, usize size) {
    auto* bytes = static_cast<const u8*>(in);
    for (usize i = 0; i < size; i++) {
        if (bytes[i] == static_cast<u8>(value))
            return const_cast<u8*>(bytes + i);
    }
    return nullptr;
}

usize strlen(const char* text) {
    usize length = 0;
    while (text[length] != 0)
        length++;
    return length;
}

/// Leading zeros: the base instruction set has no instruction for it, and there is no libgcc for
/// this ABI. Six steps of halving.
int __clzdi2(u64 value) {
    int zeros = 0;
#pragma GCC unroll 6
    for (int half = 32; half > 0; half /= 2) {
        if (value >> (64 - half) == 0) {
            value <<= half;
            zeros += half;
        }
    }
    return zeros + (value >> 63 == 0 ? 1 : 0);
}

[[noreturn]] void __cxa_pure_virtual() {
    arch::on_fault("a pure virtual function was called");
}

} // extern "C"
