// SPDX-License-Identifier: BSD-2-Clause
#include "load/trace_reader.hpp"

#include "load/metadata.hpp"

#include <fmt/format.h>

namespace load {

namespace fs = std::filesystem;

namespace {

constexpr usize block_size = 256 * 1024;
constexpr usize largest_text = 1 << 20; // more than any metadata or manifest of ours

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(largest_text, '\0');
    in.read(text.data(), largest_text);
    text.resize(static_cast<usize>(in.gcount()));
    return text;
}

std::string schema_differs(const fs::path& directory, const MetadataFacts& facts,
                           const Manifest& manifest) {
    bool newer = facts.events > trace::Events::count;
    bool older = facts.events < trace::Events::count;
    std::string age =
        newer   ? "is newer than this program: update and rebuild interlude"
        : older ? "is older than this program: open it with the interlude it was made with"
                : "was made with another version of the events: open it with the "
                  "interlude it was made with";
    std::string build =
        manifest.build_id.empty() ? "" : fmt::format(" (build {})", manifest.build_id);
    return fmt::format("{} {}{}, or read it with babeltrace2 (its schema {:016x}, ours {:016x})",
                       directory.string(), age, build, facts.schema, trace::schema);
}

} // namespace

TraceReader::TraceReader(const fs::path& directory, model::Store& store)
    : directory_(directory)
    , store_(store)
    , loader_(store) {
    if (check_directory() && check_metadata())
        open_files();
}

bool TraceReader::check_directory() {
    std::error_code failure;
    if (!fs::exists(directory_, failure))
        error_ = fmt::format("there is no {}; `interlude run --record DIRECTORY` makes a trace",
                             directory_.string());
    else if (!fs::is_directory(directory_, failure))
        error_ =
            fmt::format("{} is a file, but a trace is a directory: give the directory that has "
                        "`metadata` in it",
                        directory_.string());
    else if (!fs::exists(directory_ / "metadata", failure))
        error_ = fmt::format("{} is not a trace, because it has no file `metadata`; `interlude run "
                             "--record DIRECTORY` makes one",
                             directory_.string());
    return error_.empty();
}

bool TraceReader::check_metadata() {
    if (auto manifest = manifest_from(read_text(directory_ / manifest_name)))
        manifest_ = *manifest;
    auto facts = read_metadata(read_text(directory_ / "metadata"));
    if (!facts)
        error_ =
            fmt::format("{} is not a trace of Interlude, by its `metadata`; babeltrace2 may be "
                        "able to read it",
                        directory_.string());
    else if (facts->schema != trace::schema)
        error_ = schema_differs(directory_, *facts, manifest_);
    return error_.empty();
}

void TraceReader::open_files() {
    for (unsigned h = 0; h < model::max_harts; h++) {
        fs::path path = directory_ / fmt::format("hart{}", h);
        std::error_code failure;
        u64 size = fs::file_size(path, failure);
        if (failure) {
            loader_.close(static_cast<HartId>(h));
            continue;
        }
        files_[h].in.open(path, std::ios::binary);
        if (!files_[h].in) {
            error_ = fmt::format("{} cannot be read; check its permissions", path.string());
            return;
        }
        files_[h].open = true;
        files_open_++;
        total_ += size;
    }
    if (total_ == 0)
        error_ =
            fmt::format("{} is an empty trace: the run ended before its first packet; record it "
                        "again",
                        directory_.string());
    block_.resize(block_size);
}

// The hart that is furthest behind: the others' events wait for its.
unsigned TraceReader::hart_to_read() const {
    unsigned behind = model::max_harts;
    for (unsigned h = 0; h < model::max_harts; h++)
        if (files_[h].open
            && (behind == model::max_harts || files_[h].last_stamp < files_[behind].last_stamp))
            behind = h;
    return behind;
}

usize TraceReader::read_some(unsigned h) {
    File& file = files_[h];
    auto hart = static_cast<HartId>(h);
    file.in.read(reinterpret_cast<char*>(block_.data()), block_size);
    auto size = static_cast<usize>(file.in.gcount());
    file.scanner.feed(Bytes(block_).first(size));
    if (size == 0)
        file.scanner.finish();
    while (std::optional<Packet> packet = file.scanner.next()) {
        loader_.note_skipped(hart, file.scanner.take_skipped());
        if (packet->header.cpu_id != h) { // another hart's packet here would be out of order
            loader_.note_skipped(hart, {packet->bytes.size(), packet->offset});
            continue;
        }
        loader_.feed(*packet);
        file.last_stamp = packet->header.stamp_end;
    }
    if (size == 0) {
        loader_.note_skipped(hart, file.scanner.take_skipped());
        loader_.note_cut_off(hart, file.scanner.cut_off());
        loader_.close(hart);
        file.open = false;
        files_open_--;
    }
    return size;
}

bool TraceReader::step(usize bytes) {
    if (done_ || !error_.empty())
        return false;
    for (usize done = 0; done < bytes && files_open_ != 0;) {
        usize size = read_some(hart_to_read());
        done += size + 1;
        read_ += size;
        loader_.append_safe(model::max_harts);
    }
    if (files_open_ == 0)
        finish();
    return !done_;
}

void TraceReader::finish() {
    loader_.finish();
    done_ = true;
    if (!store_.empty())
        return;
    error_ =
        loader_.packets() != 0 && loader_.foreign_packets() == loader_.packets()
            ? fmt::format("the packets in {} are of another version of the events than its "
                          "`metadata`: the kernel and the visualizer that recorded it were built "
                          "from different trees; rebuild both (make) and record again",
                          directory_.string())
            : fmt::format("{} has no events: its files are cut off or damaged; record it again",
                          directory_.string());
}

bool TraceReader::read_all() {
    while (step()) {
    }
    return error_.empty();
}

double TraceReader::progress() const {
    return done_ || total_ == 0 ? 1 : static_cast<double>(read_) / static_cast<double>(total_);
}

} // namespace load
