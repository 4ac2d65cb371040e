// SPDX-License-Identifier: Apache-2.0
// Every sample frame, cut at every byte: nothing beyond is touched (AddressSanitizer sees the exact
// heap block), and what is left makes sense.
#include "parse/decoded.h"
#include "parse/packet_invariants.h"
#include "parse/sample_frames.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

Octets prefix(const Octets& bytes, size_t length) {
  return {bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)};
}

std::string broken(const Decoded& packet, size_t length) {
  const char* const what = broken_invariant(*packet, {packet.begin(), length});
  return what == nullptr ? "" : what;
}

TEST_CASE("decode: every sample frame decodes whole") {
  for (const SampleFrame& sample : sample_frames()) {
    INFO(sample.name);
    const Decoded packet(sample.bytes, {.link_type = sample.link_type});
    CHECK(packet->verdict != Verdict::Undecodable);
    CHECK(broken(packet, sample.bytes.size()).empty());
  }
}

TEST_CASE("decode: every prefix of every sample frame stays within its bytes") {
  for (const SampleFrame& sample : sample_frames()) {
    INFO(sample.name);
    for (size_t length = 0; length < sample.bytes.size(); ++length) {
      INFO(length << " bytes");
      for (const size_t wire_len : {length, sample.bytes.size()}) {
        const Decoded packet(
            prefix(sample.bytes, length),
            {.link_type = sample.link_type, .wire_len = static_cast<uint32_t>(wire_len)});
        CHECK(broken(packet, length).empty());
      }
    }
  }
}

TEST_CASE("decode: a cut frame is never malformed when the wire length is right") {
  for (const SampleFrame& sample : sample_frames()) {
    INFO(sample.name);
    for (size_t length = 0; length < sample.bytes.size(); ++length) {
      INFO(length << " bytes");
      const Decoded packet(
          prefix(sample.bytes, length),
          {.link_type = sample.link_type, .wire_len = static_cast<uint32_t>(sample.bytes.size())});
      if (packet->verdict == Verdict::Undecodable) CHECK(packet->error == ParseError::Truncated);
    }
  }
}

TEST_CASE("decode: every sample frame with every byte set to extremes stays within its bytes") {
  for (const SampleFrame& sample : sample_frames()) {
    INFO(sample.name);
    for (size_t at = 0; at < sample.bytes.size(); ++at) {
      for (const uint8_t value : {uint8_t{0}, uint8_t{1}, uint8_t{0x7F}, uint8_t{0xFF}}) {
        Octets bytes = sample.bytes;
        bytes[at] = value;
        const Decoded packet(bytes, {.link_type = sample.link_type});
        INFO("byte " << at << " = " << unsigned{value});
        CHECK(broken(packet, bytes.size()).empty());
      }
    }
  }
}

TEST_CASE("decode: a wire length below the captured one counts as the captured one") {
  const Octets frame = ethernet(0x0800, ipv4({}, udp({}, text("hello"))));
  const Decoded packet(frame, {.wire_len = 20});
  CHECK(packet->payload_len == 5);
  CHECK_FALSE(packet->payload_cut);
}

TEST_CASE("decode: an empty frame is truncated at the link layer") {
  CHECK(outcome(Octets{}) == "truncated link");
}

}  // namespace
}  // namespace pktana::parse
