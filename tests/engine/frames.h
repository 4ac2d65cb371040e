// SPDX-License-Identifier: Apache-2.0
// Captures of small UDP frames for tests of the engine.
#pragma once

#include <string>

#include "support/capture_writer.h"
#include "support/packet_builder.h"

namespace pktana::support {

/// A frame of UDP flow `flow` (client port 20000 + flow to 198.19.0.1 port 9), or its reply.
inline Octets udp_frame(uint16_t flow, bool reply = false) {
  const auto client = static_cast<uint16_t>(20000 + flow);
  const UdpFields ports{.src_port = reply ? uint16_t{9} : client,
                        .dst_port = reply ? client : uint16_t{9}};
  const char* here = reply ? "198.19.0.1" : "198.18.0.1";
  const char* there = reply ? "198.18.0.1" : "198.19.0.1";
  return ethernet(0x0800,
                  ipv4({.src = here, .dst = there, .protocol = 17}, udp(ports, text("data"))));
}

/// `packets` packets, a millisecond apart, of `flows` flows in turn, each second round as reply;
/// every tenth packet is ARP if `with_arp`.
inline PcapWriter udp_capture(uint32_t packets, uint16_t flows, bool with_arp = false) {
  PcapWriter capture;
  for (uint32_t i = 0; i < packets; ++i) {
    const PcapWriter::Record record{.seconds = 1700000000 + i / 1000, .fraction = i % 1000 * 1000};
    if (with_arp && i % 10 == 9) {
      capture.add(padded(ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 c6120001"
                                              "000000000000 c6130001"))),
                  record);
      continue;
    }
    capture.add(udp_frame(static_cast<uint16_t>(i % flows), i / flows % 2 == 1), record);
  }
  return capture;
}

}  // namespace pktana::support
