// SPDX-License-Identifier: BSD-2-Clause
// How arrange() works: one Arranger tries one density.
//
// The picture is cut into the lines above, harts and those who wait in the middle, and a strip of
// soft interrupts and timing wheels below; a file each: arrange.cpp, arrange_waiting.cpp,
// arrange_strip.cpp. Lengths are in pixels at scale 1 and go through px().
#pragma once

#include "view/machine/scene.hpp"

#include <cmath>

namespace view::machine {

using trace::HartId;
using trace::LwpId;

/// Sizes of one density, in pixels at scale 1.
struct Sizes {
    float stage, list, chip; // heights: card on the CPU, card in a list, LWP at rest
    float chip_width;
    float lamp, bar_gap; // interrupt lines, and from them to the PLIC
    float strip, wheels; // the strip at the bottom without callouts and with them
    float queue_title;   // of a run queue
    usize pinned;        // how many have room reserved
    Detail list_detail, chip_detail;
    usize group_limit; // entries of a turnstile or sleep queue before the rest becomes a count
};
constexpr Sizes densities[] = {
    {50, 40, 20, 98, 38, 16, 78, 118, 20, 2, Detail::two_lines, Detail::one_line, 8},
    {44, 22, 19, 88, 38, 16, 70, 104, 20, 1, Detail::one_line, Detail::one_line, 8},
    {38, 19, 12, 12, 22, 10, 60, 84, 20, 1, Detail::one_line, Detail::dot, 5},
    {24, 19, 8, 8, 22, 8, 50, 66, 3, 0, Detail::one_line, Detail::dot, 4},
};
constexpr int dense = static_cast<int>(std::size(densities)) - 1;

constexpr float gap = 4, margin = 8, title = 20;
constexpr float column_gap = 18; // wires run here
constexpr float bar_height = 13, wires_height = 14;
constexpr float wire_margin = 18; // right of those who wait: wires among them turn round here
constexpr float owner_gap = 56;   // between harts and those who wait: wires to owners run here

/// Which LWPs are on a hart, and which are anywhere but at rest. For a few events an LWP is in two
/// places (it has entered a queue and not yet left the CPU) or in none (woken, not yet queued): on
/// a hart it is drawn there; nowhere, with those at rest.
struct Places {
    std::vector<bool> on_hart, somewhere;

    explicit Places(const model::State& state)
        : on_hart(state.lwps.size())
        , somewhere(state.lwps.size()) {
        for (const model::Hart& hart : state.harts) {
            take(on_hart, {hart.running});
            take(on_hart, hart.pinned);
            take(somewhere, hart.run_queue);
        }
        for (const model::Lock& lock : state.locks)
            take(somewhere, lock.waiters);
        for (const model::Channel& channel : state.channels)
            take(somewhere, channel.sleepers);
        for (usize i = 0; i < on_hart.size(); i++)
            somewhere[i] = somewhere[i] || on_hart[i];
    }
    [[nodiscard]] std::vector<LwpId> off_harts(const std::vector<LwpId>& lwps) const {
        std::vector<LwpId> rest;
        for (LwpId lwp : lwps)
            if (auto id = static_cast<usize>(lwp); id < on_hart.size() && !on_hart[id])
                rest.push_back(lwp);
        return rest;
    }

private:
    static void take(std::vector<bool>& set, const std::vector<LwpId>& lwps) {
        for (LwpId lwp : lwps)
            if (auto id = static_cast<usize>(lwp); id < set.size())
                set[id] = true;
    }
};

class Arranger {
public:
    Arranger(const model::State& state, Point size, float scale, int density)
        : state_(state)
        , size_(size)
        , scale_(scale)
        , density_(density)
        , sizes_(densities[density])
        , places_(state) {}

    /// True if all fitted without a count.
    bool run();
    Scene scene;

private:
    [[nodiscard]] float px(float at_scale_one) const { return std::round(at_scale_one * scale_); }
    void add(Part part, u32 id, Rect at, Detail detail = Detail::two_lines, bool hidden = false);
    /// Returns where the harts begin.
    float lines();
    [[nodiscard]] bool rests(u32 id) const {
        const model::Lwp& lwp = state_.lwps[id];
        return lwp.known && lwp.state != trace::LwpState::zombie && !places_.somewhere[id];
    }
    void harts(Rect room);
    void hart(u32 id, Rect room);
    float at_rest_row(u32 hart, Rect room);
    void list(const std::vector<model::LwpId>& lwps, Rect room, usize limit);
    struct Group {
        Part part;
        u32 id;
        std::vector<LwpId> lwps;
        float head; // height of its words
    };
    [[nodiscard]] std::vector<Group> groups() const;
    void waiting(Rect room);
    void group(const Group& group, Rect room);
    void softints(Rect room);
    void callouts(Rect room);
    void wheel(u32 hart, Rect room);
    void marks(u32 hart, const Rect& room);
    void chips(Part part, const std::vector<u32>& ids, Rect room, float width);
    void count(u64 key, usize hidden, Rect at);

    const model::State& state_;
    Point size_;
    float scale_;
    int density_;
    const Sizes& sizes_;
    Places places_;
    bool fits_ = true;
};

} // namespace view::machine
