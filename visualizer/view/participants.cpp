// SPDX-License-Identifier: BSD-2-Clause
#include "view/participants.hpp"

#include "load/manifest.hpp"

#include <array>
#include <concepts>

namespace view {
namespace {

/// Calls fn(Object) for each field that names an object.
template <class Fn> void each_object(const model::Event& event, Fn&& fn) {
    auto field = [&]<class T>(const char*, const T& value) {
        if constexpr (std::same_as<T, trace::HartId>) {
            if (value != trace::HartId::none)
                fn(object(value));
        } else if constexpr (requires { object(value); }) {
            if (value != T{})
                fn(object(value));
        }
    };
    trace::Events::visit(event.record,
                         [&]<class E>(const E& decoded) { E::describe(decoded, field); });
    if (event.lwp() != trace::LwpId::none)
        fn(object(event.lwp()));
    fn(object(event.hart));
}

struct Table {
    std::array<trace::Group, trace::Events::count + 1> groups{};
    std::array<const char*, trace::Events::count + 1> names{};
};

const Table& table() {
    static const Table made = [] {
        Table t;
        t.names[0] = "unknown";
        trace::Events::for_each([&]<class E>() {
            t.groups[trace::id_of<E>] = E::info.group;
            t.names[trace::id_of<E>] = E::info.name;
        });
        return t;
    }();
    return made;
}

u16 bounded(u16 id) {
    return id <= trace::Events::count ? id : u16{0};
}

} // namespace

std::vector<Object> participants(const model::Event& event) {
    std::vector<Object> objects;
    each_object(event, [&](const Object& one) { objects.push_back(one); });
    return objects;
}

bool mentions(const model::Event& event, const Object& object) {
    bool found = false;
    each_object(event, [&](const Object& one) { found = found || one == object; });
    return found;
}

bool is_departure(const model::Event& event, const model::Names& names) {
    if (event.id() != trace::id_of<trace::Mark>)
        return false;
    auto mark = trace::unpack<trace::Mark>(event.record);
    return names.of(mark.text).starts_with(load::departure_mark);
}

trace::Group group_of(u16 id) {
    return table().groups[bounded(id)];
}

const char* event_name(u16 id) {
    return table().names[bounded(id)];
}

const char* group_name(trace::Group group) {
    static constexpr const char* names[] = {"meta",    "sched",   "lock",     "spin", "irq",
                                            "softint", "callout", "scenario", "spl"};
    auto at = static_cast<usize>(group);
    return at < std::size(names) ? names[at] : "unknown";
}

} // namespace view
