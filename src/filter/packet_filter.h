// SPDX-License-Identifier: Apache-2.0
// A packet filter in pcap syntax (pcap-filter(7)) for frames of one link type, run in user space:
// on the packets of capture files, and on live ones where the kernel can't (kernel_filter.h makes
// the program for a socket).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "filter/pcap_compiler.h"

namespace pktana::filter {

inline constexpr uint32_t kDefaultSnaplen = 262144;
/// libpcap's optimizer takes seconds from some 5 KiB on, minutes at this size.
inline constexpr size_t kMaxExpressionBytes = 16384;

/// A packet as filters look at it. Lifetime: borrowed for the call.
struct Frame {
  base::Bytes captured;    ///< without the tag that the kernel took out
  uint32_t wire_len = 0;   ///< whole frame, such a tag included
  uint16_t vlan_tpid = 0;  ///< that tag, host order; 0 = none
  uint16_t vlan_tci = 0;
};

/// One meaning live and in files: the filter sees the frame as it was on the wire, VLAN tags in the
/// bytes. So `vlan 5` finds tagged frames wherever the kernel put the tag, and `udp port 53` means
/// untagged ones; tagged ones are `vlan and udp port 53`. Threads: const, shareable.
class PacketFilter {
 public:
  /// @param expression  the words joined with blanks; empty = everything matches.
  /// @return an Error with operation "packet filter" whose detail is libpcap's message and, from
  /// its second line on,
  ///         the expression with a caret under the place (error_place.h gives it as numbers).
  [[nodiscard]] static base::Result<PacketFilter> compile(std::string_view expression,
                                                          uint16_t link_type,
                                                          uint32_t snaplen = kDefaultSnaplen);

  [[nodiscard]] bool matches(const Frame& frame) const noexcept {
    if (frame.vlan_tpid != 0) [[unlikely]]
      return matches_with_tag(frame);
    return run_program(program_, frame.captured, frame.wire_len);
  }

  /// No packet can match: the expression contradicts itself, or asks for what the link type doesn't
  /// have (`arp` on raw IP).
  [[nodiscard]] bool rejects_all() const noexcept;

  /// For tests and for showing it.
  [[nodiscard]] std::span<const sock_filter> program() const noexcept { return program_; }

 private:
  explicit PacketFilter(Program program) noexcept;
  [[nodiscard]] bool matches_with_tag(const Frame& frame) const noexcept;

  Program program_;
  size_t reach_bytes_;  ///< the program looks at no byte from here on
};

/// "packet filter: <message>" with the caret drawn below: what compile() returns.
[[nodiscard]] base::Error describe_filter_error(std::string_view expression, uint16_t link_type,
                                                std::string_view message);

/// The expression is of a size and kind that libpcap can be given.
[[nodiscard]] base::Result<void> check_expression(std::string_view expression);

/// True if the program asks the kernel for something that is not in the bytes (`inbound`,
/// `outbound`).
[[nodiscard]] bool uses_kernel_data(std::span<const sock_filter> program) noexcept;

}  // namespace pktana::filter
