// SPDX-License-Identifier: BSD-2-Clause
// Names of objects, gathered from Name events. A name never changes its meaning within a trace, so
// the table belongs to the store, not to the state.
#pragma once

#include "trace/events.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace model {

/// The text up to its first zero; bytes that are not printable ASCII become '?'.
[[nodiscard]] std::string printable(const trace::Text& text);

class Names {
public:
    /// Takes 16 more bytes of a name. Bytes that are not printable ASCII become '?'; a name ends at
    /// 255.
    void add(const trace::Name& name);

    /// The name of an object, or "lwp 7", "lock 3", … if it has none.
    [[nodiscard]] std::string of(trace::Kind kind, u32 id) const;
    /// Id "none" of an LWP or a hart reads "nobody" and "any hart".

    std::string of(trace::LwpId id) const {
        return id == trace::LwpId::none ? "nobody" : of(trace::Kind::lwp, static_cast<u32>(id));
    }
    std::string of(trace::HartId id) const {
        return id == trace::HartId::none ? "any hart" : of(trace::Kind::hart, static_cast<u32>(id));
    }
    std::string of(trace::LineId id) const { return of(trace::Kind::line, static_cast<u32>(id)); }
    std::string of(trace::LockId id) const { return of(trace::Kind::lock, static_cast<u32>(id)); }
    std::string of(trace::ChannelId id) const {
        return of(trace::Kind::channel, static_cast<u32>(id));
    }
    std::string of(trace::CalloutId id) const {
        return of(trace::Kind::callout, static_cast<u32>(id));
    }
    std::string of(trace::SoftintId id) const {
        return of(trace::Kind::softint, static_cast<u32>(id));
    }
    std::string of(trace::TextId id) const { return of(trace::Kind::text, static_cast<u32>(id)); }
    /// The level's name ("net"), or its number.
    std::string of_level(trace::Level level) const { return of(trace::Kind::level, level); }

    /// All objects of one kind that have names, by id.
    [[nodiscard]] std::unordered_map<u32, std::string> all(trace::Kind kind) const;

    /// The object of this kind that is called so, or has this number; nothing if there is none.
    /// If several have the name, the one with the smallest id.
    [[nodiscard]] std::optional<u32> find(trace::Kind kind, std::string_view name) const;

    [[nodiscard]] usize memory() const; // bytes, about

private:
    std::unordered_map<u32, std::string> names_;
    std::unordered_map<u32, bool> open_; // the last chunk was full: the name goes on
};

} // namespace model
