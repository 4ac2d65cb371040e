// SPDX-License-Identifier: Apache-2.0
// Fuzzes dissect(): any bytes of any link type give a tree that holds every byte and lies within
// the frame. decode_input.h says what the input is.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "fuzz/decode_input.h"
#include "inspect/dissect.h"
#include "inspect/tree_invariants.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace pktana;
  if (size < fuzz::kDecodeHeaderLen) return 0;
  const auto link = fuzz::kDecodeLinkTypes[data[0] % fuzz::kDecodeLinkTypes.size()];
  const size_t captured = size - fuzz::kDecodeHeaderLen;
  const parse::Frame frame{
      .captured = {data + fuzz::kDecodeHeaderLen, captured},
      .wire_len = static_cast<uint32_t>(captured + base::load_be<uint16_t>(data + 5)),
      .link_type = static_cast<uint16_t>(link),
      .stripped = {.tpid = base::load_be<uint16_t>(data + 1),
                   .tci = base::load_be<uint16_t>(data + 3)},
  };
  const char* const broken = inspect::broken_invariant(inspect::dissect(frame), captured);
  if (broken == nullptr) return 0;
  std::fprintf(stderr, "broken: %s\n", broken);
  std::abort();
}
