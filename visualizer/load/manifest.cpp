// SPDX-License-Identifier: BSD-2-Clause
#include "load/manifest.hpp"

#include "trace/event.hpp"

#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

namespace load {

namespace {

using Json = nlohmann::json;

void read(const Json& from, const char* key, std::string& into) {
    if (auto found = from.find(key); found != from.end() && found->is_string())
        into = found->get<std::string>();
}

void read(const Json& from, const char* key, std::vector<std::string>& into) {
    if (auto found = from.find(key); found != from.end() && found->is_array())
        for (const Json& word : *found)
            if (word.is_string())
                into.push_back(word.get<std::string>());
}

template <class T> void read_number(const Json& from, const char* key, T& into) {
    if (auto found = from.find(key); found != from.end() && found->is_number_unsigned())
        into = static_cast<T>(found->get<u64>());
}

} // namespace

std::string to_json(const Manifest& manifest) {
    Json json = {
        {"format", "interlude trace"},       {"image", manifest.image},
        {"image_hash", manifest.image_hash}, {"build_id", manifest.build_id},
        {"parameters", manifest.parameters}, {"qemu", manifest.qemu},
        {"started", manifest.started},       {"schema", fmt::format("{:016x}", manifest.schema)},
        {"timebase", manifest.timebase},     {"harts", manifest.harts},
    };
    if (const auto& finding = manifest.finding)
        json["finding"] = {{"failure", finding->failure},
                           {"caption", finding->caption},
                           {"departures", finding->departures}};
    // What is not UTF-8 (a path can be anything) is replaced rather than refused.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<Manifest> manifest_from(std::string_view text) {
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", Json()) != "interlude trace")
        return std::nullopt;
    Manifest manifest;
    read(json, "image", manifest.image);
    read(json, "image_hash", manifest.image_hash);
    read(json, "build_id", manifest.build_id);
    read(json, "parameters", manifest.parameters);
    read(json, "started", manifest.started);
    read_number(json, "timebase", manifest.timebase);
    read_number(json, "harts", manifest.harts);
    read(json, "qemu", manifest.qemu);
    if (auto found = json.find("finding"); found != json.end() && found->is_object()) {
        Finding& finding = manifest.finding.emplace();
        read(*found, "failure", finding.failure);
        read(*found, "caption", finding.caption);
        read(*found, "departures", finding.departures);
    }
    std::string schema;
    read(json, "schema", schema);
    manifest.schema = std::strtoull(schema.c_str(), nullptr, 16);
    return manifest;
}

std::string file_hash(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return "";
    trace::SchemaHash hash;
    std::vector<char> block(1 << 16);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0)
        for (std::streamsize i = 0; i < in.gcount(); i++)
            hash.add_byte(static_cast<u8>(block[static_cast<usize>(i)]));
    return fmt::format("{:016x}", hash.value());
}

} // namespace load
