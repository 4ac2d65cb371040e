// SPDX-License-Identifier: Apache-2.0
// Packet filters as programs for a packet socket (SO_ATTACH_FILTER), with the same meaning as
// PacketFilter in user space. libpcap's own live code differs from its code for files: there `udp
// port 53` takes tagged frames too, since the kernel has taken the tag out before the filter runs.
// Here the program is the file's, translated (tag_rewrite.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "filter/packet_filter.h"

namespace pktana::filter {

struct KernelFilter {
  /// Which packets the program lets through unexamined; PacketFilter or FilterSet must look at
  /// them.
  enum class Recheck : uint8_t {
    None,    ///< the program is exact
    Tagged,  ///< those whose VLAN tag was taken out: the filter does to the tag what the kernel
             ///< can't
    All,     ///< everything: too long for the kernel (4096 instructions), or with a loop (`ip6
             ///< protochain`)
  };

  Program program;
  Recheck recheck = Recheck::None;
};

/// @param link_type  LINKTYPE_ value of the interface that the socket is bound to.
/// @param snaplen    bytes kept of a packet: what the program returns for a match.
/// @return errors as PacketFilter::compile() gives them.
[[nodiscard]] base::Result<KernelFilter> compile_for_kernel(std::string_view expression,
                                                            uint16_t link_type,
                                                            uint32_t snaplen = kDefaultSnaplen);

/// The same for a program that compile_text() made.
[[nodiscard]] KernelFilter translate_for_kernel(const Program& program, uint16_t link_type,
                                                uint32_t snaplen);

/// Takes every packet, `snaplen` bytes of it.
[[nodiscard]] Program accept_all(uint32_t snaplen = kDefaultSnaplen);

}  // namespace pktana::filter
