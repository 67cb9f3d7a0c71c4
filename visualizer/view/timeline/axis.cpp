// SPDX-License-Identifier: BSD-2-Clause
#include "view/timeline/axis.hpp"

#include <algorithm>
#include <cmath>

namespace view::timeline {
namespace {

constexpr double closest = 4; // units across the whole width at the closest zoom

} // namespace

void Axis::set_run(const model::Store& store) {
    store_ = &store;
    if (store.empty())
        length_ = 1;
    else if (scale_ == Scale::events)
        length_ = static_cast<double>(store.size());
    else
        length_ = static_cast<double>(store.time(store.size() - 1) - store.time(0)) * 1.005 + 1;
    if (all_)
        show_all();
    clamp();
}

void Axis::set_scale(Scale scale) {
    if (scale == scale_ || store_ == nullptr)
        return;
    usize first = events_before(from_), last = events_before(to());
    bool all = all_;
    scale_ = scale;
    set_run(*store_);
    if (all || last <= first || store_->empty())
        return show_all();
    from_ = position(std::min(first, store_->size() - 1));
    span_ = std::max(closest, position(std::min(last, store_->size() - 1)) - from_);
    all_ = false;
    clamp();
}

void Axis::show_all() {
    from_ = 0;
    span_ = length_;
    all_ = true;
}

void Axis::zoom(float x, double factor) {
    double anchor = at(x);
    span_ = std::clamp(span_ / factor, std::min(closest, length_), length_);
    from_ = anchor - static_cast<double>(x) * per_pixel();
    all_ = span_ >= length_;
    clamp();
}

void Axis::pan(float pixels) {
    from_ -= static_cast<double>(pixels) * per_pixel();
    clamp();
}

void Axis::reveal(double position) {
    if (position >= from_ && position <= to())
        return;
    from_ = position - span_ * 0.7;
    clamp();
}

void Axis::clamp() {
    span_ = std::min(span_, length_);
    from_ = std::clamp(from_, 0.0, std::max(0.0, length_ - span_));
}

float Axis::x_of(double position) const {
    double x = (position - from_) / per_pixel();
    return static_cast<float>(std::clamp(x, -1e6, 1e6));
}

double Axis::position(usize event) const {
    if (scale_ == Scale::events)
        return static_cast<double>(event);
    if (event >= store_->size())
        return length_;
    return static_cast<double>(store_->time(event) - store_->time(0));
}

usize Axis::events_before(double position) const {
    if (store_ == nullptr || store_->empty() || position <= 0)
        return 0;
    if (scale_ == Scale::events)
        return std::min(store_->size(), static_cast<usize>(std::ceil(position)));
    double time = std::ceil(position) - 1 + static_cast<double>(store_->time(0));
    return store_->upper_bound(static_cast<u64>(time));
}

u64 Axis::time_at(double position) const {
    if (store_->empty())
        return 0;
    if (scale_ == Scale::time)
        return store_->time(0) + static_cast<u64>(std::max(0.0, position));
    auto event = static_cast<usize>(std::max(0.0, position));
    return store_->time(std::min(event, store_->size() - 1));
}

} // namespace view::timeline
