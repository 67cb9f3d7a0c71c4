// SPDX-License-Identifier: BSD-2-Clause
// The announcer makes a recorded run tell how it came about: its caption is a phase at the
// beginning of the story, and each departure is a mark where it happened, before what came of it.
//
// The kernel knows nothing of this: no choice point is added, no word of its memory changes but the
// stamps that its next events get (as if a stamp had been carried in).
// Read next: runner.hpp
#pragma once

#include "explore/strategy.hpp"
#include "trace/ids.hpp"
#include "trace/record.hpp"

#include <string>
#include <vector>

namespace explore {

class Announcer final : public Strategy {
public:
    /// Where events go: `write(record, hart)`.
    using Write = void (*)(const trace::Record& record, u32 hart);

    Announcer(Strategy& strategy, const Departures& departures, const std::string& caption,
              Write write);
    unsigned choose(const Point& point, u64 number) override;

private:
    trace::TextId name(const std::string& text);
    template <class E> void tell(const E& event);

    struct Text {
        Departure departure;
        trace::TextId id;
    };
    Strategy& strategy_;
    Write write_;
    std::vector<Text> texts_;
    u32 next_text_;
    u64 named_ = 0; // stamp of the newest name
};

} // namespace explore
