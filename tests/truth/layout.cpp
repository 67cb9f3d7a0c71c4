// SPDX-License-Identifier: BSD-2-Clause
#include "layout.hpp"

#include "session/descriptor.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <memory>
#include <stdexcept>

namespace truth {

struct Reader {
    static u64 number(Dwarf_Die& die, unsigned attribute) {
        Dwarf_Attribute found;
        Dwarf_Word value = 0;
        if (dwarf_attr(&die, attribute, &found) != nullptr)
            dwarf_formudata(&found, &value);
        return value;
    }

    static bool is_type(int tag) {
        return tag == DW_TAG_structure_type || tag == DW_TAG_class_type;
    }

    static void read_type(Dwarf_Die& die, Layout::Type& type) {
        type.size = number(die, DW_AT_byte_size);
        Dwarf_Die child;
        if (dwarf_child(&die, &child) != 0)
            return;
        do {
            if (dwarf_tag(&child) == DW_TAG_member && dwarf_diename(&child) != nullptr)
                type.members[dwarf_diename(&child)] = number(child, DW_AT_data_member_location);
        } while (dwarf_siblingof(&child, &child) == 0);
    }

    // All types of a scope and the scopes in it.
    static void read_scope(Dwarf_Die& scope, const std::string& prefix, Layout& layout) {
        Dwarf_Die die;
        if (dwarf_child(&scope, &die) != 0)
            return;
        do {
            int tag = dwarf_tag(&die);
            const char* name = dwarf_diename(&die);
            if (name == nullptr || (tag != DW_TAG_namespace && !is_type(tag)))
                continue;
            std::string full = prefix + name;
            if (is_type(tag) && !dwarf_hasattr(&die, DW_AT_declaration))
                read_type(die, layout.types_[full]);
            read_scope(die, full + "::", layout);
        } while (dwarf_siblingof(&die, &die) == 0);
    }
};

Layout::Layout(const std::filesystem::path& image) {
    session::Descriptor file(open(image.c_str(), O_RDONLY | O_CLOEXEC));
    std::unique_ptr<Dwarf, int (*)(Dwarf*)> dwarf(dwarf_begin(file.number(), DWARF_C_READ),
                                                  dwarf_end);
    if (dwarf == nullptr)
        throw std::runtime_error(image.string() + " has no debugging information");
    Dwarf_Off at = 0, next = 0;
    usize header = 0;
    while (dwarf_nextcu(dwarf.get(), at, &next, &header, nullptr, nullptr, nullptr) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(dwarf.get(), at + header, &unit) != nullptr)
            Reader::read_scope(unit, "", *this);
        at = next;
    }
}

u64 Layout::offset(const std::string& type, const std::string& member) const {
    auto found = types_.find(type);
    if (found == types_.end() || !found->second.members.contains(member))
        throw std::runtime_error("the kernel has no " + type + "::" + member);
    return found->second.members.at(member);
}

u64 Layout::size(const std::string& type) const {
    auto found = types_.find(type);
    if (found == types_.end())
        throw std::runtime_error("the kernel has no " + type);
    return found->second.size;
}

} // namespace truth
