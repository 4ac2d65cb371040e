// SPDX-License-Identifier: Apache-2.0
// The one door to libpcap's filter compiler and interpreter; used by the files beside it. Its text
// is the only thing that libpcap tells of an error: error_place.h finds the place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <linux/filter.h>

#include "base/bytes.h"
#include "base/result.h"

namespace pktana::filter {

using Program = std::vector<sock_filter>;

/// Compiles pcap-filter(7) text for frames of a link type, for the bytes of a capture file: a VLAN
/// tag is looked for in the bytes. Host names are looked up, which may take the resolver's time.
/// @param link_type  LINKTYPE_ value.
/// @param snaplen    what the program returns for a packet that matches.
/// @return the program, or libpcap's message. "expression rejects all packets" is not an error
/// here: `ret #0`.
[[nodiscard]] tl::expected<Program, std::string> compile_text(std::string_view expression,
                                                              uint16_t link_type, uint32_t snaplen);

/// True if the program accepts the frame. A load beyond `captured` rejects it.
[[nodiscard]] bool run_program(const Program& program, base::Bytes captured,
                               uint32_t wire_len) noexcept;

/// "Ethernet", or "link type 147" where libpcap knows no description.
[[nodiscard]] std::string describe_link_type(uint16_t link_type);

}  // namespace pktana::filter
