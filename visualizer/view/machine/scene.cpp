// SPDX-License-Identifier: BSD-2-Clause
#include "view/machine/scene.hpp"

#include <algorithm>

namespace view::machine {

const Item* Scene::find(u64 key) const {
    auto at = std::find_if(items.begin(), items.end(), [&](const Item& i) { return i.key == key; });
    return at == items.end() ? nullptr : &*at;
}

u64 key_of(const Object& object) {
    switch (object.kind) {
    case trace::Kind::lwp:
        return key_of(Part::lwp, object.id);
    case trace::Kind::hart:
        return key_of(Part::hart, object.id);
    case trace::Kind::line:
        return key_of(Part::line, object.id);
    case trace::Kind::lock:
        return key_of(Part::turnstile, object.id);
    case trace::Kind::channel:
        return key_of(Part::channel, object.id);
    case trace::Kind::callout:
        return key_of(Part::callout, object.id);
    case trace::Kind::softint:
        return key_of(Part::softint, object.id);
    default:
        return 0;
    }
}

std::optional<Object> object_of(const Item& item) {
    switch (item.part) {
    case Part::lwp:
        return Object{trace::Kind::lwp, item.id};
    case Part::hart:
    case Part::wheel:
        return Object{trace::Kind::hart, item.id};
    case Part::line:
        return Object{trace::Kind::line, item.id};
    case Part::turnstile:
        return Object{trace::Kind::lock, item.id};
    case Part::channel:
        return Object{trace::Kind::channel, item.id};
    case Part::callout:
    case Part::mark:
        return Object{trace::Kind::callout, item.id};
    case Part::softint:
        return Object{trace::Kind::softint, item.id};
    default:
        return std::nullopt;
    }
}

} // namespace view::machine
