// SPDX-License-Identifier: BSD-2-Clause
// The flattened device tree that firmware hands to the kernel: a reader, straight on its bytes.
//
//   boot::DeviceTree tree(blob);
//   tree.for_each([&](const boot::Node& node) {
//       if (node.is_compatible("ns16550a"))
//           uart = node.address();
//   });
//
// The blob is a list of tokens (a node begins, a property, a node ends) and a block of property
// names. Nothing is copied and nothing has a fixed size, because strings such as an ISA string grow
// with every release of QEMU. Whatever points outside the blob ends the walk: a broken tree looks
// like a short one.
//
// Rules
//   - The blob stays where it is and unchanged as long as nodes and properties of it are used.
// Read next: arch/riscv64/platform.cpp (what the kernel looks for)
#pragma once

#include "lib/types.hpp"

#include <concepts>

namespace boot {

/// A property's bytes. Numbers in it are big-endian 32-bit cells.
struct Property {
    const u8* bytes = nullptr; // nullptr: the node has no such property
    u32 size = 0;

    explicit operator bool() const { return bytes != nullptr; }
    [[nodiscard]] u32 cells() const { return size / 4; }
    /// 0 if there is no such cell.
    [[nodiscard]] u32 cell(u32 index) const;
    /// `count` cells (0 … 2) from `index` on, as one number.
    [[nodiscard]] u64 number(u32 index, u32 count) const;
    /// The property as one string; "" unless it ends with a zero byte.
    [[nodiscard]] const char* text() const;
    /// One of the zero-terminated strings in it is `wanted`.
    [[nodiscard]] bool lists(const char* wanted) const;
};

class DeviceTree;

class Node {
public:
    /// "serial@10000000"
    [[nodiscard]] const char* name() const { return name_; }
    /// 0 for the root.
    [[nodiscard]] unsigned depth() const { return depth_; }
    [[nodiscard]] Property property(const char* name) const;
    [[nodiscard]] bool is_compatible(const char* with) const {
        return property("compatible").lists(with);
    }
    /// First address and size of `reg`, in the cells that the parent prescribes.
    [[nodiscard]] u64 address() const { return property("reg").number(0, address_cells_); }
    [[nodiscard]] u64 size() const { return property("reg").number(address_cells_, size_cells_); }
    /// First interrupt line; 0 if it has none.
    [[nodiscard]] u32 line() const { return property("interrupts").cell(0); }

private:
    friend class DeviceTree;
    const DeviceTree* tree_ = nullptr;
    const char* name_ = "";
    u32 properties_ = 0; // offset of the first token behind the name
    unsigned depth_ = 0;
    u32 address_cells_ = 2;
    u32 size_cells_ = 1;
};

class DeviceTree {
public:
    DeviceTree() = default;
    explicit DeviceTree(const void* blob);

    /// The bytes begin like a device tree of a version that this reader knows.
    [[nodiscard]] bool valid() const { return bytes_ != nullptr; }

    /// Calls visit(node) for every node, parents first.
    void for_each(std::invocable<const Node&> auto&& visit) const {
        Walk walk;
        while (next(walk))
            visit(static_cast<const Node&>(walk.node));
    }

private:
    friend class Node;
    static constexpr unsigned max_depth = 16;

    struct Walk {
        Node node;
        u32 offset = 0;
        unsigned depth = 0; // of the next node
        u32 address_cells[max_depth + 1] = {2};
        u32 size_cells[max_depth + 1] = {1};
    };
    struct Token {
        u32 kind = 0;
        u32 end = 0;           // offset of the token behind
        const char* name = ""; // node or property
        Property property;
    };

    bool next(Walk& walk) const;
    /// The token at `offset`; kind `end` if it is broken.
    [[nodiscard]] Token token(u32 offset) const;
    [[nodiscard]] u32 word(u32 offset) const;
    /// A string that ends inside the blob, or nullptr.
    [[nodiscard]] const char* string(u32 offset, u32& length) const;

    const u8* bytes_ = nullptr;
    u32 size_ = 0;
    u32 structure_ = 0;
    u32 strings_ = 0;
};

} // namespace boot
