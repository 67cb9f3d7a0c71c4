// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/motion.hpp"

#include <algorithm>
#include <cmath>

namespace view::machine {
namespace {

constexpr float stiffness = 13;      // per second; a move takes about a third of one
constexpr float fade_per_second = 6; // of alpha
constexpr float near = 0.4f;         // pixels: closer than this is there

/// One coordinate: exact critically damped step. True if it has arrived.
bool pull(float& at, float& velocity, float target, float seconds, float omega) {
    float x = at - target;
    float decay = std::exp(-omega * seconds);
    float c = velocity + omega * x;
    at = target + (x + c * seconds) * decay;
    velocity = (velocity - omega * c * seconds) * decay;
    if (std::fabs(at - target) > near || std::fabs(velocity) > near * omega)
        return false;
    at = target;
    velocity = 0;
    return true;
}

bool pull(Rect& at, Rect& velocity, const Rect& target, float seconds, float omega) {
    bool there = pull(at.x, velocity.x, target.x, seconds, omega);
    there &= pull(at.y, velocity.y, target.y, seconds, omega);
    there &= pull(at.w, velocity.w, target.w, seconds, omega);
    return pull(at.h, velocity.h, target.h, seconds, omega) && there;
}

} // namespace

void Motion::advance(const Scene& scene, float seconds, float pace) {
    for (auto& [key, body] : bodies_)
        body.wanted = false;
    for (const Item& item : scene.items) {
        auto [place, is_new] = bodies_.try_emplace(item.key);
        Body& body = place->second;
        if (is_new)
            body.at = item.at;
        body.item = item;
        body.wanted = true;
    }
    resting_ = true;
    for (auto place = bodies_.begin(); place != bodies_.end();) {
        Body& body = place->second;
        bool there = pull(body.at, body.velocity, body.item.at, seconds, stiffness * pace);
        float alpha = body.wanted && !body.item.hidden ? 1.0f : 0.0f;
        float most = fade_per_second * pace * seconds;
        body.alpha += std::clamp(alpha - body.alpha, -most, most);
        resting_ = resting_ && there && body.alpha == alpha;
        bool gone = !body.wanted && body.alpha == 0;
        place = gone ? bodies_.erase(place) : std::next(place);
    }
}

void Motion::settle(const Scene& scene) {
    bodies_.clear();
    advance(scene, 1e3f, 1);
}

const Motion::Body* Motion::find(u64 key) const {
    auto place = bodies_.find(key);
    return place == bodies_.end() ? nullptr : &place->second;
}

std::vector<const Motion::Body*> Motion::in_order() const {
    std::vector<const Body*> order;
    order.reserve(bodies_.size());
    for (const auto& [key, body] : bodies_)
        order.push_back(&body);
    auto moves = [](const Body* body) { return body->velocity.x != 0 || body->velocity.y != 0; };
    std::sort(order.begin(), order.end(), [&](const Body* a, const Body* b) {
        if (a->item.part != b->item.part)
            return a->item.part < b->item.part;
        if (moves(a) != moves(b))
            return moves(b);
        return a->item.key < b->item.key;
    });
    return order;
}

} // namespace view::machine
