// SPDX-License-Identifier: Apache-2.0
// Interface of the file formats (pcap, pcapng, snoop): bytes to PacketRefs, without input or output
// of their own, so that they can be given a whole file, a block of one, or a fuzzer's bytes.
// CaptureFile is the user; capture_format.h picks the right one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "ring/packet_ref.h"

namespace pktana::ring {

/// No record or block may be longer, whatever the file says: the limit of what CaptureFile holds in
/// memory.
inline constexpr size_t kMaxRecordBytes = size_t{16} << 20;

/// Packet data up to this length is believed even where the file's snap length is shorter
/// (libpcap's MAXIMUM_SNAPLEN).
inline constexpr uint32_t kMaxPacketBytes = 262144;

/// What a capture file says of an interface that packets in it came from. pcap and snoop have one.
struct FileInterface {
  std::string name = {};  ///< empty = not told
  uint16_t link_type = 1;
  uint32_t snap_length = 0;  ///< 0 = no limit
  bool nanoseconds = false;  ///< its times are finer than microseconds
};

/// Who wants to know of interfaces, before their packets come.
class InterfaceListener {
 public:
  virtual ~InterfaceListener() = default;
  /// Returns the source_id that the interface's packets shall have.
  [[nodiscard]] virtual uint16_t on_interface(const FileInterface& interface) = 0;
};

/// What a reader is told of the file it reads.
struct FileOrigin {
  uint16_t source_id = 0;     ///< of every packet, without a listener
  bool decompressed = false;  ///< byte offsets are not those of the file
  InterfaceListener* listener = nullptr;
};

/// What one scan() found at the front of its bytes.
struct Scan {
  size_t packets = 0;   ///< refs written
  size_t consumed = 0;  ///< bytes of whole records
  size_t needed = 0;  ///< bytes from `consumed` on that it takes to go on, more than were given; 0:
                      ///< scan again at once
};

class FormatReader {
 public:
  virtual ~FormatReader() = default;

  /// Fills `out` (not empty) from whole records. An Error only if the first record in `bytes` is
  /// broken: sound records before a broken one come first.
  /// @param bytes  the file from where the last scan stopped consuming; the refs point into them.
  [[nodiscard]] virtual base::Result<Scan> scan(base::Bytes bytes, std::span<PacketRef> out) = 0;

  /// The Error for a file that ends `have` bytes into a record that has `needed`.
  [[nodiscard]] base::Error cut_short(size_t have, size_t needed) const;

 protected:
  /// @param unit  what messages call a record: "record" or "block".
  /// @param offset  of the first record in the file.
  /// @param header_bytes  it takes to know how long a record is.
  FormatReader(FileOrigin origin, const char* unit, uint64_t offset, size_t header_bytes) noexcept
      : origin_(origin), unit_(unit), offset_(offset), header_bytes_(header_bytes) {}

  /// The next record is the one after `records` more, which take `bytes`.
  void advance(size_t records, size_t bytes) noexcept {
    number_ += records;
    offset_ += bytes;
  }
  /// Error about the next record: "record 17 at byte 1234 " + `what`.
  [[nodiscard]] base::Unexpected broken(const std::string& what) const;

  [[nodiscard]] uint16_t source_id() const noexcept { return origin_.source_id; }
  /// Tells the listener, if there is one. Returns the source_id of the interface's packets.
  [[nodiscard]] uint16_t announce(const FileInterface& interface) const {
    return origin_.listener == nullptr ? origin_.source_id
                                       : origin_.listener->on_interface(interface);
  }
  /// For formats with one interface: announce() it, all packets are from it.
  void announce_only(const FileInterface& interface) { origin_.source_id = announce(interface); }

 private:
  [[nodiscard]] std::string place() const;

  FileOrigin origin_;
  const char* unit_;
  uint64_t offset_;
  uint64_t number_ = 1;
  size_t header_bytes_;
};

}  // namespace pktana::ring
