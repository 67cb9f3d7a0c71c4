// SPDX-License-Identifier: BSD-2-Clause
// build/grade-NN-name: grades one submission of its lab. `make grade LAB=NN` builds and calls it.
#include "grader/grade.hpp"
#include "session/command_line.hpp"

#include <cstdio>
#include <fstream>

namespace {

int grade(const session::Lab& lab, const grader::Submission& submission) {
    grader::Run run(lab, submission);
    grader::Grade grade = grader::judge(lab, run);
    std::fputs(grader::as_text(grade, lab, run).c_str(), stdout);

    std::filesystem::path file = submission.output / "grade.json";
    std::ofstream out(file);
    out << grader::as_json(grade, lab, run, submission) << std::flush;
    if (!out) {
        std::fprintf(stderr, "%s cannot be written: is the disk full?\n", file.c_str());
        return 1;
    }
    return run.end() == grader::End::not_run ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Grades one submission of a lab: builds it into the kernel, runs it, judges its events");
    std::filesystem::path folder;
    grader::Submission submission;
    app.add_option("--lab", folder, "the lab's folder, labs/NN-name")->required();
    app.add_option("--handler", submission.handler, "take this file for the lab's handler.cpp");
    app.add_option("--output", submission.output, "folder for grade.json and the trace");
    app.add_option("--silence", submission.silence_seconds,
                   "give up when the machine has emitted nothing for so many seconds");
    if (std::optional<int> end = session::parse(app, argc, argv))
        return *end;
    try {
        session::Lab lab = session::load_lab(folder);
        if (submission.output.empty())
            submission.output = std::filesystem::path("build/grades") / lab.name;
        return grade(lab, submission);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
