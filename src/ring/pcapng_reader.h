// SPDX-License-Identifier: Apache-2.0
// pcapng (draft-ietf-opsawg-pcapng): any number of sections in either byte order, and of
// interfaces, each with its own link type, snap length and clock. Packets come from Enhanced,
// Simple and the old Packet Blocks; every other block (names, statistics, secrets, custom, unknown)
// is skipped, and so are all options of packets.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ring/format_reader.h"
#include "ring/pcapng_interface.h"

namespace pktana::ring {

/// Time: a Simple Packet Block has none; its packet gets that of the packet before it, or 0, so
/// that time never jumps. Lengths as in PcapReader, but for the limit: a block has at most
/// kMaxRecordBytes.
class PcapngReader final : public FormatReader {
 public:
  /// Shortest Section Header Block: what open() wants to see. scan() starts at the same byte.
  static constexpr size_t kFileHeaderBytes = 28;
  static constexpr size_t kMaxInterfaces = 65536;  ///< per section

  [[nodiscard]] static bool recognises(base::Bytes first_bytes) noexcept;
  [[nodiscard]] static base::Result<std::unique_ptr<FormatReader>> open(base::Bytes header,
                                                                        FileOrigin origin);

  [[nodiscard]] base::Result<Scan> scan(base::Bytes bytes, std::span<PacketRef> out) override;

 private:
  struct Step {
    size_t bytes = 0;    ///< of the block; more than there are: it must be whole first
    size_t packets = 0;  ///< 1: the block was a packet
  };

  explicit PcapngReader(FileOrigin origin) noexcept;

  template <bool kBigEndian>
  void scan_enhanced_packets(base::Bytes bytes, std::span<PacketRef> out, Scan& scan) noexcept;
  [[nodiscard]] base::Result<Step> take_block(base::Bytes rest, PacketRef& out);
  [[nodiscard]] base::Result<size_t> block_bytes(base::Bytes rest) const;
  [[nodiscard]] std::optional<ByteOrder> order_of(base::Bytes block) const noexcept;

  // Each takes a whole block and says how many packets it was: 0 or 1, then in `out`. After an
  // Error nothing has changed.
  [[nodiscard]] base::Result<size_t> take_whole_block(base::Bytes block, PacketRef& out);
  [[nodiscard]] base::Result<size_t> take_section(base::Bytes block);
  [[nodiscard]] base::Result<size_t> take_interface(base::Bytes block);
  [[nodiscard]] base::Result<size_t> take_packet(base::Bytes block, uint32_t type, PacketRef& out);
  [[nodiscard]] base::Result<size_t> take_simple_packet(base::Bytes block, PacketRef& out);
  [[nodiscard]] base::Unexpected broken_interface(uint32_t interface) const;

  ByteOrder order_;
  int64_t last_ts_ns_ = 0;
  std::vector<PcapngInterface> interfaces_;
};

}  // namespace pktana::ring
