// SPDX-License-Identifier: Apache-2.0
// Classic pcap (draft-ietf-opsawg-pcap): both byte orders, microseconds and nanoseconds, and the
// "modified" variant of Alexey Kuznetsov's patched libpcap with its longer record headers. Not
// pcapng.
#pragma once

#include <memory>

#include "ring/byte_order.h"
#include "ring/format_reader.h"

namespace pktana::ring {

/// Link type: the low 16 bits of the header's field. The FCS length in the upper bits is not used:
/// packets keep their FCS bytes, if any, in captured_len and wire_len, as in tcpdump and Wireshark.
/// Lengths: a wire length below the captured one is raised to it. A captured length above the
/// file's snap length is taken as it is, up to kMaxPacketBytes. Time: the seconds are unsigned (to
/// 2106); a fraction of a second or more is carried over.
class PcapReader final : public FormatReader {
 public:
  static constexpr size_t kFileHeaderBytes = 24;

  [[nodiscard]] static bool recognises(base::Bytes first_bytes) noexcept;

  /// @param header  the first kFileHeaderBytes of a file that recognises() has accepted; scan()
  /// starts behind them.
  [[nodiscard]] static base::Result<std::unique_ptr<FormatReader>> open(base::Bytes header,
                                                                        FileOrigin origin);

  [[nodiscard]] base::Result<Scan> scan(base::Bytes bytes, std::span<PacketRef> out) override;

 private:
  /// Where a record header has its lengths.
  enum class Lengths : uint8_t {
    CapturedFirst,  ///< version 2.4
    WireFirst,      ///< before 2.3
    SmallerFirst,   ///< 2.3: written in either order
  };
  struct Layout {
    ByteOrder order;
    Lengths lengths = Lengths::CapturedFirst;
    uint16_t link_type = 1;
    uint32_t max_captured = kMaxPacketBytes;
    size_t record_header_bytes = 16;
    int64_t ns_per_fraction = 1000;
  };

  PcapReader(const Layout& layout, FileOrigin origin) noexcept;
  template <bool kBigEndian>
  [[nodiscard]] Scan scan_records(base::Bytes bytes, std::span<PacketRef> out) const noexcept;
  static void order_lengths(Lengths lengths, uint32_t& captured, uint32_t& wire) noexcept;
  [[nodiscard]] base::Unexpected broken_record(base::Bytes bytes) const;

  Layout layout_;
};

}  // namespace pktana::ring
