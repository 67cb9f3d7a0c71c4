// SPDX-License-Identifier: BSD-2-Clause
// Decoder, store and model at scale: make build/bench-model && build/bench-model
#include "load/loader.hpp"
#include "load/trace_reader.hpp"
#include "load/trace_writer.hpp"
#include "model/generator.hpp"
#include "model/packets.hpp"
#include "model/statistics.hpp"

#include <benchmark/benchmark.h>

using namespace model_test;

namespace {

constexpr unsigned harts = 4;
constexpr u64 million = 1'000'000;

// About 220 LWPs at 8 harts is what a large scenario has; 4 harts with 20 are more usual.
const std::vector<std::byte>& packets(u64 events) {
    static std::map<u64, Packer> made;
    auto [at, fresh] = made.try_emplace(events);
    if (fresh) {
        Generator(harts, 1, at->second.sink()).run(events);
        at->second.seal_all();
    }
    return at->second.bytes();
}

model::Store& store_of(u64 events) {
    static std::map<u64, model::Store> made;
    auto [at, fresh] = made.try_emplace(events);
    if (fresh)
        Generator(harts, 1, into(at->second)).run(events);
    return at->second;
}

void count_events(benchmark::State& bench, u64 each) {
    bench.SetItemsProcessed(static_cast<i64>(bench.iterations() * each));
}

void bench_scan(benchmark::State& bench) { // packets out of bytes, records looked at
    const auto& bytes = packets(million);
    for (auto _ : bench) {
        load::PacketScanner scanner;
        u64 sum = 0;
        for (load::Bytes rest(bytes); !rest.empty();) {
            usize size = std::min<usize>(rest.size(), 65536);
            scanner.feed(rest.first(size));
            rest = rest.subspan(size);
            while (auto packet = scanner.next())
                for (usize i = 0; i < packet->size(); i++)
                    sum += packet->record(i).stamp;
        }
        benchmark::DoNotOptimize(sum);
    }
    count_events(bench, million);
}
BENCHMARK(bench_scan)->Unit(benchmark::kMillisecond);

void bench_load_live(benchmark::State& bench) { // bytes to store, state and indexes
    const auto& bytes = packets(million);
    for (auto _ : bench) {
        model::Store store;
        load::Loader loader(store);
        for (load::Bytes rest(bytes); !rest.empty();) {
            usize size = std::min<usize>(rest.size(), 65536);
            loader.feed(rest.first(size));
            loader.append_live();
            rest = rest.subspan(size);
        }
        loader.finish();
        benchmark::DoNotOptimize(store.size());
    }
    count_events(bench, million);
}
BENCHMARK(bench_load_live)->Unit(benchmark::kMillisecond);

void bench_append(benchmark::State& bench) { // decoded records to store and state
    std::vector<model::Event> events;
    Generator(harts, 1, into(events)).run(million);
    for (auto _ : bench) {
        model::Store store;
        for (const model::Event& event : events)
            store.append(event.record, event.hart);
        benchmark::DoNotOptimize(store.size());
    }
    count_events(bench, million);
}
BENCHMARK(bench_append)->Unit(benchmark::kMillisecond);

void bench_apply(benchmark::State& bench) { // the state alone
    std::vector<model::Event> events;
    Generator(harts, 1, into(events)).run(million);
    for (auto _ : bench) {
        model::State state;
        for (const model::Event& event : events)
            benchmark::DoNotOptimize(state.apply(event.record, event.hart));
    }
    count_events(bench, million);
}
BENCHMARK(bench_apply)->Unit(benchmark::kMillisecond);

void bench_read_in_order(benchmark::State& bench) {
    model::Store& store = store_of(million);
    for (auto _ : bench)
        benchmark::DoNotOptimize(
            store.find_next(0, [](const model::Event& event) { return event.stamp() == 1; }));
    count_events(bench, million);
}
BENCHMARK(bench_read_in_order)->Unit(benchmark::kMillisecond);

void bench_random_state(benchmark::State& bench) {
    model::Store& store = store_of(static_cast<u64>(bench.range(0)));
    Random random(1);
    for (auto _ : bench)
        benchmark::DoNotOptimize(&store.state_after(random.below(store.size())));
    bench.counters["bytes/event"] =
        static_cast<double>(store.memory()) / static_cast<double>(store.size());
}
BENCHMARK(bench_random_state)->Arg(million)->Arg(10 * million)->Unit(benchmark::kMicrosecond);

void bench_step_back(benchmark::State& bench) {
    model::Store& store = store_of(million);
    usize at = store.size() - 1;
    for (auto _ : bench)
        benchmark::DoNotOptimize(&store.state_after(--at));
}
BENCHMARK(bench_step_back)->Unit(benchmark::kMicrosecond)->Iterations(2000);

void bench_key_frame_200_lwps(benchmark::State& bench) {
    model::Store store;
    Generator(8, 1, into(store), 20).run(100'000);
    for (auto _ : bench) {
        model::State copy = store.newest();
        benchmark::DoNotOptimize(&copy);
    }
    bench.counters["state bytes"] = static_cast<double>(store.newest().memory());
    bench.counters["bytes/event"] =
        static_cast<double>(store.memory()) / static_cast<double>(store.size());
}
BENCHMARK(bench_key_frame_200_lwps)->Unit(benchmark::kMicrosecond);

void bench_statistics(benchmark::State& bench) {
    model::Store& store = store_of(million);
    for (auto _ : bench)
        benchmark::DoNotOptimize(model::measure(store, 0, store.size()).duration());
    count_events(bench, million);
}
BENCHMARK(bench_statistics)->Unit(benchmark::kMillisecond);

void bench_open_trace(benchmark::State& bench) {
    auto events = static_cast<u64>(bench.range(0));
    TemporaryDirectory directory;
    {
        load::TraceWriter writer(directory.path() / "trace", load::Manifest{});
        load::PacketScanner scanner;
        scanner.feed(packets(events));
        while (auto packet = scanner.next())
            writer.write(*packet);
    }
    for (auto _ : bench) {
        model::Store store;
        load::TraceReader reader(directory.path() / "trace", store);
        if (!reader.read_all())
            bench.SkipWithError(reader.error().c_str());
    }
    count_events(bench, events);
}
BENCHMARK(bench_open_trace)->Arg(million)->Arg(10 * million)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
