// SPDX-License-Identifier: Apache-2.0
// Packets to the bytes of a capture file of either format: what a file must say of link types and
// interfaces before it can hold a packet. Knows nothing of files and buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sink/packet_file_options.h"
#include "sink/pcap_format.h"
#include "sink/saved_packet.h"

namespace pktana::sink {

/// One thread.
class PacketEncoder {
 public:
  explicit PacketEncoder(FileFormat format) noexcept : format_(format) {}

  /// More is known of a source. A source that was never described has no name.
  void describe(SavedInterface interface);
  /// Of the first source described; Ethernet if there is none.
  [[nodiscard]] uint16_t first_link_type() const noexcept {
    return interfaces_.empty() ? SavedInterface{}.link_type : interfaces_.front().link_type;
  }

  /// pcap: settles what all files of this series say: `link_type`, and nanoseconds if any interface
  /// described so far has them (or none is described). Only the first call counts.
  void settle(uint16_t link_type);

  /// A new file: nothing has been said in it yet.
  [[nodiscard]] size_t header_bytes() const noexcept;
  [[nodiscard]] char* put_header(char* out);

  /// The file can hold packets of this link type.
  [[nodiscard]] bool accepts(const SavedPacket& packet) const noexcept {
    return format_ == FileFormat::Pcapng || packet.link_type == pcap_.link_type;
  }
  [[nodiscard]] bool keeps_time(const SavedPacket& packet) const noexcept {
    return format_ == FileFormat::Pcapng ? packet.ts_ns >= 0
                                         : fits_pcap_time(packet.ts_ns, pcap_.nanoseconds);
  }

  /// Of the packet, and of the description of its interface if that is yet to come in this file.
  [[nodiscard]] size_t bytes_of(const SavedPacket& packet) const noexcept;
  [[nodiscard]] char* put(char* out, const SavedPacket& packet);

 private:
  /// A source and link type as an interface of the present file.
  struct Described {
    uint16_t source_id;
    uint16_t link_type;
    friend bool operator==(const Described&, const Described&) = default;
  };

  [[nodiscard]] bool is_described(const SavedPacket& packet) const noexcept;
  [[nodiscard]] SavedInterface interface_of(const SavedPacket& packet) const;

  FileFormat format_;
  bool settled_ = false;
  PcapHeader pcap_;
  std::vector<SavedInterface> interfaces_;  ///< all that was described, in that order
  std::vector<Described> in_file_;          ///< by number in the present file
  mutable size_t last_ = 0;                 ///< number found last
};

/// Where the packets of a run of bytes end. `bytes` begins with a record; the last may be cut.
struct WholeRecords {
  size_t bytes = 0;
  uint64_t packets = 0;
};
[[nodiscard]] WholeRecords whole_records(FileFormat format, std::span<const char> bytes) noexcept;

/// The record at the front of `bytes`; none of its header may be missing.
[[nodiscard]] RecordExtent first_record(FileFormat format, std::span<const char> bytes) noexcept;

}  // namespace pktana::sink
