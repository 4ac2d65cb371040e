// SPDX-License-Identifier: Apache-2.0
// Turns a filter program for the bytes of a file into one for the kernel's packets, whose outer
// VLAN tag is beside the bytes. Used by kernel_filter.cpp only.
#pragma once

#include <cstdint>
#include <optional>

#include "filter/pcap_compiler.h"

namespace pktana::filter {

enum class TagPlace : uint8_t {
  None,      ///< the packet has no tag beside its bytes
  Stripped,  ///< it has: offsets 12 to 15 of the frame are TPID and TCI, all behind lies 4 bytes
             ///< nearer
};

/// Program that says of the kernel's packet what `program` says of the whole frame. Loads of the
/// tag become the kernel's (SKF_AD_VLAN_TPID, SKF_AD_VLAN_TAG), later offsets shrink by 4, the
/// length grows by 4; what a comparison of the first EtherType with 802.1Q or 802.1ad settles is
/// decided here. Index registers that have wrapped below zero reject the packet, as they do in user
/// space. None: a load can't be translated (it straddles the tag's edge, or its place is only known
/// at run time), a jump became too long, or the program loops.
[[nodiscard]] std::optional<Program> rewrite_for_kernel(const Program& program, TagPlace place);

}  // namespace pktana::filter
