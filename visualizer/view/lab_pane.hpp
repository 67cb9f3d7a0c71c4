// SPDX-License-Identifier: BSD-2-Clause
// The lab: its handout, buttons to build, run and grade, what the grader said, and what the
// compiler said, each error a line to click that shows the source around it. Where there is no
// error, the student's first file is shown as it was when it was built.
#pragma once

#include "session/lab.hpp"
#include "view/context.hpp"
#include "view/markdown.hpp"

#include <optional>

namespace view {

class LabPane {
public:
    explicit LabPane(std::optional<session::Lab> lab);
    void draw(Context& context);
    [[nodiscard]] bool has_lab() const { return lab_.has_value(); }

private:
    /// "file:line:column: error: words", as g++ writes it.
    struct Complaint {
        std::string file;
        int line = 0;
        std::string words;
        bool is_error = false;

        [[nodiscard]] static std::optional<Complaint> parse(const std::string& line);
    };

    void draw_handout(Context& context);
    void draw_status(Context& context, const session::Status& status);
    void draw_grade(Context& context, const session::Status& status);
    void draw_build(Context& context);
    void draw_source(Context& context);
    void forget_output();
    void read_output(const std::string& output);
    void open(const std::string& file, int line);

    std::optional<session::Lab> lab_;
    std::vector<markdown::Block> handout_;
    std::string seen_output_;
    std::vector<Complaint> complaints_;
    std::string open_file_;
    int open_line_ = 0;
    std::vector<std::string> open_text_;
    bool scroll_to_line_ = false;
    bool was_building_ = false;
};

} // namespace view
