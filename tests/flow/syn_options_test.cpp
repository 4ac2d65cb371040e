// SPDX-License-Identifier: Apache-2.0
#include "flow/syn_options.h"

#include <array>

#include "support/catch.h"

namespace pktana::flow {
namespace {

TEST_CASE("syn options: none are offered without any") {
  const SynOptions options = SynOptions::read({});
  CHECK(options.mss == 0);
  CHECK(options.window_scale == kNoWindowScale);
  CHECK_FALSE(options.sack_permitted);
  CHECK_FALSE(options.timestamps);
}

TEST_CASE("syn options: those behind a cut are not known, those before are") {
  constexpr std::array<uint8_t, 7> kCut{2, 4, 0x05, 0xB4, 3, 3, 7};
  CHECK(SynOptions::read({kCut.data(), 6}).mss == 1460);
  CHECK(SynOptions::read({kCut.data(), 6}).window_scale == kNoWindowScale);
  CHECK(SynOptions::read(kCut).window_scale == 7);
}

TEST_CASE("syn options: packed and back is the same, and a SYN without options is not nothing") {
  for (const uint8_t scale : {uint8_t{0}, uint8_t{7}, uint8_t{14}, kNoWindowScale}) {
    for (const bool flag : {false, true}) {
      const SynOptions options{
          .mss = 1400, .window_scale = scale, .sack_permitted = flag, .timestamps = !flag};
      const SynOptions back = SynOptions::unpacked(options.packed(), options.mss);
      CHECK(back.mss == 1400);
      CHECK(back.window_scale == scale);
      CHECK(back.sack_permitted == flag);
      CHECK(back.timestamps == !flag);
    }
  }
  CHECK(SynOptions{}.packed() != 0);
  CHECK(SynOptions::unpacked(0, 0).window_scale == kNoWindowScale);
}

}  // namespace
}  // namespace pktana::flow
