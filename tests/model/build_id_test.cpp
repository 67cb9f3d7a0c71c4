// SPDX-License-Identifier: BSD-2-Clause
// The build id in an ELF file, and what is no such file.
#include "load/build_id.hpp"

#include "model/packets.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>

using namespace model_test;

namespace {

struct BuildId : testing::Test {
    TemporaryDirectory directory;

    std::string id_of(const std::string& bytes) const {
        write_file(directory.path() / "program", bytes);
        return load::build_id(directory.path() / "program");
    }
};

template <class T> void append(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string note(u32 type, const std::string& owner, const std::string& description) {
    std::string bytes;
    append(bytes, Elf64_Nhdr{.n_namesz = static_cast<u32>(owner.size()),
                             .n_descsz = static_cast<u32>(description.size()),
                             .n_type = type});
    for (const std::string& part : {owner, description}) {
        bytes += part;
        bytes.resize((bytes.size() + 3) / 4 * 4);
    }
    return bytes;
}

const std::string gnu("GNU\0", 4);

/// A file with one section, of notes.
std::string program(const std::string& notes) {
    Elf64_Ehdr head{};
    std::memcpy(head.e_ident, ELFMAG, SELFMAG);
    head.e_ident[EI_CLASS] = ELFCLASS64;
    head.e_ident[EI_DATA] = ELFDATA2LSB;
    head.e_shoff = sizeof head;
    head.e_shentsize = sizeof(Elf64_Shdr);
    head.e_shnum = 1;
    Elf64_Shdr section{};
    section.sh_type = SHT_NOTE;
    section.sh_offset = sizeof head + sizeof section;
    section.sh_size = notes.size();
    std::string bytes;
    append(bytes, head);
    append(bytes, section);
    return bytes + notes;
}

} // namespace

TEST_F(BuildId, is_found_among_other_notes) {
    std::string other = note(1, std::string("CORE\0", 5), "xyz") + note(5, gnu, "12345678");
    std::string id = note(NT_GNU_BUILD_ID, gnu, "\xca\xfe\x01");
    EXPECT_EQ(id_of(program(other + id)), "cafe01");
    EXPECT_EQ(id_of(program(id + other)), "cafe01");
}

TEST_F(BuildId, is_empty_where_there_is_none) {
    EXPECT_EQ(load::build_id(directory.path() / "nothing"), "");
    EXPECT_EQ(id_of(""), "");
    EXPECT_EQ(id_of("#!/bin/sh\n"), "");
    EXPECT_EQ(id_of(program("")), "");
    EXPECT_EQ(id_of(program(note(NT_GNU_BUILD_ID, std::string("FOE\0", 4), "id"))), "");
}

// Each word of the file is made huge in turn, and the file is cut off at each byte.
TEST_F(BuildId, of_a_damaged_file_is_nothing_worse_than_wrong) {
    const std::string whole = program(note(NT_GNU_BUILD_ID, gnu, "id"));
    for (usize at = 0; at < whole.size(); at += 4)
        for (u32 word : {0xffffffffU, 0x7fffffffU, 0xfffffff0U}) {
            std::string damaged = whole;
            std::memcpy(damaged.data() + at, &word, sizeof word);
            EXPECT_LE(id_of(damaged).size(), 128U);
        }
    for (usize size = 0; size < whole.size(); size++)
        EXPECT_LE(id_of(whole.substr(0, size)).size(), 4U);
}
