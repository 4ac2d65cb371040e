// SPDX-License-Identifier: Apache-2.0
// How fuzz_decode lays out its input: link type (index below), stripped tag (TPID, TCI), bytes cut
// off the end of the frame (2 bytes), then the frame.
#pragma once

#include <array>
#include <cstddef>

#include "parse/link_type.h"

namespace pktana::fuzz {

inline constexpr size_t kDecodeHeaderLen = 7;

inline constexpr std::array kDecodeLinkTypes{
    parse::LinkType::Ethernet,  parse::LinkType::Null,       parse::LinkType::Ppp,
    parse::LinkType::Fddi,      parse::LinkType::RawBsd,     parse::LinkType::RawOpenBsd,
    parse::LinkType::PppHdlc,   parse::LinkType::PppEther,   parse::LinkType::Raw,
    parse::LinkType::CiscoHdlc, parse::LinkType::FrameRelay, parse::LinkType::Ieee80211,
    parse::LinkType::Loop,      parse::LinkType::LinuxSll,   parse::LinkType::Ieee80211Radiotap,
    parse::LinkType::Ipv4,      parse::LinkType::Ipv6,       parse::LinkType::Nflog,
    parse::LinkType::Pktap,     parse::LinkType::LinuxSll2,
};

}  // namespace pktana::fuzz
