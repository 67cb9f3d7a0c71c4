// SPDX-License-Identifier: BSD-2-Clause
#include "load/build_id.hpp"

#include "lib/types.hpp"

#include <array>
#include <cstring>
#include <elf.h>
#include <fmt/format.h>
#include <fstream>
#include <optional>

namespace load {

namespace {

constexpr u32 longest_id = 64; // bytes; any that a linker makes has 8 to 32

template <class T> std::optional<T> read_at(std::ifstream& in, u64 offset) {
    T value;
    in.clear();
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(reinterpret_cast<char*>(&value), sizeof value);
    return in ? std::optional(value) : std::nullopt;
}

std::string hexadecimal(std::ifstream& in, u64 offset, u32 size) {
    std::string digits;
    for (u32 i = 0; i < size && i < longest_id; i++)
        if (auto byte = read_at<u8>(in, offset + i))
            digits += fmt::format("{:02x}", *byte);
    return digits;
}

/// The id in a section of notes, each a header, a name and a description in whole words.
std::string id_in_notes(std::ifstream& in, const Elf64_Shdr& section) {
    auto words = [](u64 bytes) { return (bytes + 3) / 4 * 4; };
    for (u64 at = 0; at < section.sh_size;) {
        u64 here = section.sh_offset + at;
        auto note = read_at<Elf64_Nhdr>(in, here);
        if (!note)
            break;
        u64 name = here + sizeof *note, description = name + words(note->n_namesz);
        auto owner = read_at<std::array<char, sizeof ELF_NOTE_GNU>>(in, name);
        if (note->n_type == NT_GNU_BUILD_ID && owner
            && std::memcmp(owner->data(), ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0)
            return hexadecimal(in, description, note->n_descsz);
        at += sizeof *note + words(note->n_namesz) + words(note->n_descsz);
    }
    return "";
}

bool is_ours(const Elf64_Ehdr& head) {
    return std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 && head.e_ident[EI_CLASS] == ELFCLASS64
           && head.e_ident[EI_DATA] == ELFDATA2LSB && head.e_shentsize == sizeof(Elf64_Shdr);
}

} // namespace

std::string build_id(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    auto head = read_at<Elf64_Ehdr>(in, 0);
    if (!head || !is_ours(*head))
        return "";
    for (u64 i = 0; i < head->e_shnum; i++) {
        auto section = read_at<Elf64_Shdr>(in, head->e_shoff + i * sizeof(Elf64_Shdr));
        if (!section || section->sh_type != SHT_NOTE)
            continue;
        if (std::string id = id_in_notes(in, *section); !id.empty())
            return id;
    }
    return "";
}

} // namespace load
