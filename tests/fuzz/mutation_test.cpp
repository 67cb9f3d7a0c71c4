// SPDX-License-Identifier: BSD-2-Clause
// Damaged runs, the same ones every time. hostile_input.hpp ends the process if a promise is
// broken.
#include "fuzz/hostile_input.hpp"
#include "load/manifest.hpp"
#include "load/metadata.hpp"
#include "model/generator.hpp"
#include "model/packets.hpp"

#include <gtest/gtest.h>

#include <filesystem>

using namespace model_test;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

std::vector<std::byte> run(unsigned harts, u64 events) {
    Packer packer(20);
    Generator(harts, harts, packer.sink()).run(events);
    packer.seal_all();
    return packer.bytes();
}

struct Mutations : testing::Test {
    std::vector<std::byte> good = run(3, 400);
    Random random{42};

    std::vector<std::byte> with_flips(u64 flips) {
        std::vector<std::byte> bytes = good;
        for (u64 i = 0; i < flips; i++)
            bytes[random.below(bytes.size())] ^= std::byte{1} << random.below(8);
        return bytes;
    }
};

TEST_F(Mutations, flipped_bits) {
    for (int i = 0; i < 300; i++)
        fuzz::try_stream(with_flips(1 + random.below(40)), 1 + random.below(5000));
}

TEST_F(Mutations, every_bit_of_a_header) {
    for (usize bit = 0; bit < sizeof(PacketHeader) * 8; bit++) {
        std::vector<std::byte> bytes = good;
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
        fuzz::try_stream(bytes, bytes.size());
    }
}

TEST_F(Mutations, extreme_values_in_every_header_field) {
    for (usize at = 0; at + 4 <= sizeof(PacketHeader); at += 4)
        for (u64 value :
             {u64{0}, u64{1}, u64{79} * 8, u64{8}, u64{0x7fffffff}, ~u64{0}, u64{1} << 63})
            for (usize size : {4UL, 8UL}) {
                std::vector<std::byte> bytes = good;
                std::memcpy(bytes.data() + at, &value, size);
                fuzz::try_stream(bytes, bytes.size());
            }
}

TEST_F(Mutations, cut_off_at_every_byte_of_the_last_packets) {
    for (usize cut = good.size() - 2000; cut < good.size(); cut++)
        fuzz::try_stream(load::Bytes(good).first(cut), cut);
}

TEST_F(Mutations, packets_in_another_order_and_twice) {
    Packer packer(20);
    Generator(3, 3, packer.sink()).run(400);
    for (int i = 0; i < 50; i++) {
        std::vector<std::byte> bytes;
        for (usize p = 0; p < packer.packets(); p++) {
            load::Bytes packet = packer.packet(random.below(packer.packets()));
            bytes.insert(bytes.end(), packet.begin(), packet.end());
        }
        fuzz::try_stream(bytes, bytes.size());
    }
}

TEST_F(Mutations, headers_of_any_size_without_packets) {
    std::vector<std::byte> bytes;
    for (int i = 0; i < 2000; i++)
        bytes.insert(bytes.end(), good.begin(),
                     good.begin() + static_cast<std::ptrdiff_t>(random.below(84)));
    fuzz::try_stream(bytes, 4096);
    fuzz::try_stream(bytes, 1);
}

TEST_F(Mutations, random_fields_in_every_event) {
    for (int round = 0; round < 40; round++) {
        std::vector<std::byte> bytes(24 * 3000);
        // Small ids collide and make impossible stories; large ones try the bounds.
        u64 mask = round % 2 == 0 ? 0x000f'000f'000f'00ff : ~u64{0};
        for (usize i = 0; i < bytes.size(); i += 8) {
            u64 word = random.next() & mask;
            std::memcpy(bytes.data() + i, &word, 8);
        }
        fuzz::try_records(bytes);
    }
}

TEST_F(Mutations, damaged_metadata_and_manifests) {
    load::Manifest manifest;
    manifest.qemu = {"qemu", "-M", "virt"};
    for (const std::string& text : {load::ctf_metadata(10), load::to_json(manifest)})
        for (int i = 0; i < 300; i++) {
            std::string damaged = text.substr(0, random.below(text.size()));
            for (u64 flips = random.below(10); flips > 0 && !damaged.empty(); flips--)
                damaged[random.below(damaged.size())] = static_cast<char>(random.next());
            fuzz::try_texts(std::as_bytes(std::span(damaged)));
        }
}

TEST(Crashes, that_were_found_once_stay_fixed) {
    std::filesystem::path kept = "tests/fuzz/crashes";
    if (!std::filesystem::exists(kept))
        return;
    for (const auto& file : std::filesystem::directory_iterator(kept)) {
        std::string bytes = read_file(file.path());
        LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }
}

} // namespace
