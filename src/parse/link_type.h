// SPDX-License-Identifier: Apache-2.0
// LINKTYPE_ values (tcpdump.org/linktypes.html): what the first header of a captured frame is. Used
// by decode(), by capture file readers and writers, and wherever a link type is shown.
#pragma once

#include <cstdint>
#include <string_view>

namespace pktana::parse {

/// The values that decode() knows, and those that name what it refuses most often.
enum class LinkType : uint16_t {
  Null = 0,
  Ethernet = 1,
  Ppp = 9,
  Fddi = 10,
  RawBsd = 12,      ///< DLT_RAW of most systems, seen in files of careless writers
  RawOpenBsd = 14,  ///< DLT_RAW of OpenBSD
  PppHdlc = 50,
  PppEther = 51,
  Raw = 101,
  CiscoHdlc = 104,
  Ieee80211 = 105,
  FrameRelay = 107,
  Loop = 108,
  LinuxSll = 113,
  Ieee80211Radiotap = 127,
  Ipv4 = 228,
  Ipv6 = 229,
  Nflog = 239,
  Pktap = 258,
  LinuxSll2 = 276,
};

/// Name as on tcpdump.org without "LINKTYPE_", e.g. "ETHERNET"; "unknown" for values that decode()
/// does not know.
[[nodiscard]] std::string_view to_string(LinkType type) noexcept;

}  // namespace pktana::parse
