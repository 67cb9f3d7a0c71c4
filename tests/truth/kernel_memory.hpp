// SPDX-License-Identifier: BSD-2-Clause
// What the kernel's own structures say: run queues, who runs and who is pinned beneath, sleepers,
// owners and waiters of locks, priorities. Read through the debugger from a machine that stands
// still, in the words of the model, so that the two can be compared.
//
// Rules
//   - Meaningful only at a quiet point: no hart is in the middle of changing these structures.
//     There no spin mutex is held, and every hart has its interrupts enabled or waits for one
//     (masked, but at rest). Whatever changes the structures does so masked.
#pragma once

#include "debugger.hpp"
#include "layout.hpp"
#include "model/state.hpp"
#include "session/image.hpp"

#include <optional>
#include <vector>

namespace truth {

/// The part of a model::State that kernel memory knows as well.
struct Picture {
    struct Lwp {
        trace::LwpId id{};
        trace::LwpState state{};
        trace::HartId hart = trace::HartId::none; // if it runs, is pinned or is runnable
        u16 own = 0, inherited = 0;
        bool operator==(const Lwp&) const = default;
    };
    struct Hart {
        trace::LwpId running{};
        std::vector<trace::LwpId> pinned, run_queue;
        bool operator==(const Hart&) const = default;
    };
    struct Lock {
        u32 id = 0;
        trace::LwpId owner{};
        std::vector<trace::LwpId> waiters;
        u16 lent = 0;
        bool operator==(const Lock&) const = default;
    };
    struct Channel {
        u32 id = 0;
        std::vector<trace::LwpId> sleepers;
        bool operator==(const Channel&) const = default;
    };
    std::vector<Lwp> lwps;
    std::vector<Hart> harts;
    std::vector<Lock> locks;
    std::vector<Channel> channels;
};

[[nodiscard]] Picture picture_of(const model::State& state);

/// Every difference, a sentence each.
[[nodiscard]] std::vector<std::string> differences(const Picture& kernel, const Picture& model);

class KernelMemory {
public:
    KernelMemory(Debugger& debugger, const session::Image& image, const Layout& layout,
                 unsigned harts)
        : debugger_(debugger)
        , image_(image)
        , layout_(layout)
        , harts_(harts)
        , sstatus_(debugger.number_of("sstatus")) {}

    /// A hart that is in the middle of something, if the point is not quiet.
    [[nodiscard]] std::optional<unsigned> busy_hart();
    [[nodiscard]] Picture picture();

private:
    [[nodiscard]] u64 symbol(const char* name) const;
    [[nodiscard]] u64 pointer(u64 object, const char* type, const char* member);
    [[nodiscard]] trace::LwpId id_of(u64 lwp);
    [[nodiscard]] std::vector<trace::LwpId> list(u64 list);
    [[nodiscard]] Picture::Lwp read_lwp(u64 lwp);
    [[nodiscard]] Picture::Hart read_hart(unsigned hart, u64 running);
    [[nodiscard]] Picture::Lock read_lock(u64 lock);

    Debugger& debugger_;
    const session::Image& image_;
    const Layout& layout_;
    unsigned harts_;
    unsigned sstatus_;
};

} // namespace truth
