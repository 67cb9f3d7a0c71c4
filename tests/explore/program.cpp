// SPDX-License-Identifier: BSD-2-Clause
#include "explore/program.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <sys/wait.h>

namespace explored {

namespace fs = std::filesystem;

unsigned long Answer::number_before(const std::string& words) const {
    size_t end = text.find(" " + words);
    if (end == std::string::npos)
        return 0;
    size_t begin = end;
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(text[begin - 1])) != 0)
        begin--;
    return std::stoul("0" + text.substr(begin, end - begin));
}

Answer explore(const std::string& arguments, const std::string& program) {
    fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    std::string command = (folder / program).string() + " " + arguments + " 2>&1";
    Answer answer;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> block{};
    for (size_t size; (size = fread(block.data(), 1, block.size(), pipe)) > 0;)
        answer.text.append(block.data(), size);
    int how = pclose(pipe);
    answer.status = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    return answer;
}

fs::path scratch(const std::string& name) {
    fs::path place = fs::temp_directory_path() / ("interlude-explore-" + name);
    fs::remove_all(place);
    fs::remove(place.string() + ".schedule");
    return place;
}

} // namespace explored
