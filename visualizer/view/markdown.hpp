// SPDX-License-Identifier: BSD-2-Clause
// Markdown as blocks of styled runs (parsed by md4c), and their drawing. Handouts use headings,
// paragraphs, lists, code, tables of plain text, emphasis and links; more is shown as plain text.
#pragma once

#include "view/context.hpp"

#include <string>
#include <vector>

namespace view::markdown {

enum class BlockKind : u8 { paragraph, heading, item, code, quote, rule, row };

struct Run {
    std::string text;
    bool strong = false, emphasis = false, code = false, link = false;
};

struct Block {
    BlockKind kind{};
    unsigned level = 0;    // of a heading; depth of a list item
    std::string mark;      // "•" or "3." before a list item
    std::vector<Run> runs; // code blocks: one run with the lines
};

[[nodiscard]] std::vector<Block> parse(const std::string& text);
void draw(Context& context, const std::vector<Block>& blocks);

} // namespace view::markdown
