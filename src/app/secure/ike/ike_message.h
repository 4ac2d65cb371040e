// SPDX-License-Identifier: Apache-2.0
// Messages of the Internet Key Exchange in clear: IKEv1 (RFC 2408, 2409) and IKEv2 (RFC 7296), also
// behind the marker of NAT traversal (RFC 3948).
#pragma once

#include <cstdint>
#include <optional>

#include "app/reader.h"

namespace pktana::app::secure {

enum IkeExchange : uint8_t {
  kIkeMain = 2,
  kIkeAggressive = 4,
  kIkeSaInit = 34,
};

/// Payload types that are looked into; those of IKEv1 and IKEv2 have separate numbers.
enum IkePayload : uint8_t {
  kIke1Sa = 1,
  kIke1Proposal = 2,
  kIke1Transform = 3,
  kIke1KeyExchange = 4,
  kIke1Nonce = 10,
  kIke1VendorId = 13,
  kIke2Sa = 33,
  kIke2Notify = 41,
};

/// Lifetime: borrows the datagram.
struct IkeMessage {
  uint64_t initiator_spi = 0;
  uint64_t responder_spi = 0;
  uint8_t first_payload = 0;
  uint8_t major = 0;
  uint8_t minor = 0;
  uint8_t exchange = 0;
  uint8_t flags = 0;
  uint32_t message_id = 0;
  Bytes payloads;

  /// Nothing of the payloads can be read.
  [[nodiscard]] bool encrypted() const noexcept {
    return major == 1 ? (flags & 1) != 0 : exchange != kIkeSaInit;
  }
  [[nodiscard]] bool from_initiator() const noexcept { return (flags & 8) != 0; }
};

/// @param datagram  that its length field must fill.
[[nodiscard]] std::optional<IkeMessage> parse_ike(Bytes datagram) noexcept;

/// Walks a chain of payloads: each names the type of the next.
struct IkePayloadView {
  uint8_t type = 0;
  Bytes body;
};
class IkePayloads {
 public:
  IkePayloads(uint8_t first, Bytes bytes) noexcept : next_(first), in_(bytes) {}
  /// False behind the last, and where one does not fit.
  [[nodiscard]] bool next(IkePayloadView& payload) noexcept;

 private:
  uint8_t next_;
  Reader in_;
};

/// Attribute of a transform (RFC 2408 section 3.3). Values of more than eight bytes come out as 0.
struct IkeAttribute {
  uint16_t type = 0;
  uint64_t value = 0;
};
[[nodiscard]] bool next_ike_attribute(Reader& in, IkeAttribute& attribute) noexcept;

}  // namespace pktana::app::secure
