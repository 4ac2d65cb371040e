// SPDX-License-Identifier: Apache-2.0
// Checksums of IP, ICMP, TCP, UDP, GRE and SCTP, verified over captured bytes.
#pragma once

#include "base/bytes.h"
#include "inspect/layer.h"

namespace pktana::inspect {

/// Ones' complement sum in the making (RFC 1071).
class ChecksumSum {
 public:
  /// @param bytes an odd length is padded with a zero: only the last piece may have one.
  void add(base::Bytes bytes) noexcept;
  void add_word(uint16_t word) noexcept { sum_ += word; }
  /// Folded to 16 bits, not complemented.
  [[nodiscard]] uint16_t folded() const noexcept;

 private:
  uint64_t sum_ = 0;
};

/// Adds the field "checksum" with its verdict, and a finding if it is bad.
/// @param covered the bytes that it is the sum of, its field among them.
void add_checksum(Layer& layer, size_t offset, base::Bytes covered);

/// The same over all that the walk's packet has from the layer on (ICMP, IGMP); "unverified" where
/// that is not all there.
void add_plain_checksum(Layer& layer, size_t offset);

/// How a checksum with a pseudo-header is to be taken.
struct TransportChecksum {
  size_t offset = 0;  ///< of the field
  size_t length = 0;  ///< covered bytes as sent; those of the pseudo-header too
  uint8_t protocol = 0;
  size_t covered = 0;         ///< bytes covered beside the pseudo-header (UDP-Lite); 0 = length
  bool zero_is_none = false;  ///< UDP over IPv4
};

/// The same with the pseudo-header of the IP packet around. Says "unverified" where it can't be
/// known: cut packets, fragments, quotes. A sum over the pseudo-header alone is "partial": the
/// network card was to do the rest (TSO, checksum offload).
void add_transport_checksum(Layer& layer, const TransportChecksum& sum);

/// CRC-32C (RFC 9260 appendix A) in SCTP's byte order, the field itself taken as 0.
void add_sctp_checksum(Layer& layer, size_t offset);

}  // namespace pktana::inspect
