// SPDX-License-Identifier: BSD-2-Clause
#include "view/settings.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace view {
namespace {

/// Every setting once, for reading and for writing.
template <class Self, class Fn> void each(Self& settings, Fn&& fn) {
    fn("dark", settings.dark);
    fn("scale", settings.scale);
    fn("right_share", settings.right_share);
    fn("bottom_share", settings.bottom_share);
    fn("inspector_share", settings.inspector_share);
    fn("window_width", settings.window_width);
    fn("window_height", settings.window_height);
    fn("rate", settings.rate);
    fn("scenario", settings.scenario);
    fn("walk_done", settings.walk_done);
}

void make_sane(Settings& settings) {
    settings.scale = std::clamp(settings.scale, 0.75f, 3.0f);
    settings.right_share = std::clamp(settings.right_share, 0.1f, 0.8f);
    settings.bottom_share = std::clamp(settings.bottom_share, 0.1f, 0.8f);
    settings.inspector_share = std::clamp(settings.inspector_share, 0.1f, 0.9f);
    settings.window_width = std::clamp(settings.window_width, 640, 8192);
    settings.window_height = std::clamp(settings.window_height, 400, 8192);
    settings.rate = std::clamp(settings.rate, 0, 9);
}

} // namespace

std::filesystem::path Settings::default_path() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path base =
        config != nullptr && *config != 0
            ? std::filesystem::path(config)
            : std::filesystem::path(home != nullptr ? home : "/tmp") / ".config";
    return base / "interlude" / "settings.json";
}

Settings Settings::load(const std::filesystem::path& path) {
    Settings settings;
    std::ifstream file(path);
    auto json = nlohmann::json::parse(file, nullptr, false);
    if (!json.is_object())
        return settings;
    each(settings, [&]<class T>(const char* key, T& value) {
        auto at = json.find(key);
        if (at == json.end())
            return;
        bool fits = std::is_same_v<T, bool>          ? at->is_boolean()
                    : std::is_same_v<T, std::string> ? at->is_string()
                                                     : at->is_number();
        if (fits)
            value = at->template get<T>();
    });
    make_sane(settings);
    return settings;
}

void Settings::save(const std::filesystem::path& path) const {
    nlohmann::json json;
    each(*this, [&](const char* key, const auto& value) { json[key] = value; });
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::filesystem::path beside = path.string() + ".new";
    {
        std::ofstream file(beside);
        file << json.dump(2) << '\n';
        if (!file)
            return;
    }
    std::filesystem::rename(beside, path, ignored); // whole or not at all
}

} // namespace view
