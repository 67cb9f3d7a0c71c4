// SPDX-License-Identifier: BSD-2-Clause
#include "view/markdown.hpp"

#include "view/draw.hpp"

#include <md4c.h>

#include <algorithm>
#include <cmath>

namespace view::markdown {
namespace {

/// Receives md4c's events and builds blocks.
struct Builder {
    std::vector<Block> blocks;
    struct List {
        bool ordered;
        unsigned next;
    };
    std::vector<List> lists;
    Run style;
    bool quoted = false, item_begins = false;
    usize cell = 0;

    void begin(BlockKind kind, unsigned level = 0) { blocks.push_back({kind, level, "", {}}); }
    void text(std::string words) {
        if (blocks.empty())
            begin(BlockKind::paragraph);
        Run run = style;
        run.text = std::move(words);
        blocks.back().runs.push_back(std::move(run));
    }
    void paragraph() {
        if (item_begins) // the item's own block is open already
            item_begins = false;
        else
            begin(quoted          ? BlockKind::quote
                  : lists.empty() ? BlockKind::paragraph
                                  : BlockKind::item,
                  static_cast<unsigned>(lists.size()));
    }
    void item() {
        begin(BlockKind::item, static_cast<unsigned>(lists.size()));
        List& list = lists.back();
        blocks.back().mark = list.ordered ? std::to_string(list.next++) + "." : "•";
        item_begins = true;
    }
};

int enter_block(MD_BLOCKTYPE type, void* detail, void* user) {
    auto& b = *static_cast<Builder*>(user);
    switch (type) {
    case MD_BLOCK_H:
        b.begin(BlockKind::heading, static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
    case MD_BLOCK_P:
        b.paragraph();
        break;
    case MD_BLOCK_UL:
        b.lists.push_back({false, 0});
        break;
    case MD_BLOCK_OL:
        b.lists.push_back({true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
        break;
    case MD_BLOCK_LI:
        b.item();
        break;
    case MD_BLOCK_CODE:
        b.begin(BlockKind::code);
        break;
    case MD_BLOCK_QUOTE:
        b.quoted = true;
        break;
    case MD_BLOCK_HR:
        b.begin(BlockKind::rule);
        break;
    case MD_BLOCK_TR:
        b.begin(BlockKind::row);
        b.cell = 0;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        if (b.cell++ != 0)
            b.text("  |  ");
        break;
    default:
        break;
    }
    return 0;
}

int leave_block(MD_BLOCKTYPE type, void*, void* user) {
    auto& b = *static_cast<Builder*>(user);
    if ((type == MD_BLOCK_UL || type == MD_BLOCK_OL) && !b.lists.empty())
        b.lists.pop_back();
    if (type == MD_BLOCK_QUOTE)
        b.quoted = false;
    if (type == MD_BLOCK_LI)
        b.item_begins = false;
    return 0;
}

void set_style(Builder& b, MD_SPANTYPE type, bool on) {
    if (type == MD_SPAN_STRONG)
        b.style.strong = on;
    else if (type == MD_SPAN_EM)
        b.style.emphasis = on;
    else if (type == MD_SPAN_CODE)
        b.style.code = on;
    else if (type == MD_SPAN_A)
        b.style.link = on;
}
int enter_span(MD_SPANTYPE type, void*, void* user) {
    set_style(*static_cast<Builder*>(user), type, true);
    return 0;
}
int leave_span(MD_SPANTYPE type, void*, void* user) {
    set_style(*static_cast<Builder*>(user), type, false);
    return 0;
}

int text(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* user) {
    auto& b = *static_cast<Builder*>(user);
    if (type == MD_TEXT_SOFTBR)
        b.text(" ");
    else if (type == MD_TEXT_BR)
        b.text("\n");
    else if (type == MD_TEXT_CODE && !b.blocks.empty() && b.blocks.back().kind == BlockKind::code
             && !b.blocks.back().runs.empty())
        b.blocks.back().runs.back().text.append(bytes, size);
    else
        b.text(std::string(bytes, size));
    return 0;
}

/// Words of several styles, broken at the right edge.
class Flow {
public:
    Flow(Context& context, float indent)
        : context_(context)
        , start_(ImGui::GetCursorScreenPos())
        , indent_(indent)
        , width_(std::max(context.px(80), ImGui::GetContentRegionAvail().x - context.px(8)))
        , x_(indent) {}

    void run(const Run& run, Face plain, Colour colour) {
        Face face = run.code ? Face::mono : run.strong ? Face::bold : plain;
        if (run.link || run.code)
            colour = run.link ? context_.theme.accent : mix(colour, context_.theme.accent, 0.35f);
        if (run.emphasis)
            colour = mix(colour, context_.theme.accent, 0.2f);
        usize at = 0;
        while (at < run.text.size()) {
            usize space = run.text.find_first_of(" \n", at);
            usize end = space == std::string::npos ? run.text.size() : space + 1;
            word(run.text.substr(at, end - at), face, colour);
            at = end;
        }
    }
    void finish(float after) {
        y_ += line_;
        ImGui::SetCursorScreenPos(start_);
        ImGui::Dummy({width_, y_ + after});
    }

private:
    void word(std::string text, Face face, Colour colour) {
        bool breaks = !text.empty() && text.back() == '\n';
        if (breaks)
            text.pop_back();
        float width = context_.fonts.measure(face, text).x;
        line_ = std::max(line_, context_.fonts.height(face) + context_.px(4));
        if (x_ + width > width_ && x_ > indent_)
            next_line();
        draw_text(*ImGui::GetWindowDrawList(), context_.fonts, face, {start_.x + x_, start_.y + y_},
                  colour, text);
        x_ += width;
        if (breaks)
            next_line();
    }
    void next_line() {
        x_ = indent_;
        y_ += line_;
    }

    Context& context_;
    ImVec2 start_;
    float indent_, width_, x_, y_ = 0, line_ = 0;
};

void draw_code(Context& context, const Block& block) {
    std::string lines = block.runs.empty() ? "" : block.runs.front().text;
    while (!lines.empty() && lines.back() == '\n')
        lines.pop_back();
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImVec2 size = context.fonts.measure(Face::mono, lines);
    float pad = context.px(8), width = ImGui::GetContentRegionAvail().x - pad;
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + size.y + 2 * pad},
                                              context.theme.window, pad / 2);
    ImFont* font = context.fonts[Face::mono];
    ImGui::GetWindowDrawList()->AddText(
        font, font->FontSize, {std::floor(at.x + pad), std::floor(at.y + pad)}, context.theme.text,
        lines.data(), lines.data() + lines.size());
    ImGui::Dummy({width, size.y + 2 * pad + context.px(4)});
}

} // namespace

std::vector<Block> parse(const std::string& words) {
    Builder builder;
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML;
    parser.enter_block = enter_block;
    parser.leave_block = leave_block;
    parser.enter_span = enter_span;
    parser.leave_span = leave_span;
    parser.text = text;
    md_parse(words.data(), static_cast<MD_SIZE>(words.size()), &parser, &builder);
    return std::move(builder.blocks);
}

void draw(Context& context, const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
        if (block.kind == BlockKind::rule) {
            ImGui::Separator();
            continue;
        }
        if (block.kind == BlockKind::code) {
            draw_code(context, block);
            continue;
        }
        float indent = block.kind == BlockKind::item || block.kind == BlockKind::quote
                           ? context.px(22) * static_cast<float>(std::max(1u, block.level))
                           : 0;
        if (block.kind == BlockKind::heading)
            ImGui::Dummy({0, context.px(4)});
        ImVec2 at = ImGui::GetCursorScreenPos();
        if (!block.mark.empty())
            draw_text(*ImGui::GetWindowDrawList(), context.fonts, Face::body,
                      {at.x + indent - context.px(20), at.y}, context.theme.text_faint, block.mark);
        Face face = block.kind != BlockKind::heading ? Face::body
                    : block.level == 1               ? Face::caption
                    : block.level == 2               ? Face::title
                                                     : Face::bold;
        Colour colour =
            block.kind == BlockKind::quote ? context.theme.text_faint : context.theme.text;
        Flow flow(context, indent);
        for (const Run& run : block.runs)
            flow.run(run, face, colour);
        flow.finish(context.px(block.kind == BlockKind::row ? 0.0f : 4.0f));
    }
}

} // namespace view::markdown
