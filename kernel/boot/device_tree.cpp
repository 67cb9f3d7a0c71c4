// SPDX-License-Identifier: BSD-2-Clause
#include "boot/device_tree.hpp"

#include <string_view>

namespace boot {

namespace {

constexpr u32 magic = 0xd00dfeed;
constexpr u32 header_size = 40;
constexpr u32 largest_tree = 16 * 1024 * 1024;
constexpr u32 version_read = 17;

constexpr u32 node_begins = 1; // token kinds
constexpr u32 node_ends = 2;
constexpr u32 property_here = 3;
constexpr u32 nothing = 4;
constexpr u32 tree_ends = 9;

u32 big_endian(const u8* at) {
    return static_cast<u32>(at[0]) << 24 | static_cast<u32>(at[1]) << 16
           | static_cast<u32>(at[2]) << 8 | at[3];
}

constexpr u32 to_cell(u32 offset) {
    return (offset + 3) & ~3u;
}

} // namespace

u32 Property::cell(u32 index) const {
    return index < cells() ? big_endian(bytes + index * 4) : 0;
}

u64 Property::number(u32 index, u32 count) const {
    u64 value = 0;
    for (u32 i = index; i < cells() && i - index < count; i++)
        value = value << 32 | cell(i);
    return value;
}

const char* Property::text() const {
    if (size == 0 || bytes[size - 1] != 0)
        return "";
    return reinterpret_cast<const char*>(bytes);
}

bool Property::lists(const char* wanted) const {
    if (size == 0 || bytes[size - 1] != 0)
        return false;
    const char* text = reinterpret_cast<const char*>(bytes);
    for (u32 at = 0; at < size;) {
        std::string_view entry(text + at);
        if (entry == wanted)
            return true;
        at += static_cast<u32>(entry.size()) + 1;
    }
    return false;
}

Property Node::property(const char* name) const {
    if (tree_ == nullptr)
        return {};
    for (u32 offset = properties_;;) {
        DeviceTree::Token token = tree_->token(offset);
        if (token.kind == property_here && std::string_view(token.name) == name)
            return token.property;
        if (token.kind != property_here && token.kind != nothing)
            return {};
        offset = token.end;
    }
}

DeviceTree::DeviceTree(const void* blob) {
    const u8* bytes = static_cast<const u8*>(blob);
    if (bytes == nullptr || big_endian(bytes) != magic)
        return;
    u32 size = big_endian(bytes + 4);
    u32 oldest_compatible = big_endian(bytes + 24);
    structure_ = big_endian(bytes + 8);
    strings_ = big_endian(bytes + 12);
    if (size < header_size || size > largest_tree || structure_ > size || strings_ > size
        || structure_ % 4 != 0 || oldest_compatible > version_read)
        return;
    bytes_ = bytes;
    size_ = size;
}

u32 DeviceTree::word(u32 offset) const {
    return offset <= size_ - 4 ? big_endian(bytes_ + offset) : tree_ends;
}

const char* DeviceTree::string(u32 offset, u32& length) const {
    for (length = 0; offset < size_ && length < size_ - offset; length++) {
        if (bytes_[offset + length] == 0)
            return reinterpret_cast<const char*>(bytes_ + offset);
    }
    return nullptr;
}

DeviceTree::Token DeviceTree::token(u32 offset) const {
    Token token{.kind = word(offset), .end = offset + 4, .name = "", .property = {}};
    u32 length = 0;
    if (token.kind == node_begins) {
        token.name = string(token.end, length);
        token.end = to_cell(token.end + length + 1);
    } else if (token.kind == property_here) {
        u32 size = word(offset + 4);
        u32 name = word(offset + 8);
        u32 value = offset + 12;
        if (value > size_ || size > size_ - value || name > size_ - strings_)
            return {.kind = tree_ends, .end = offset, .name = "", .property = {}};
        token.name = string(strings_ + name, length);
        token.property = {.bytes = bytes_ + value, .size = size};
        token.end = to_cell(value + size);
    }
    if (token.name == nullptr)
        return {.kind = tree_ends, .end = offset, .name = "", .property = {}};
    return token;
}

bool DeviceTree::next(Walk& walk) const {
    if (bytes_ == nullptr)
        return false;
    if (walk.offset == 0)
        walk.offset = structure_;
    for (;;) {
        Token here = token(walk.offset);
        walk.offset = here.end;
        if (here.kind == node_begins) {
            if (walk.depth >= max_depth)
                return false;
            unsigned depth = walk.depth++;
            walk.node.tree_ = this;
            walk.node.name_ = here.name;
            walk.node.properties_ = here.end;
            walk.node.depth_ = depth;
            walk.node.address_cells_ = walk.address_cells[depth];
            walk.node.size_cells_ = walk.size_cells[depth];
            Property address_cells = walk.node.property("#address-cells");
            Property size_cells = walk.node.property("#size-cells");
            walk.address_cells[depth + 1] = address_cells ? address_cells.cell(0) : 2;
            walk.size_cells[depth + 1] = size_cells ? size_cells.cell(0) : 1;
            return true;
        }
        if (here.kind == node_ends) {
            if (walk.depth == 0)
                return false;
            walk.depth--;
        } else if (here.kind != property_here && here.kind != nothing) {
            return false; // the end, or something broken
        }
    }
}

} // namespace boot
