// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/enip/cip.h"

#include <algorithm>
#include <array>
#include <optional>

#include "app/enterprise/probing.h"
#include "app/reader.h"
#include "app/secure/digest.h"

namespace pktana::app::enterprise {
namespace {

constexpr uint8_t kMultiple = 0x0a;
constexpr uint8_t kReplyBit = 0x80;
constexpr unsigned kMaxSegments = 16;
constexpr unsigned kMaxServices = 32;  ///< of a Multiple Service Packet

struct CipMessage {
  uint8_t service = 0;
  Bytes path;  ///< of a request
  uint8_t status = 0;
  Bytes extended;  ///< status, of a response
  Bytes data;
};

std::optional<CipMessage> parse(Bytes bytes, CipSide side) noexcept {
  Reader in(bytes);
  CipMessage message{.service = static_cast<uint8_t>(in.u8() & ~kReplyBit)};
  if (side == CipSide::Request) {
    message.path = in.take(size_t{in.u8()} * 2);
  } else {
    in.skip(1);
    message.status = in.u8();
    message.extended = in.take(size_t{in.u8()} * 2);
  }
  if (!in.ok()) return {};
  message.data = in.rest();
  return message;
}

struct Segment {
  uint8_t type = 0;
  uint32_t value = 0;
};

/// A logical segment with a number (appendix C-1.4.2); nothing for other kinds, which end the walk.
std::optional<Segment> next_segment(Bytes& path) noexcept {
  constexpr uint8_t kLogical = 1, kEight = 0, kSixteen = 1, kThirtyTwo = 2;
  if (path.size() < 2 || path[0] >> 5 != kLogical) return {};
  const uint8_t format = path[0] & 3;
  const size_t len = format == kEight ? 2 : format == kSixteen ? 4 : format == kThirtyTwo ? 6 : 0;
  if (len == 0 || path.size() < len) return {};
  const Segment segment{path[0], len == 2 ? path[1] : len == 4 ? le16(path, 2) : le32(path, 2)};
  path = path.subspan(len);
  return segment;
}

std::string segment_text(uint8_t type) noexcept {
  constexpr uint8_t kClass = 8, kInstance = 9, kAttribute = 12;
  switch (type >> 2) {
    case kClass:
      return "class";
    case kInstance:
      return "instance";
    case kAttribute:
      return "attribute";
    default:
      return "unknown-" + std::to_string(type);
  }
}

void show_path(Fields& out, Bytes path) noexcept {
  constexpr uint8_t kClass = 8;
  std::array<Segment, kMaxSegments> segments;
  size_t count = 0;
  while (count < segments.size()) {
    const auto segment = next_segment(path);
    if (!segment) break;
    segments[count++] = *segment;
  }
  if (count == 0) return;
  const Segment* last_class = nullptr;
  {
    Array array = out.array("path");
    for (size_t i = 0; i < count; ++i) {
      Object object = array.object(nullptr);
      object.text("segment_type", segment_text(segments[i].type));
      object.number("value", segments[i].value);
      if (segments[i].type >> 2 == kClass) last_class = &segments[i];
    }
  }
  if (last_class != nullptr) out.text("class_name", cip_class_text(last_class->value));
}

void show_one(Fields& out, const CipMessage& message, CipSide side) noexcept {
  out.text("service", cip_service_text(message.service));
  if (side == CipSide::Request) return show_path(out, message.path);
  out.text("status", cip_status_text(message.status));
  if (message.extended.empty()) return;
  out.text("status_extended", secure::to_hex(message.extended));
  if (message.extended.size() == 2)
    out.text_if("status_extended_meaning", cip_extended_text(le16(message.extended, 0)));
}

/// Number of services, an offset for each (from the number on), the services.
void show_multiple(Fields& out, Bytes data, CipSide side) noexcept {
  if (data.size() < 2) return;
  const unsigned count = std::min<unsigned>(le16(data, 0), kMaxServices);
  if (count == 0 || data.size() < 2 + 2 * size_t{count}) return;
  Array array = out.array("multiple");
  for (unsigned i = 0; i < count; ++i) {
    const size_t at = le16(data, 2 + 2 * size_t{i});
    if (at >= data.size()) return;
    const bool is_last = i + 1 == le16(data, 0);
    const size_t end = is_last || i + 1 == count ? data.size() : le16(data, 4 + 2 * size_t{i});
    if (end <= at || end > data.size()) return;
    const auto message = parse(data.subspan(at, end - at), side);
    if (!message) return;
    Object object = array.object(nullptr);
    show_one(object, *message, side);
  }
}

}  // namespace

void show_cip(Fields& out, Bytes bytes, CipSide side) noexcept {
  const auto message = parse(bytes, side);
  if (!message) return;
  Object object = out.object("cip");
  show_one(object, *message, side);
  if (message->service == kMultiple) show_multiple(object, message->data, side);
}

}  // namespace pktana::app::enterprise
