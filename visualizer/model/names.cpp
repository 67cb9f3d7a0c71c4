// SPDX-License-Identifier: BSD-2-Clause
#include "model/names.hpp"

#include "trace/words.hpp"

#include <algorithm>
#include <charconv>

namespace model {

namespace {

constexpr usize longest_name = 255;

char printable(u8 byte) {
    return byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '?';
}

u32 key(trace::Kind kind, u32 id) {
    return trace::object(kind, id);
}

std::string nameless(trace::Kind kind, u32 id) {
    std::string number = std::to_string(id);
    return kind == trace::Kind::level ? number : std::string(trace::word(kind)) + ' ' + number;
}

} // namespace

std::string printable(const trace::Text& text) {
    std::string out;
    for (u8 byte : text.bytes) {
        if (byte == 0)
            break;
        out += printable(byte);
    }
    return out;
}

void Names::add(const trace::Name& name) {
    std::string& known = names_[name.object];
    bool& goes_on = open_[name.object];
    std::string chunk = printable(name.text);
    known = goes_on ? known + chunk : chunk;
    goes_on = chunk.size() == sizeof name.text.bytes;
    if (known.size() > longest_name)
        known.resize(longest_name);
}

std::string Names::of(trace::Kind kind, u32 id) const {
    auto found = names_.find(key(kind, id));
    return found != names_.end() && !found->second.empty() ? found->second : nameless(kind, id);
}

std::unordered_map<u32, std::string> Names::all(trace::Kind kind) const {
    std::unordered_map<u32, std::string> out;
    for (const auto& [object, name] : names_)
        if (trace::object_kind(object) == kind)
            out.emplace(trace::object_id(object), name);
    return out;
}

std::optional<u32> Names::find(trace::Kind kind, std::string_view name) const {
    std::optional<u32> found;
    for (const auto& [object, known] : names_)
        if (trace::object_kind(object) == kind && known == name)
            found = std::min(found.value_or(~0u), trace::object_id(object));
    if (found)
        return found;
    u32 id = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    return error == std::errc{} && end == name.data() + name.size() ? std::optional(id)
                                                                    : std::nullopt;
}

usize Names::memory() const {
    usize bytes = 0;
    for (const auto& [object, name] : names_)
        bytes += 2 * sizeof(void*) + sizeof object + sizeof name + name.capacity();
    return bytes + open_.size() * (2 * sizeof(void*) + 2 * sizeof(u32));
}

} // namespace model
