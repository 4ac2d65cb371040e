// SPDX-License-Identifier: Apache-2.0
#include "app/secure/ike/ike_message.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kHeaderBytes = 28;

bool is_exchange(uint8_t major, uint8_t exchange) noexcept {
  if (major == 2) return exchange >= 34 && exchange <= 44;
  return (exchange >= 1 && exchange <= 6) || (exchange >= 32 && exchange <= 33);
}

bool is_payload(uint8_t major, uint8_t type) noexcept {
  if (type == 0) return true;
  if (major == 2) return type >= 33 && type <= 54;
  return type <= 22 || (type >= 130 && type <= 132);
}

}  // namespace

std::optional<IkeMessage> parse_ike(Bytes datagram) noexcept {
  Reader in(datagram);
  // Port 4500: four zero bytes tell IKE from ESP. An initiator's SPI is never zero.
  if (datagram.size() >= 4 && base::load_be<uint32_t>(datagram.data()) == 0) in.u32();
  const size_t available = in.left();
  IkeMessage message;
  message.initiator_spi = in.u64();
  message.responder_spi = in.u64();
  message.first_payload = in.u8();
  const uint8_t version = in.u8();
  message.major = version >> 4;
  message.minor = version & 15;
  message.exchange = in.u8();
  message.flags = in.u8();
  message.message_id = in.u32();
  const uint32_t length = in.u32();
  if (!in.ok() || message.initiator_spi == 0 || length != available || length < kHeaderBytes)
    return std::nullopt;
  if ((message.major != 1 && message.major != 2) || message.minor > 1) return std::nullopt;
  const uint8_t known_flags = message.major == 1 ? 0x07 : 0x38;
  if ((message.flags & ~known_flags) != 0) return std::nullopt;
  if (!is_exchange(message.major, message.exchange) ||
      !is_payload(message.major, message.first_payload))
    return std::nullopt;
  message.payloads = in.rest();
  return message;
}

bool IkePayloads::next(IkePayloadView& payload) noexcept {
  constexpr size_t kGenericHeader = 4;
  if (next_ == 0) return false;
  payload.type = next_;
  next_ = in_.u8();
  in_.u8();
  const uint16_t length = in_.u16();
  if (!in_.ok() || length < kGenericHeader) return false;
  payload.body = in_.take(length - kGenericHeader);
  return in_.ok();
}

bool next_ike_attribute(Reader& in, IkeAttribute& attribute) noexcept {
  constexpr uint16_t kShort = 0x8000;
  if (in.left() < 4) return false;
  const uint16_t type = in.u16();
  attribute.type = type & 0x7FFF;
  attribute.value = 0;
  if ((type & kShort) != 0) {
    attribute.value = in.u16();
    return true;
  }
  const Bytes value = in.vector16();
  if (value.size() <= 8)
    for (const uint8_t byte : value)
      attribute.value = attribute.value << 8 | byte;
  return in.ok();
}

}  // namespace pktana::app::secure
