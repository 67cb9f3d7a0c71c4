// SPDX-License-Identifier: BSD-2-Clause
#include "model/narration.hpp"

#include "model/sentences.hpp"
#include "trace/words.hpp"

#include <string_view>

namespace model {

namespace {

// What a field prints as. Its type decides; where integers share a type, its name does.
class Field {
public:
    /// `levels`: what is called a level is an interrupt priority level.
    Field(const Names& names, std::string_view name, bool levels)
        : names_(names)
        , name_(name)
        , levels_(levels) {}

    Piece operator()(LwpId id) const { return link(Kind::lwp, names_.of(id), id, LwpId::none); }
    Piece operator()(HartId id) const { return link(Kind::hart, names_.of(id), id, HartId::none); }
    Piece operator()(LineId id) const { return link(Kind::line, names_.of(id), id, LineId::none); }
    Piece operator()(LockId id) const { return link(Kind::lock, names_.of(id), id, LockId::none); }
    Piece operator()(ChannelId id) const {
        return link(Kind::channel, names_.of(id), id, ChannelId::none);
    }
    Piece operator()(CalloutId id) const {
        return link(Kind::callout, names_.of(id), id, CalloutId::none);
    }
    Piece operator()(SoftintId id) const {
        return link(Kind::softint, names_.of(id), id, SoftintId::none);
    }
    Piece operator()(TextId id) const { return {names_.of(id)}; }
    Piece operator()(const Text& text) const { return {printable(text)}; }
    template <Worded E> Piece operator()(E value) const { return {spaced(word(value))}; }

    Piece operator()(u8 value) const {
        return {is_level() ? names_.of_level(value) : number(value)};
    }
    Piece operator()(u16 value) const { return {number(value)}; }
    Piece operator()(u32 value) const {
        if (name_ == "object")
            return {spaced(word(object_kind(value))) + ' ' + number(object_id(value)), true,
                    object_kind(value), object_id(value)};
        if (name_ == "passed")
            return {value != 0 ? "passed" : "failed"};
        return {number(value)};
    }
    Piece operator()(u64 value) const { return {number(value)}; }

private:
    template <class Id> static Piece link(Kind kind, std::string text, Id id, Id none) {
        return {std::move(text), id != none, kind, static_cast<u32>(id)};
    }
    static std::string number(u64 value) { return std::to_string(value); }
    static std::string spaced(std::string words) {
        for (char& c : words)
            c = c == '_' ? ' ' : c;
        return words;
    }
    bool is_level() const {
        return levels_
               && (name_ == "level" || name_ == "current" || name_ == "from" || name_ == "to");
    }

    const Names& names_;
    std::string_view name_;
    bool levels_;
};

template <class E>
Piece field_piece(const E& decoded, std::string_view wanted, const Event& event,
                  const Names& names) {
    Field print(names, wanted, !std::same_as<E, CalloutPlace>); // that one is a wheel's
    if (wanted == "lwp")
        return print(event.lwp());
    if (wanted == "hart")
        return print(event.hart);
    Piece piece{"{" + std::string(wanted) + "}"};
    E::describe(decoded, [&](const char* name, const auto& value) {
        if (wanted == name)
            piece = print(value);
    });
    return piece;
}

// "text {field} text": plain text and fields in turn.
template <class E>
std::vector<Piece> fill_in(const E& decoded, const Event& event, const Names& names) {
    std::vector<Piece> pieces;
    std::string_view rest = sentence_of(decoded);
    while (!rest.empty()) {
        usize open = rest.find('{');
        if (open != 0)
            pieces.push_back({std::string(rest.substr(0, open))});
        if (open == std::string_view::npos)
            break;
        usize close = rest.find('}', open);
        pieces.push_back(
            field_piece(decoded, rest.substr(open + 1, close - open - 1), event, names));
        rest.remove_prefix(close + 1);
    }
    return pieces;
}

std::string padded(u64 value, usize digits) {
    std::string text = std::to_string(value);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

} // namespace

std::vector<Piece> narrate(const Event& event, const Names& names) {
    std::vector<Piece> pieces;
    bool known = Events::visit(
        event.record, [&](const auto& decoded) { pieces = fill_in(decoded, event, names); });
    if (!known)
        pieces.push_back({"an event that this program does not know"});
    return pieces;
}

std::string sentence(const Event& event, const Names& names) {
    std::string text;
    for (const Piece& piece : narrate(event, names))
        text += piece.text;
    return text;
}

std::string format_time(u64 ticks, u64 timebase) {
    if (timebase == 0)
        return std::to_string(ticks) + " ticks";
    // As many digits as the clock resolves, in groups of three: 10 MHz gives "12.345 6 ms".
    usize digits = 0;
    u64 scale = 1;
    while (scale * 1000 < timebase && digits < 6) {
        scale *= 10;
        digits++;
    }
    u64 per_second = scale * 1000;
    u64 units = ticks / timebase * per_second + ticks % timebase * per_second / timebase;
    std::string fraction = digits == 0 ? "" : padded(units % scale, digits);
    for (usize at = 3; at < fraction.size(); at += 4)
        fraction.insert(at, " ");
    return std::to_string(units / scale) + (digits == 0 ? "" : "." + fraction) + " ms";
}

} // namespace model
