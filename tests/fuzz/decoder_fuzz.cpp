// SPDX-License-Identifier: BSD-2-Clause
// libFuzzer's way in; see README.md. The first byte chooses what the others are taken for.
#include "fuzz/hostile_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0)
        return 0;
    load::Bytes bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
    switch (data[0] % 4) {
    case 0:
        fuzz::try_stream(bytes, bytes.size());
        break;
    case 1:
        fuzz::try_stream(bytes, 1 + data[0] / 4);
        break;
    case 2:
        fuzz::try_records(bytes);
        break;
    default:
        fuzz::try_texts(bytes);
    }
    return 0;
}
