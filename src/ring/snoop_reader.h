// SPDX-License-Identifier: Apache-2.0
// The capture format of Solaris snoop, version 2 (RFC 1761). Always big-endian, microseconds.
#pragma once

#include <memory>

#include "ring/format_reader.h"

namespace pktana::ring {

/// The data link types that are understood: IEEE 802.3, Ethernet, token ring, FDDI, ATM and IP
/// observability (ipnet). Lengths and time as in PcapReader.
class SnoopReader final : public FormatReader {
 public:
  static constexpr size_t kFileHeaderBytes = 16;

  [[nodiscard]] static bool recognises(base::Bytes first_bytes) noexcept;

  /// @param header  the first kFileHeaderBytes of a file that recognises() has accepted; scan()
  /// starts behind them.
  [[nodiscard]] static base::Result<std::unique_ptr<FormatReader>> open(base::Bytes header,
                                                                        FileOrigin origin);

  [[nodiscard]] base::Result<Scan> scan(base::Bytes bytes, std::span<PacketRef> out) override;

 private:
  SnoopReader(uint16_t link_type, FileOrigin origin) noexcept;

  uint16_t link_type_;
};

}  // namespace pktana::ring
