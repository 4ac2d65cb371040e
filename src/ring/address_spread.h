// SPDX-License-Identifier: Apache-2.0
// The program that deals packets out to the rings of a group by their pair of IP addresses
// (PACKET_FANOUT_CBPF). Used by CaptureGroup.
#pragma once

#include <cstdint>
#include <vector>

#include <linux/filter.h>

namespace pktana::ring {

/// Returns, in the kernel, the same number for all packets between two hosts, whichever way they
/// go: a keyed hash of the addresses of the outermost IP header, behind at most one VLAN tag that
/// is still in the bytes. All else gets 0.
/// @param secret  keeps senders from choosing their worker; one for all interfaces of a group.
[[nodiscard]] std::vector<sock_filter> address_pair_program(uint64_t secret);

}  // namespace pktana::ring
