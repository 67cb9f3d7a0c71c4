// SPDX-License-Identifier: BSD-2-Clause
#include "view/stage.hpp"

namespace view {

void Stage::show(const std::filesystem::path& trace) {
    found_ = std::make_unique<Found>(trace);
}

bool Stage::read_on() {
    if (found_ != nullptr && found_->reading)
        found_->reading = found_->reader.step();
    return found_ != nullptr && found_->reading;
}

std::string Stage::error() const {
    return found_ != nullptr ? found_->reader.error() : "";
}

std::string Stage::title() const {
    return found_ != nullptr ? found_->trace.string() : house_.title();
}

const load::Finding* Stage::finding() const {
    if (found_ == nullptr)
        return house_.finding();
    const auto& finding = found_->reader.manifest().finding;
    return finding ? &*finding : nullptr;
}

} // namespace view
