// SPDX-License-Identifier: BSD-2-Clause
#include "session/image.hpp"

#include "session/descriptor.hpp"

#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <memory>
#include <stdexcept>

namespace session {

namespace {

void read_table(Elf* elf, Elf_Scn* section, const GElf_Shdr& header,
                std::map<std::string, u64>& symbols) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0)
        return;
    for (int i = 0; i < static_cast<int>(header.sh_size / header.sh_entsize); i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, i, &symbol) == nullptr)
            return;
        const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (name != nullptr && *name != 0)
            symbols.emplace(name, symbol.st_value);
    }
}

} // namespace

Image::Image(const std::filesystem::path& file)
    : file_(file) {
    if (!std::filesystem::exists(file))
        throw std::runtime_error("there is no kernel in " + file.string() + ": run `make kernel`");
    elf_version(EV_CURRENT);
    Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_begin(descriptor.number(), ELF_C_READ, nullptr),
                                            elf_end);
    GElf_Ehdr head;
    if (elf == nullptr || gelf_getehdr(elf.get(), &head) == nullptr || head.e_machine != EM_RISCV)
        throw std::runtime_error(file.string()
                                 + " is not a RISC-V kernel: run `make clean`, then `make kernel`");
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != nullptr && header.sh_type == SHT_SYMTAB)
            read_table(elf.get(), section, header, symbols_);
    }
}

std::optional<u64> Image::symbol(const std::string& name) const {
    auto found = symbols_.find(name);
    return found != symbols_.end() ? std::optional(found->second) : std::nullopt;
}

} // namespace session
