// SPDX-License-Identifier: BSD-2-Clause
// The kernel's ELF file: where its symbols are.
#pragma once

#include "lib/types.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace session {

class Image {
public:
    /// Throws std::runtime_error with a sentence if there is no kernel in that file.
    explicit Image(const std::filesystem::path& file);

    /// The address of a symbol, by its linkage name.
    [[nodiscard]] std::optional<u64> symbol(const std::string& name) const;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_;
    std::map<std::string, u64> symbols_;
};

} // namespace session
