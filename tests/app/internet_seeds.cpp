// SPDX-License-Identifier: Apache-2.0
#include "app/internet_talks.h"
#include "app/seed.h"

namespace pktana::app {

std::vector<Seed> internet_seeds() {
  std::vector<Seed> seeds;
  for (const talks::Conversation& talk : talks::internet_conversations()) {
    Seed seed{.dissector = talk.dissector, .protocol = talk.protocol};
    for (const talks::Said& said : talk.said)
      seed.said.push_back({.direction = said.side, .bytes = said.bytes});
    seeds.push_back(std::move(seed));
  }
  return seeds;
}

}  // namespace pktana::app
