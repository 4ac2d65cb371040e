// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"
#include "app/seed.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

struct Outcome {
  std::string app_proto;
  std::vector<std::string> events;
};

// TCP in pieces of `piece` bytes (0: as said), datagrams whole.
Outcome talk_of(const Seed& seed, size_t piece) {
  Talk talk({.protocol = seed.protocol});
  for (const Said& said : seed.said) {
    const auto bytes = Talk::bytes_of(said.bytes);
    const auto side = said.direction == PKTANA_TO_SERVER ? flow::kToServer : flow::kToClient;
    const bool whole = piece == 0 || seed.protocol == PKTANA_UDP;
    talk.in_pieces(side, bytes, whole ? bytes.size() : piece);
  }
  talk.end();
  return {talk.app_proto(), talk.events()};
}

}  // namespace

TEST_CASE("secure: each conversation is recognised on a port of nobody") {
  for (const Seed& seed : secure_seeds())
    CHECK(talk_of(seed, 0).app_proto == seed.dissector);
}

TEST_CASE("secure: each conversation in small pieces says the same") {
  for (const Seed& seed : secure_seeds()) {
    const Outcome whole = talk_of(seed, 0);
    for (const size_t piece : {4U, 7U, 11U, 64U}) {
      const Outcome split = talk_of(seed, piece);
      CHECK(split.app_proto == whole.app_proto);
      CHECK(split.events == whole.events);
    }
  }
}

TEST_CASE("secure: each conversation cut at any byte ends without harm") {
  for (const Seed& seed : secure_seeds()) {
    for (size_t at = 0; at < seed.said.size(); ++at) {
      for (size_t length = 0; length < seed.said[at].bytes.size(); length += 3) {
        Seed cut = seed;
        cut.said.resize(at + 1);
        cut.said[at].bytes.resize(length);
        CHECK(talk_of(cut, 0).events.size() <= 2);
      }
    }
  }
}

}  // namespace pktana::app
