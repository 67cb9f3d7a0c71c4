// SPDX-License-Identifier: BSD-2-Clause
#include "boot/device_tree.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

/// Builds a flattened tree, in the order of the calls.
class TreeBuilder {
public:
    void begin(const std::string& name) {
        word(1);
        bytes(name.c_str(), name.size() + 1);
    }
    void end() { word(2); }
    void property(const std::string& name, const std::string& value) {
        word(3);
        word(static_cast<u32>(value.size()));
        word(static_cast<u32>(strings_.size()));
        bytes(value.data(), value.size());
        strings_ += name;
        strings_ += '\0';
    }
    void cells(const std::string& name, const std::vector<u32>& values) {
        std::string value;
        for (u32 cell : values)
            for (int shift = 24; shift >= 0; shift -= 8)
                value += static_cast<char>(cell >> shift);
        property(name, value);
    }
    std::vector<u8> blob() {
        word(9);
        std::string structure = std::exchange(structure_, "");
        u32 size = static_cast<u32>(header_size + structure.size() + strings_.size());
        u32 strings_at = static_cast<u32>(header_size + structure.size());
        for (u32 field :
             {u32{0xd00dfeed}, size, u32{header_size}, strings_at, u32{0}, u32{17}, u32{16}, u32{0},
              static_cast<u32>(strings_.size()), static_cast<u32>(structure.size())})
            word(field);
        std::string all = structure_ + structure + strings_;
        return {all.begin(), all.end()};
    }

private:
    static constexpr usize header_size = 40;
    void word(u32 value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            structure_ += static_cast<char>(value >> shift);
    }
    void bytes(const char* from, usize size) {
        structure_.append(from, size);
        structure_.resize((structure_.size() + 3) / 4 * 4);
    }
    std::string structure_;
    std::string strings_;
};

std::vector<u8> small_machine() {
    TreeBuilder tree;
    tree.begin("");
    tree.cells("#address-cells", {2});
    tree.cells("#size-cells", {2});
    tree.begin("cpus");
    tree.cells("#address-cells", {1});
    tree.cells("#size-cells", {0});
    tree.begin("cpu@3");
    tree.cells("reg", {3});
    tree.end();
    tree.end();
    tree.begin("serial@10000000");
    tree.property("compatible", std::string("vendor,uart\0ns16550a\0", 21));
    tree.cells("reg", {0, 0x10000000, 0, 0x100});
    tree.cells("interrupts", {10});
    tree.end();
    tree.end();
    return tree.blob();
}

std::vector<std::string> names_in(const std::vector<u8>& blob) {
    std::vector<std::string> names;
    boot::DeviceTree(blob.data()).for_each([&](const boot::Node& node) {
        names.emplace_back(node.name());
        (void)node.address();
        (void)node.is_compatible("ns16550a");
    });
    return names;
}

TEST(device_tree, nodes_come_parents_first) {
    EXPECT_EQ(names_in(small_machine()),
              (std::vector<std::string>{"", "cpus", "cpu@3", "serial@10000000"}));
}

TEST(device_tree, an_address_has_as_many_cells_as_the_parent_says) {
    std::vector<u8> blob = small_machine();
    u64 cpu = 0, serial = 0, serial_size = 0;
    boot::DeviceTree(blob.data()).for_each([&](const boot::Node& node) {
        if (std::string(node.name()) == "cpu@3")
            cpu = node.address();
        if (node.is_compatible("ns16550a")) {
            serial = node.address();
            serial_size = node.size();
            EXPECT_EQ(node.line(), 10u);
            EXPECT_FALSE(node.is_compatible("ns16550"));
        }
    });

    EXPECT_EQ(cpu, 3u);
    EXPECT_EQ(serial, 0x10000000u);
    EXPECT_EQ(serial_size, 0x100u);
}

TEST(device_tree, something_else_is_an_empty_tree) {
    std::vector<u8> nothing(64, 0);

    EXPECT_FALSE(boot::DeviceTree(nothing.data()).valid());
    EXPECT_FALSE(boot::DeviceTree(nullptr).valid());
    EXPECT_TRUE(names_in(nothing).empty());
}

TEST(device_tree, damage_anywhere_ends_the_walk_inside_the_blob) {
    const std::vector<u8> good = small_machine();
    std::mt19937 random(1);
    for (int round = 0; round < 20000; round++) {
        std::vector<u8> damaged = good;
        for (int i = 0; i < 3; i++) // the size stays, so that the address sanitizer sees the end
            damaged[8 + random() % (damaged.size() - 8)] = static_cast<u8>(random());
        (void)names_in(damaged);
    }
}

} // namespace
