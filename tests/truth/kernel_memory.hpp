// SPDX-License-Identifier: BSD-2-Clause
// What the kernel's own structures say, in the words of the model (picture.hpp): read from the
// memory of a machine that stands still, and its registers, which the debugger knows.
//
// Rules
//   - Meaningful only at a quiet point: no hart is in the middle of changing these structures.
//     There no spin mutex is held, and every hart has its interrupts enabled or waits for one
//     (masked, but at rest). Whatever changes the structures does so masked.
#pragma once

#include "debugger.hpp"
#include "layout.hpp"
#include "picture.hpp"
#include "session/image.hpp"
#include "session/machine.hpp"

#include <optional>

namespace truth {

class KernelMemory {
public:
    KernelMemory(Debugger& debugger, const session::Machine& machine, const session::Image& image,
                 const Layout& layout, unsigned harts)
        : debugger_(debugger)
        , machine_(machine)
        , image_(image)
        , layout_(layout)
        , harts_(harts)
        , sstatus_(debugger.number_of("sstatus")) {}

    /// A hart that is in the middle of something, if the point is not quiet.
    [[nodiscard]] std::optional<unsigned> busy_hart();
    /// Some hart is about to execute the instruction at this address.
    [[nodiscard]] bool is_at(u64 address);
    [[nodiscard]] Picture picture();

private:
    template <class T> [[nodiscard]] T read(u64 address) const {
        std::span<const std::byte> bytes = machine_.memory(address, sizeof(T));
        if (bytes.size() != sizeof(T))
            throw std::runtime_error("the kernel's memory has no such address");
        T value;
        __builtin_memcpy(&value, bytes.data(), sizeof(T));
        return value;
    }
    template <class T> [[nodiscard]] T read(u64 object, const char* type, const char* member) {
        return read<T>(object + layout_.offset(type, member));
    }
    [[nodiscard]] u64 symbol(const char* name) const;
    [[nodiscard]] u64 pointer(u64 object, const char* type, const char* member) {
        return read<u64>(object, type, member);
    }
    [[nodiscard]] bool is_in_kernel(u64 address) const;
    [[nodiscard]] trace::LwpId id_of(u64 lwp);
    [[nodiscard]] std::vector<trace::LwpId> list(u64 list);
    [[nodiscard]] Picture::Lwp read_lwp(u64 lwp);
    [[nodiscard]] std::optional<trace::Level> read_level(u64 lwp);
    [[nodiscard]] Picture::Hart read_hart(unsigned hart, u64 running);
    [[nodiscard]] Picture::Lock read_lock(u64 lock);
    [[nodiscard]] trace::LwpId owner_in_mutex(u64 mutex);
    [[nodiscard]] trace::LwpId owner_of(u64 lock, trace::LockKind kind);
    [[nodiscard]] std::vector<trace::LwpId> readers_of(u64 lock);
    void read_wheel(unsigned hart, u64 wheel, std::vector<Picture::Callout>& out);
    void read_ring(unsigned hart, u64 ring, unsigned level, unsigned bucket,
                   std::vector<Picture::Callout>& out);
    [[nodiscard]] u64 lwp_at(u32 index) const;
    [[nodiscard]] u32 lwp_count() const;

    Debugger& debugger_;
    const session::Machine& machine_;
    const session::Image& image_;
    const Layout& layout_;
    unsigned harts_;
    unsigned sstatus_;
};

} // namespace truth
