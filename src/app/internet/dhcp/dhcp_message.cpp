// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dhcp/dhcp_message.h"

namespace pktana::app::internet::dhcp {

namespace {

constexpr uint32_t kMagicCookie = 0x63825363;
constexpr size_t kHardwareRoom = 16;
constexpr size_t kServerNameLen = 64;
constexpr size_t kFileLen = 128;

}  // namespace

Message::Message(Bytes datagram) noexcept {
  Reader reader(datagram);
  operation_ = reader.u8();
  reader.skip(1);  // hardware type
  const uint8_t hardware_len = reader.u8();
  reader.skip(1);  // hops
  id_ = reader.u32();
  reader.skip(4);  // seconds, flags
  client_ip_ = reader.take(4);
  assigned_ip_ = reader.take(4);
  next_server_ip_ = reader.take(4);
  relay_ip_ = reader.take(4);
  const Bytes hardware = reader.take(kHardwareRoom);
  reader.skip(kServerNameLen + kFileLen);
  const uint32_t cookie = reader.u32();
  valid_ = reader.ok() && (operation_ == 1 || operation_ == 2) && hardware_len <= kHardwareRoom &&
           cookie == kMagicCookie;
  if (!valid_) return;
  client_mac_ = hardware.first(hardware_len);
  options_ = reader.rest();
}

bool OptionWalk::next(Option& option) noexcept {
  while (reader_.left() > 0 && left_-- > 0) {
    option.code = reader_.u8();
    if (option.code == Pad) continue;
    if (option.code == End) return false;
    option.data = reader_.take(reader_.u8());
    return reader_.ok();
  }
  return false;
}

}  // namespace pktana::app::internet::dhcp
