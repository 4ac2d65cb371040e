// SPDX-License-Identifier: Apache-2.0
// Where `inspect` has its packets from: a capture file, a text of hex, or standard input with
// either, told apart by what is in it.
#pragma once

#include <memory>
#include <string>

#include "cli/hex_input.h"
#include "ring/packet_source.h"

namespace pktana::cli {

/// Exactly one of the two.
struct InspectInput {
  std::unique_ptr<ring::PacketSource> capture;
  std::vector<Octets> frames;  ///< of hex
};

/// @param path "-" = standard input.
[[nodiscard]] base::Result<InspectInput> open_inspect_input(const std::string& path);

}  // namespace pktana::cli
