// SPDX-License-Identifier: BSD-2-Clause
#include "labs/grade.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace grading {

std::vector<int> Grade::points() const {
    std::vector<int> points;
    for (const auto& check : json.at("checks"))
        points.push_back(check.at("points").get<int>());
    return points;
}

std::string Grade::reason(unsigned check) const {
    return json.at("checks").at(check).at("reason").get<std::string>();
}

Grade grade(const std::string& lab, const std::string& answer, const std::string& name) {
    std::filesystem::path output = std::filesystem::path("build/tests/labs") / lab / name;
    std::filesystem::remove_all(output);
    std::string command = "build/grade-" + lab + " --lab labs/" + lab + " --handler " + answer
                          + " --output " + output.string() + " 2>&1";
    Grade grade;
    std::FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> chunk;
    while (std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe))
        grade.text.append(chunk.data(), size);
    grade.status = pclose(pipe);
    std::ifstream file(output / "grade.json");
    if (file)
        grade.json = nlohmann::json::parse(file);
    return grade;
}

} // namespace grading
