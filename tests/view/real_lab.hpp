// SPDX-License-Identifier: BSD-2-Clause
// A copy of lab 01 in a place of its own, with a real compiler, grader and race finder for it.
#pragma once

#include "driver.hpp"
#include "session/session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <unistd.h>

namespace view_test {

namespace fs = std::filesystem;

constexpr const char* lab_name = "01-first-interrupt";

struct RealLab : testing::Test {
    fs::path place = fs::temp_directory_path() / fmt::format("interlude-lab-{}", getpid());
    fs::path folder = place / lab_name, handler = folder / "handler.cpp";
    session::Options options;

    void SetUp() override {
        fs::create_directories(place);
        fs::copy(fs::path("labs") / lab_name, folder, fs::copy_options::recursive);
        options.kernel = place / "kernel.elf";
        options.scenario = "lab";
        options.record = place / "trace";
        options.watch = {handler};
        // Of a make that runs this test, LAB and job server are not ours.
        std::string clean = "env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL ";
        options.build_command = fmt::format("{}make -s kernel LAB={} HANDLER={} KERNEL={}", clean,
                                            lab_name, handler.string(), options.kernel.string());
        options.grade_command =
            fmt::format("{}build/grade-{} --lab labs/{} --handler {} --output {}", clean, lab_name,
                        lab_name, handler.string(), (place / "grade").string());
        fs::path explorer = place / "explore";
        options.explorer = {fmt::format("{}make -s {} EXPLORER={} LAB={} HANDLER={}", clean,
                                        explorer.string(), explorer.string(), lab_name,
                                        handler.string()),
                            explorer,
                            {}};
        ASSERT_EQ(std::system(options.build_command.c_str()), 0);
    }
    void TearDown() override {
        fs::remove_all(place);
        for (const char* objects : {"build/riscv64/", "build/host-fast/"})
            fs::remove_all(objects + place.string());
    }

    void save(const std::string& text) const { std::ofstream(handler) << text; }
    static std::string text_of(const fs::path& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

/// Frames of the window until something holds; a loaded machine may take its time.
inline bool eventually(Driver& person, session::Session& session,
                       const std::function<bool()>& holds) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!holds() && std::chrono::steady_clock::now() < end) {
        session.poll(20);
        person.frames(1);
    }
    return holds();
}

} // namespace view_test
