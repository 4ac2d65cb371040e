// SPDX-License-Identifier: Apache-2.0
// One sound frame for each path through decode(): what the prefix test cuts and the fuzzer starts
// from.
#pragma once

#include <string>
#include <vector>

#include "parse/link_type.h"
#include "support/packet_builder.h"

namespace pktana::parse {

struct SampleFrame {
  std::string name;
  LinkType link_type = LinkType::Ethernet;
  support::Octets bytes;
};

/// All of them; the innermost layer is decodable in each.
[[nodiscard]] std::vector<SampleFrame> sample_frames();

}  // namespace pktana::parse
