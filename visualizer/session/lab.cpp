// SPDX-License-Identifier: BSD-2-Clause
#include "session/lab.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <toml++/toml.h>

namespace session {

namespace {

/// Takes keys out of a table; what is left over at the end was not expected.
class Keys {
public:
    Keys(toml::table table, std::string file)
        : table_(std::move(table))
        , file_(std::move(file)) {}

    template <class T> void take(const char* key, T& value) {
        const toml::node* node = table_.get(key);
        if (node == nullptr)
            return;
        auto found = node->value_exact<std::conditional_t<std::integral<T>, i64, T>>();
        if (!found)
            fail(*node, fmt::format("\"{}\" has a value of the wrong kind", key));
        if constexpr (std::integral<T>) {
            if (*found < 0)
                fail(*node, fmt::format("\"{}\" cannot be negative", key));
        }
        value = static_cast<T>(*found);
        table_.erase(key);
    }

    void take(const char* key, std::vector<std::string>& values) {
        const toml::node* node = table_.get(key);
        if (node == nullptr)
            return;
        if (!node->is_array())
            fail(*node, fmt::format("\"{}\" must be a list", key));
        for (const toml::node& item : *node->as_array()) {
            if (!item.is_string())
                fail(item, fmt::format("\"{}\" must be a list of strings", key));
            values.push_back(item.as_string()->get());
        }
        table_.erase(key);
    }

    Keys take_table(const char* key) {
        const toml::node* node = table_.get(key);
        if (node != nullptr && !node->is_table())
            fail(*node, fmt::format("\"{}\" must be a table: [{}]", key, key));
        Keys keys(node != nullptr ? *node->as_table() : toml::table{}, file_);
        table_.erase(key);
        return keys;
    }

    /// All that is left, as text.
    std::map<std::string, std::string> take_all() {
        std::map<std::string, std::string> values;
        for (const auto& [key, node] : table_)
            values[std::string(key.str())] = node.value_or(std::string());
        table_.clear();
        return values;
    }

    void expect_no_more() const {
        for (const auto& [key, node] : table_)
            fail(node, fmt::format("\"{}\" is not a key of lab.toml", key.str()));
    }

private:
    [[noreturn]] void fail(const toml::node& node, const std::string& what) const {
        throw std::runtime_error(fmt::format("{}:{}: {}", file_, node.source().begin.line, what));
    }

    toml::table table_;
    std::string file_;
};

toml::table parse(const std::string& file) {
    try {
        return toml::parse_file(file);
    } catch (const toml::parse_error& error) {
        throw std::runtime_error(fmt::format("{}:{}: {}", file, error.source().begin.line,
                                             std::string(error.description())));
    }
}

} // namespace

Lab load_lab(const std::filesystem::path& folder) {
    Lab lab;
    lab.folder = folder.lexically_normal();
    if (!lab.folder.has_filename())
        lab.folder = lab.folder.parent_path();
    lab.name = lab.folder.filename().string();

    std::string file = (lab.folder / "lab.toml").string();
    if (!std::filesystem::exists(file))
        throw std::runtime_error(
            fmt::format("{} is not a lab: it has no lab.toml", folder.string()));

    Keys keys(parse(file), file);
    std::vector<std::string> edit;
    keys.take("title", lab.title);
    keys.take("scenario", lab.scenario);
    keys.take("harts", lab.harts);
    keys.take("seed", lab.seed);
    keys.take("parameters", lab.parameters);
    keys.take("edit", edit);
    for (const std::string& name : edit)
        lab.edit.push_back(lab.folder / name);
    lab.view = keys.take_table("view").take_all();

    Keys limits = keys.take_table("limits");
    limits.take("milliseconds", lab.limits.milliseconds);
    limits.take("events", lab.limits.events);
    limits.take("console", lab.limits.console);
    limits.expect_no_more();
    keys.expect_no_more();
    return lab;
}

} // namespace session
