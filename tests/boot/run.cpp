// SPDX-License-Identifier: BSD-2-Clause
#include "boot/run.hpp"

#include "load/loader.hpp"
#include "model/narration.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

namespace boot_test {

namespace {

constexpr unsigned longest_run_seconds = 120; // of a machine that shares its processors

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder of its own for every run, gone with it.
class Folder {
public:
    Folder() {
        static std::atomic<unsigned> count = 0;
        path_ = std::filesystem::temp_directory_path()
                / fmt::format("interlude-boot-{}-{}", getpid(), count++);
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string command(const Options& options, const Folder& folder) {
    std::string line = fmt::format(
        "timeout {} qemu-system-riscv64 -M virt -m 128M -smp {} -display none -monitor none "
        "-serial file:{} -bios default -kernel {} "
        "-global virtio-mmio.force-legacy=false -global virtio-mmio.ioeventfd=off "
        "-rtc base=2026-01-01T00:00:00,clock=vm -append '{}'",
        longest_run_seconds, options.harts, folder.file("console"), options.kernel,
        options.arguments);
    if (options.icount == "auto")
        line += options.harts == 1 ? " -icount shift=0,sleep=off" : " -icount shift=5,sleep=off";
    else if (!options.icount.empty())
        line += " -icount " + options.icount;
    if (options.events)
        line += " -device virtio-serial-device -chardev file,id=ev,path=" + folder.file("events")
                + " -device virtserialport,chardev=ev,name=events,nr=1";
    for (const std::string& more : options.extra)
        line += " " + more;
    return line + " </dev/null >/dev/null 2>&1";
}

} // namespace

Outcome run(const Options& options) {
    Folder folder;
    Outcome result;
    int status = std::system(command(options, folder).c_str());
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.console = contents(folder.file("console"));
    load(contents(folder.file("events")), result);
    return result;
}

void load(std::string events, Outcome& into) {
    into.events = std::move(events);
    into.store = std::make_unique<model::Store>();
    ::load::Loader loader(*into.store);
    loader.feed(std::as_bytes(std::span(into.events)));
    loader.finish();
}

std::string Outcome::problems() const {
    std::string all;
    for (const model::Problem& problem : store->problems())
        all += fmt::format("event {}: {}\n", problem.at_event, problem.sentence);
    return all;
}

std::string Outcome::broken_invariants() const {
    model::State state;
    for (usize i = 0; i < store->size(); i++) {
        model::Event event = store->event(i);
        state.apply(event.record, event.hart);
        for (const std::string& broken : state.check())
            return fmt::format("after event {} ({}): {}", i, model::sentence(event, store->names()),
                               broken);
    }
    return "";
}

} // namespace boot_test
