// SPDX-License-Identifier: Apache-2.0
// What holds for every dissector of the family, over the conversations that the fuzz targets share.
#include <algorithm>
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/internet_talks.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using talks::Conversation;

struct Result {
  std::string app_proto;
  std::vector<std::string> events;
};

// A flow is given up after so many packets that nobody recognises: the beginning comes in one.
constexpr size_t kFirstPiece = 48;

// Segments of `piece` bytes; datagrams stay whole.
Result replay(const Conversation& conversation, uint16_t port, size_t piece) {
  Talk talk({.protocol = conversation.protocol, .server_port = port});
  for (const talks::Said& said : conversation.said) {
    const auto bytes = Talk::bytes_of(said.bytes);
    const size_t first = &said == &conversation.said.front() ? kFirstPiece : 0;
    const bool whole = conversation.protocol == PKTANA_UDP || piece >= bytes.size();
    const auto beginning = bytes.first(whole ? bytes.size() : std::min(first, bytes.size()));
    if (!beginning.empty()) talk.in_pieces(said.side, beginning, beginning.size());
    talk.in_pieces(said.side, bytes.subspan(beginning.size()), piece);
  }
  talk.end();
  return {talk.app_proto(), talk.events()};
}

TEST_CASE("internet: every dissector recognises its conversation on its port", "[app]") {
  for (const Conversation& conversation : talks::internet_conversations()) {
    CAPTURE(conversation.dissector);
    CHECK(replay(conversation, conversation.server_port, 65536).app_proto ==
          conversation.dissector);
  }
}

TEST_CASE("internet: streams cut into pieces of any size give the same events", "[app]") {
  for (const Conversation& conversation : talks::internet_conversations()) {
    if (conversation.protocol != PKTANA_TCP) continue;
    const Result whole = replay(conversation, conversation.server_port, 65536);
    for (const size_t piece : {1, 2, 3, 7, 16, 61}) {
      CAPTURE(conversation.dissector, piece);
      const Result cut = replay(conversation, conversation.server_port, piece);
      CHECK(cut.app_proto == whole.app_proto);
      CHECK(cut.events == whole.events);
    }
  }
}

// Weak content counts on its own port only.
bool needs_port(std::string_view dissector) {
  for (const std::string_view weak : {"mdns", "llmnr", "dhcpv6", "netbios-dgm"})
    if (weak == dissector) return true;
  return false;
}

TEST_CASE("internet: strong content is recognised on any port, weak content is not", "[app]") {
  constexpr uint16_t kNobodysPort = 9999;
  for (const Conversation& conversation : talks::internet_conversations()) {
    CAPTURE(conversation.dissector);
    const std::string app_proto = replay(conversation, kNobodysPort, 65536).app_proto;
    if (needs_port(conversation.dissector))
      CHECK(app_proto != conversation.dissector);
    else
      CHECK(app_proto == conversation.dissector);
  }
}

TEST_CASE("internet: conversations cut at any byte are survived", "[app]") {
  size_t recognised = 0;
  for (const Conversation& conversation : talks::internet_conversations()) {
    for (size_t which = 0; which < conversation.said.size(); ++which) {
      const std::string& bytes = conversation.said[which].bytes;
      for (size_t len = 0; len < bytes.size(); ++len) {
        Talk talk({.protocol = conversation.protocol, .server_port = conversation.server_port});
        for (size_t i = 0; i < which; ++i)
          talk.in_pieces(conversation.said[i].side, Talk::bytes_of(conversation.said[i].bytes),
                         65536);
        talk.in_pieces(conversation.said[which].side, Talk::bytes_of(bytes.substr(0, len)), 65536);
        talk.end();
        recognised += talk.app_proto() == conversation.dissector ? 1 : 0;
      }
    }
  }
  CHECK(recognised > 0);
}

TEST_CASE("internet: bytes changed one at a time are survived", "[app]") {
  size_t events = 0;
  for (Conversation conversation : talks::internet_conversations()) {
    for (talks::Said& said : conversation.said) {
      for (char& byte : said.bytes) {
        const char kept = byte;
        for (const unsigned flip : {0x01u, 0x80u, 0xffu}) {
          byte = static_cast<char>(static_cast<unsigned char>(kept) ^ flip);
          events += replay(conversation, conversation.server_port, 65536).events.size();
        }
        byte = kept;
      }
    }
  }
  CHECK(events > 0);
}

}  // namespace
}  // namespace pktana::app
