// SPDX-License-Identifier: BSD-2-Clause
#include "explore/snapshot.hpp"

// The linker names the bounds of each section that is called like a variable.
extern "C" {
extern char __start_kernel_data[], __stop_kernel_data[];
extern char __start_kernel_bss[], __stop_kernel_bss[];
extern char __start_kernel_stacks[], __stop_kernel_stacks[];
[[gnu::weak]] void __asan_unpoison_memory_region(const volatile void* start, usize size);
}

namespace explore {

namespace {

constexpr usize page = 4096;
constexpr usize stack_reach = 1 << 17; // a used page is followed by no more than this of its stack

// Not memcpy, which AddressSanitizer watches: between the kernel's variables lies forbidden ground.
[[gnu::optimize("no-tree-loop-distribute-patterns")]] void copy(u64* to, const u64* from,
                                                                usize words) {
#if defined(__x86_64__)
    asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words)::"memory"); // twice as fast
#else
    for (usize i = 0; i < words; i++)
        to[i] = from[i];
#endif
}

bool is_used(const u64* words) {
    for (usize i = 0; i < page / sizeof(u64); i++)
        if (words[i] != 0)
            return true;
    return false;
}

} // namespace

void Snapshot::keep(const void* from, usize bytes) {
    usize words = bytes / sizeof(u64);
    const auto* at = static_cast<const u64*>(from);
    pieces_.push_back({const_cast<u64*>(at), words, copy_.size()});
    copy_.resize(copy_.size() + words);
    copy(copy_.data() + pieces_.back().offset, at, words);
}

void Snapshot::keep_used_pages(char* from, const char* to) {
    for (char* at = from; at + page <= to; at += page)
        if (is_used(reinterpret_cast<u64*>(at))) {
            keep(at, page);
            last_stack_ = at + stack_reach;
        }
}

void Snapshot::take() {
    pieces_.clear();
    copy_.clear();
    last_stack_ = __stop_kernel_stacks;
    forgive();
    keep(__start_kernel_data, static_cast<usize>(__stop_kernel_data - __start_kernel_data));
    keep(__start_kernel_bss, static_cast<usize>(__stop_kernel_bss - __start_kernel_bss));
    keep_used_pages(__start_kernel_stacks, __stop_kernel_stacks);
}

/// A run that ended in the middle left marks on its stacks that say "do not touch". The frames that
/// stand in the snapshot lose theirs, too; functions entered from here on make new ones.
void Snapshot::forgive() const {
    if (__asan_unpoison_memory_region == nullptr)
        return;
    char* end = last_stack_ < __stop_kernel_stacks ? last_stack_ : __stop_kernel_stacks;
    __asan_unpoison_memory_region(__start_kernel_stacks,
                                  static_cast<usize>(end - __start_kernel_stacks));
}

void Snapshot::restore() const {
    forgive();
    for (const Piece& piece : pieces_)
        copy(piece.at, copy_.data() + piece.offset, piece.words);
}

usize Snapshot::size() const {
    return copy_.size() * sizeof(u64);
}

} // namespace explore
