// SPDX-License-Identifier: BSD-2-Clause
#include "load/merger.hpp"

#include <algorithm>

namespace load {

namespace {

constexpr u64 end_of_time = ~0ull;

} // namespace

void Merger::add(HartId hart, const Record& record) {
    Queue& queue = queues_[static_cast<usize>(hart)];
    queue.records.push_back(record);
    queue.newest = std::max(queue.newest, record.stamp);
    newest_ = std::max(newest_, record.stamp);
}

void Merger::note(HartId hart, model::Problem problem) {
    Queue& queue = queues_[static_cast<usize>(hart)];
    queue.notes.push_back({queue.last_added(), std::move(problem)});
}

void Merger::heard_of(HartId hart, u64 stamp) {
    Queue& queue = queues_[static_cast<usize>(hart)];
    queue.newest = std::max(queue.newest, stamp);
    newest_ = std::max(newest_, stamp);
}

void Merger::close(HartId hart) {
    queues_[static_cast<usize>(hart)].newest = end_of_time;
}

void Merger::append_safe(unsigned harts) {
    u64 bound = end_of_time;
    for (unsigned h = 0; h < std::min(harts, model::max_harts); h++)
        bound = std::min(bound, queues_[h].newest);
    append_until(bound);
}

void Merger::append_before(u64 time) {
    if (time != 0)
        append_until((time << trace::order_bits) - 1);
}

void Merger::append_all() {
    append_until(end_of_time);
    for (Queue& queue : queues_)
        report_notes(queue);
}

usize Merger::waiting() const {
    usize total = 0;
    for (const Queue& queue : queues_)
        total += queue.records.size() - queue.head;
    return total;
}

void Merger::append_until(u64 stamp) {
    for (;;) {
        // The hart with the earliest record gives all it has before the next hart's earliest.
        unsigned first = model::max_harts, second = model::max_harts;
        for (unsigned h = 0; h < model::max_harts; h++) {
            if (queues_[h].empty())
                continue;
            if (first == model::max_harts || queues_[h].first() < queues_[first].first()) {
                second = first;
                first = h;
            } else if (second == model::max_harts || queues_[h].first() < queues_[second].first()) {
                second = h;
            }
        }
        if (first == model::max_harts || queues_[first].first() > stamp)
            return;
        u64 limit = stamp;
        if (second != model::max_harts) {
            // Among equal stamps the smaller hart goes first.
            u64 other = queues_[second].first();
            limit = std::min(limit, first < second || other == 0 ? other : other - 1);
        }
        take(first, limit);
    }
}

void Merger::report_notes(Queue& queue) {
    while (!queue.notes.empty() && queue.notes.front().before <= queue.popped) {
        model::Problem& problem = queue.notes.front().problem;
        problem.at_event = store_.size();
        store_.report(std::move(problem));
        queue.notes.pop_front();
    }
}

// At least the first record leaves, whatever the limit.
void Merger::take(unsigned hart, u64 limit) {
    Queue& queue = queues_[hart];
    do {
        if (!queue.notes.empty())
            report_notes(queue);
        store_.append(queue.records[queue.head++], static_cast<HartId>(hart));
        queue.popped++;
    } while (!queue.empty() && queue.first() <= limit);
    if (queue.empty()) {
        queue.records.clear();
        queue.head = 0;
    } else if (queue.head > queue.records.size() / 2 && queue.head > trace::packet_records) {
        queue.records.erase(queue.records.begin(),
                            queue.records.begin() + static_cast<std::ptrdiff_t>(queue.head));
        queue.head = 0;
    }
}

} // namespace load
