// SPDX-License-Identifier: Apache-2.0
#include "parse/ieee80211.h"

#include "parse/decoded.h"
#include "parse/radiotap.h"
#include "support/catch.h"

namespace pktana::parse {
namespace {

using namespace pktana::support;

const Octets kLlcIp =
    joined(hex("aaaa03 000000 0800"), ipv4({}, udp({.dst_port = 53}, text("hello"))));

/// Data frame: frame control (as on the wire), `rest` bytes of header behind it, then LLC.
Octets data_frame(const char* control, size_t rest) {
  return joined(joined(hex(control), Octets(rest, 0)), kLlcIp);
}
int port_behind(const Octets& frame, LinkType type = LinkType::Ieee80211) {
  const Decoded packet(frame, {.link_type = type});
  return packet->verdict == Verdict::Ip ? packet->dst_port : 0;
}
const FrameMeta kWireless{.link_type = LinkType::Ieee80211};
const FrameMeta kRadiotap{.link_type = LinkType::Ieee80211Radiotap};

TEST_CASE("ieee80211: data frames have headers of 24 to 36 bytes") {
  CHECK(port_behind(data_frame("0801", 22)) == 53);
  CHECK(port_behind(data_frame("0802", 22)) == 53);
  CHECK(port_behind(data_frame("0803", 28)) == 53);
  CHECK(port_behind(data_frame("8801", 24)) == 53);
  CHECK(port_behind(data_frame("8803", 30)) == 53);
  CHECK(port_behind(data_frame("8881", 28)) == 53);
}

TEST_CASE("ieee80211: an aggregate is read up to its first frame") {
  Octets frame = hex("8801");
  frame.resize(24);
  put_octets(frame, hex("8000 020000000001 020000000002 0028"));
  CHECK(port_behind(joined(frame, kLlcIp)) == 53);
}

TEST_CASE("ieee80211: management, control, empty and encrypted frames are wireless control") {
  for (const char* control : {"8000", "d400", "4800", "c800", "0841", "8841"})
    CHECK(outcome(data_frame(control, 30), kWireless) == "non_ip wireless_control");
}

TEST_CASE("ieee80211: a header that is cut is truncated") {
  const Octets whole = data_frame("8803", 30);
  for (size_t length = 0; length < 32; ++length)
    CHECK(outcome(Octets(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length)),
                  kWireless) == "truncated link");
}

TEST_CASE("radiotap: golden bytes give their fields") {
  const Octets bytes = hex("0000 1200 2f480000 0000000000000000 20 02");
  const auto header = RadiotapView::parse(bytes);
  REQUIRE(header);
  CHECK(header->header_len_bytes() == 18);
  CHECK(header->has_padding());
}

TEST_CASE("radiotap: the header is skipped by its length") {
  const Octets head = hex("0000 0a00 00000000 0000");
  CHECK(port_behind(joined(head, data_frame("0801", 22)), LinkType::Ieee80211Radiotap) == 53);
}

TEST_CASE("radiotap: the padding flag is found behind timestamp and further presence words") {
  const Octets frame = data_frame("8801", 26);
  for (const char* head : {"0000 0900 02000000 20", "0000 1100 03000000 0000000000000000 20",
                           "0000 0d00 02000080 00000000 20"})
    CHECK(port_behind(joined(hex(head), frame), LinkType::Ieee80211Radiotap) == 53);
}

TEST_CASE("radiotap: presence words without end are not followed") {
  const Octets bytes = hex("0000 0c00 02000080 00000080");
  const auto header = RadiotapView::parse(bytes);
  REQUIRE(header);
  CHECK_FALSE(header->has_padding());
}

TEST_CASE(
    "radiotap: a length below 8 is malformed, another version unsupported, a cut header "
    "truncated") {
  CHECK(outcome(hex("0000 0700 00000000 00"), kRadiotap) == "malformed link");
  CHECK(outcome(hex("0100 0800 00000000 00"), kRadiotap) == "unsupported link");
  CHECK(outcome(hex("0000 0900 00000000"), kRadiotap) == "truncated link");
}

}  // namespace
}  // namespace pktana::parse
