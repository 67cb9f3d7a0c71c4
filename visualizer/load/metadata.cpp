// SPDX-License-Identifier: BSD-2-Clause
#include "load/metadata.hpp"

#include "trace/events.hpp"
#include "trace/packet.hpp"
#include "trace/words.hpp"

#include <charconv>
#include <fmt/format.h>

namespace load {

namespace {

using namespace trace;

std::string uuid_text() {
    std::string text;
    for (usize i = 0; i < sizeof trace_uuid; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += fmt::format("{:02x}", trace_uuid[i]);
    }
    return text;
}

// The CTF type of a field's type: an enumeration by its words, an id or a number by its size.
template <class F> std::string type_of(std::string_view) {
    return fmt::format("uint{}_t", sizeof(F) * 8);
}
template <> std::string type_of<Text>(std::string_view) {
    return "text_t";
}
template <Worded F> std::string type_of(std::string_view) {
    std::string values;
    for (const char* each : Words<F>::list)
        values += fmt::format("{}\"{}\"", values.empty() ? "" : ", ", each);
    return fmt::format("enum : uint{}_t {{ {} }}", sizeof(F) * 8, values);
}

std::string padding(usize bytes) {
    return bytes == 0 ? "" : fmt::format("    uint8_t _padding[{}];\n", bytes);
}

template <class E> std::string event_declaration() {
    E event{};
    Layout layout;
    usize end = fields_offset; // of the field before
    std::string fields;
    unsigned gaps = 0;
    E::describe(event, [&](const char* name, const auto& field) {
        using F = std::remove_cvref_t<decltype(field)>;
        usize at = layout.place(field);
        if (at != end)
            fields += fmt::format("    uint8_t _gap{}[{}];\n", gaps++, at - end);
        fields += fmt::format("    {} {};\n", type_of<F>(name), name);
        end = at + sizeof(F);
    });
    return fmt::format("event {{\n  name = \"{}\"; id = {}; stream_id = 0;\n  fields := struct "
                       "{{\n{}{}  }};\n}};\n",
                       E::info.name, id_of<E>, fields, padding(sizeof(Record) - end));
}

constexpr std::string_view preamble = R"(/* CTF 1.8 */
/* An Interlude trace. Each packet belongs to one hart; each event takes 32 bytes. */
typealias integer {{ size = 8;  align = 8; signed = false; }} := uint8_t;
typealias integer {{ size = 16; align = 8; signed = false; }} := uint16_t;
typealias integer {{ size = 32; align = 8; signed = false; }} := uint32_t;
typealias integer {{ size = 64; align = 8; signed = false; }} := uint64_t;
typealias integer {{ size = 8;  align = 8; signed = false; encoding = ASCII; }} := character_t;
trace {{
  major = 1; minor = 8; uuid = "{uuid}"; byte_order = le;
  packet.header := struct {{ uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; }};
}};
env {{
  domain = "interlude"; tracer_name = "interlude"; schema = "{schema:016x}"; events = {events};
}};
clock {{
  name = stamp; description = "the machine's time and order"; freq = {frequency}; offset = 0;
}};
typealias integer {{ size = 64; align = 8; signed = false; map = clock.stamp.value; }} := stamp_t;
typealias struct {{ character_t characters[16]; }} := text_t;
stream {{
  id = 0;
  packet.context := struct {{
    stamp_t timestamp_begin; stamp_t timestamp_end;
    uint64_t content_size; uint64_t packet_size;
    uint64_t packet_seq_num; uint64_t events_discarded;
    uint32_t cpu_id; uint32_t schema;
  }};
  event.header := struct {{ stamp_t timestamp; uint16_t id; }};
  event.context := struct {{ uint16_t lwp; }};
}};
)";

// The text behind `key = `, up to the next semicolon, without quotes.
std::string_view value_of(std::string_view text, std::string_view key) {
    usize at = text.find(key);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + key.size());
    text = text.substr(0, text.find(';'));
    usize first = text.find_first_not_of(" =\"");
    usize last = text.find_last_not_of(" \"");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, last - first + 1);
}

template <class T> bool parse(std::string_view text, T& into, int base) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, base);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

template <class E> std::string document_row() {
    E event{};
    std::string fields;
    E::describe(event, [&](const char* name, const auto&) {
        fields += fmt::format("{}{}", fields.empty() ? "" : ", ", name);
    });
    return fmt::format("| {} | `{}` | {} | {} | {} |\n", id_of<E>, E::info.name,
                       word(E::info.group), fields, E::info.sentence);
}

} // namespace

std::string ctf_metadata(u64 timebase) {
    std::string text =
        fmt::format(fmt::runtime(preamble), fmt::arg("uuid", uuid_text()),
                    fmt::arg("schema", schema), fmt::arg("events", Events::count),
                    fmt::arg("frequency", (timebase == 0 ? 1 : timebase) << order_bits));
    Events::for_each([&]<class E>() { text += event_declaration<E>(); });
    return text;
}

std::optional<MetadataFacts> read_metadata(std::string_view text) {
    if (!text.starts_with("/* CTF 1.8") || value_of(text, "tracer_name") != "interlude")
        return std::nullopt;
    MetadataFacts facts;
    usize env = text.find("env {");
    if (env == std::string_view::npos
        || !parse(value_of(text.substr(env), "schema"), facts.schema, 16)
        || !parse(value_of(text.substr(env), "events"), facts.events, 10))
        return std::nullopt;
    return facts;
}

std::string events_document() {
    std::string text = "# Events\n\n"
                       "Every event that the kernel can emit. Made from `kernel/trace/events/` by "
                       "`build/interlude schema`; do not edit.\n\n"
                       "| id | event | group | fields | what it says |\n|---|---|---|---|---|\n";
    Events::for_each([&]<class E>() { text += document_row<E>(); });
    return text;
}

} // namespace load
