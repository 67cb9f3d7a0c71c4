// SPDX-License-Identifier: BSD-2-Clause
// The uncontended paths of the adaptive mutex, read out of the kernel image: how long they are,
// what they must not contain, and whether docs/what-a-lock-costs.md shows them.
#include <array>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string output_of(const std::string& command) {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    std::array<char, 4096> buffer{};
    while (size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get()))
        text.append(buffer.data(), size);
    return text;
}

struct Instruction {
    std::string mnemonic, operands;
};

/// From the first instruction of a function to its first return: the path on which no branch is
/// taken.
std::vector<Instruction> straight_path(const std::string& function) {
    std::istringstream listing(output_of("riscv64-linux-gnu-objdump -d --no-show-raw-insn "
                                         "--disassemble="
                                         + function + " build/kernel.elf"));
    std::vector<Instruction> path;
    const std::regex line(R"(\s*[0-9a-f]+:\s+(\S+)\s*([^#<]*).*)");
    std::smatch found;
    for (std::string text; std::getline(listing, text);)
        if (std::regex_match(text, found, line)) {
            path.push_back({found[1], found[2]});
            if (path.back().mnemonic == "ret")
                break;
        }
    return path;
}

class Mutex : public testing::TestWithParam<const char*> {};

TEST_P(Mutex, is_entered_and_left_in_eight_instructions_and_a_return) {
    std::vector<Instruction> path = straight_path(GetParam());

    ASSERT_FALSE(path.empty());
    EXPECT_EQ(path.back().mnemonic, "ret");
    EXPECT_LE(path.size(), 9u);
}

TEST_P(Mutex, is_one_atomic_update_and_writes_neither_a_level_nor_a_register_of_the_machine) {
    unsigned loads = 0, stores = 0;
    for (const Instruction& one : straight_path(GetParam())) {
        loads += one.mnemonic.starts_with("lr.");
        stores += one.mnemonic.starts_with("sc.");
        EXPECT_FALSE(one.mnemonic.starts_with("csr")) << one.mnemonic;
        EXPECT_FALSE(one.mnemonic == "sb" || one.mnemonic == "sh" || one.mnemonic == "sw"
                     || one.mnemonic == "sd")
            << one.mnemonic << " " << one.operands;
        EXPECT_FALSE(one.mnemonic.starts_with("jal")) << one.operands;
    }
    EXPECT_EQ(loads, 1u);
    EXPECT_EQ(stores, 1u);
}

TEST_P(Mutex, stands_in_the_documentation_as_it_is_in_the_image) {
    if (output_of("riscv64-linux-gnu-g++ -dumpversion").substr(0, 2) != "12")
        GTEST_SKIP() << "the page shows what GCC 12 makes of it";
    std::ifstream page("docs/what-a-lock-costs.md");
    std::string text;
    while (std::getline(page, text) && text != std::string(GetParam()) + ":") {
    }
    std::vector<std::string> shown;
    std::smatch found;
    const std::regex line(R"(    (\S+).*)");
    while (shown.empty() || shown.back() != "ret") {
        ASSERT_TRUE(std::getline(page, text)) << "the page ends within " << GetParam();
        if (std::regex_match(text, found, line))
            shown.push_back(found[1]);
    }
    std::vector<std::string> image;
    for (const Instruction& one : straight_path(GetParam()))
        image.push_back(one.mnemonic);
    EXPECT_EQ(shown, image);
}

INSTANTIATE_TEST_SUITE_P(boot, Mutex,
                         testing::Values("specimen_mutex_enter", "specimen_mutex_exit"));

// The wheels of callouts alone are 260 KB of empty buckets.
TEST(Image, carries_no_large_object_that_is_empty_at_first) {
    constexpr unsigned long most = 380'000; // 200 KB of them LWPs, which are zombies at first
    std::istringstream sections(output_of("riscv64-linux-gnu-size -A build/kernel.elf"));
    std::string name;
    unsigned long size = 0;
    while (name != ".data" && sections >> name) {
    }
    ASSERT_TRUE(sections >> size);
    EXPECT_LT(size, most);
}

} // namespace
