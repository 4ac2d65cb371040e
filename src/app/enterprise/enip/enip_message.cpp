// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/enip/enip_message.h"

#include <algorithm>
#include <array>

#include "app/enterprise/probing.h"
#include "app/reader.h"

namespace pktana::app::enterprise {
namespace {

struct NumberName {
  uint32_t number;
  const char* name;
};

constexpr auto kCommands = std::to_array<NumberName>({{0x00, "Nop"},
                                                      {0x04, "ListServices"},
                                                      {0x63, "ListIdentity"},
                                                      {0x64, "ListInterfaces"},
                                                      {0x65, "RegisterSession"},
                                                      {0x66, "UnregisterSession"},
                                                      {0x6f, "SendRRData"},
                                                      {0x70, "SendUnitData"},
                                                      {0x72, "IndicateStatus"},
                                                      {0x73, "Cancel"}});

constexpr auto kStatuses = std::to_array<NumberName>({{0x00, "Success"},
                                                      {0x01, "InvalidCmd"},
                                                      {0x02, "NoResources"},
                                                      {0x03, "IncorrectData"},
                                                      {0x64, "InvalidSession"},
                                                      {0x65, "InvalidLength"},
                                                      {0x69, "UnsupportedProtRev"},
                                                      {0x6a, "EncapHeaderError"}});

template <size_t kCount>
const char* find(const std::array<NumberName, kCount>& names, uint32_t number) noexcept {
  for (const NumberName& one : names)
    if (one.number == number) return one.name;
  return nullptr;
}

/// A command item: two bytes of type, two of length; its data may be cut.
struct Item {
  uint16_t type = 0;
  Bytes data;
};

uint16_t read_le16(Reader& in) noexcept {
  const Bytes two = in.take(2);
  return two.empty() ? uint16_t{0} : le16(two, 0);
}

bool next_item(Reader& in, Item& out) noexcept {
  out.type = read_le16(in);
  const uint16_t len = read_le16(in);
  if (!in.ok()) return false;
  out.data = in.take(std::min<size_t>(len, in.left()));
  return true;
}

/// The first item of this type in the list at `at` of the body: none if the data is empty.
Bytes find_item(Bytes body, size_t at, std::initializer_list<uint16_t> types) noexcept {
  constexpr unsigned kMaxItems = 8;
  Reader in(body, at);
  const unsigned count = std::min<unsigned>(read_le16(in), kMaxItems);
  Item item;
  for (unsigned i = 0; i < count && next_item(in, item); ++i)
    if (std::find(types.begin(), types.end(), item.type) != types.end()) return item.data;
  return {};
}

constexpr uint16_t kConnected = 0xb1, kUnconnected = 0xb2;
constexpr size_t kBehindTimeout = 6;  ///< interface handle, timeout

/// The CIP message that a Send command carries; empty if there is none.
Bytes cip_of(const EnipMessage& message) noexcept {
  if (message.is(EnipCommand::SendRRData))
    return find_item(message.body, kBehindTimeout, {kUnconnected});
  if (!message.is(EnipCommand::SendUnitData)) return {};
  constexpr size_t kSequence = 2;
  const Bytes data = find_item(message.body, kBehindTimeout, {kConnected});
  return data.subspan(std::min(data.size(), kSequence));
}

void show_session(Fields& out, Bytes body) noexcept {
  if (body.size() < 4) return;
  Object object = out.object("register_session");
  object.number("protocol_version", le16(body, 0));
  object.number("options", le16(body, 2));
}

void show_services(Fields& out, Bytes body) noexcept {
  constexpr uint16_t kCommunications = 0x100;
  constexpr size_t kName = 4;
  const Bytes item = find_item(body, 0, {kCommunications});
  if (item.size() < kName) return;
  const std::string_view name = text_of(item.subspan(kName));
  Object object = out.object("list_services");
  object.number("protocol_version", le16(item, 0));
  object.number("capabilities", le16(item, 2));
  object.text("service_name", name.substr(0, name.find('\0')));
}

/// ListIdentity item (2-4.3.4): version, socket address, then the identity object's attributes.
void show_identity(Fields& out, Bytes body) noexcept {
  constexpr uint16_t kIdentity = 0x0c;
  constexpr size_t kSocketAddress = 16;
  const Bytes item = find_item(body, 0, {kIdentity});
  Reader in(item);
  const uint16_t version = read_le16(in);
  in.skip(kSocketAddress);
  const Bytes fixed = in.take(14);
  const std::string_view name = text_of(in.vector8());
  if (!in.ok()) return;
  Object object = out.object("identity");
  object.number("protocol_version", version);
  object.text("revision", std::to_string(fixed[6]) + "." + std::to_string(fixed[7]));
  object.text("vendor_id", cip_vendor_text(le16(fixed, 0)));
  object.text("device_type", cip_device_text(le16(fixed, 2)));
  object.number("product_code", le16(fixed, 4));
  object.number("status", le16(fixed, 8));
  object.number("serial", le32(fixed, 10));
  object.text("product_name", name);
  if (!in.empty()) object.number("state", in.u8());
}

}  // namespace

size_t enip_length(Bytes bytes) noexcept {
  constexpr uint16_t kMax = 0x2000;
  if (find(kCommands, le16(bytes, 0)) == nullptr || find(kStatuses, le32(bytes, 8)) == nullptr)
    return 0;
  if (le32(bytes, 20) != 0 || le16(bytes, 2) > kMax) return 0;
  return kEnipHeader + le16(bytes, 2);
}

EnipMessage parse_enip(Bytes bytes) noexcept {
  return {.command = le16(bytes, 0),
          .status = le32(bytes, 8),
          .context = le64(bytes, 12),
          .body = bytes.subspan(kEnipHeader)};
}

uint64_t enip_ticket(const EnipMessage& message) noexcept {
  if (!message.is(EnipCommand::SendUnitData)) return message.context;
  const Bytes data = find_item(message.body, kBehindTimeout, {kConnected});
  return data.size() < 2 ? message.context : le16(data, 0);
}

void show_enip(Fields& out, const EnipMessage& message, CipSide side) noexcept {
  out.text("command", find(kCommands, message.command));
  out.text("status", find(kStatuses, message.status));
  if (message.is(EnipCommand::RegisterSession)) return show_session(out, message.body);
  const Bytes cip = cip_of(message);
  if (!cip.empty()) return show_cip(out, cip, side);
  if (side == CipSide::Request) return;
  if (message.is(EnipCommand::ListServices)) return show_services(out, message.body);
  if (message.is(EnipCommand::ListIdentity)) return show_identity(out, message.body);
}

}  // namespace pktana::app::enterprise
