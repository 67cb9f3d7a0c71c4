// SPDX-License-Identifier: BSD-2-Clause
// A line of text put together without memory allocation: for panics, verdicts and the monitor.
//
//   lib::Line line;
//   line.add("hart ", 3, ": ", lwp.name);
//
// Rules
//   - What does not fit is cut off; the text always ends with a zero byte.
//   - Any context: it touches nothing but itself.
// Why not printf? A format string and its arguments can disagree; this cannot.
// Read next: hart/panic.hpp
#pragma once

#include "lib/types.hpp"

#include <concepts>

namespace lib {

class Line {
public:
    constexpr Line() = default;

    void add(const auto&... parts) { (add_one(parts), ...); }

    /// Fills with spaces up to a column, for tables.
    void pad_to(usize column) {
        while (size_ < column && size_ < capacity)
            put(' ');
    }

    [[nodiscard]] const char* text() const { return bytes_; }
    [[nodiscard]] usize size() const { return size_; }

private:
    static constexpr usize capacity = 255;

    void add_one(const char* text) {
        for (; *text != 0; text++)
            put(*text);
    }
    void add_one(const Line& line) { add_one(line.text()); }
    void add_one(char byte) { put(byte); }
    void add_one(std::integral auto number) {
        if (number < 0)
            put('-');
        add_digits(number < 0 ? 0 - static_cast<u64>(number) : static_cast<u64>(number));
    }
    void add_digits(u64 number) {
        if (number >= 10)
            add_digits(number / 10);
        put(static_cast<char>('0' + number % 10));
    }
    void put(char byte) {
        if (size_ < capacity)
            bytes_[size_++] = byte;
    }

    usize size_ = 0;
    char bytes_[capacity + 1] = {};
};

} // namespace lib
