// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/dnp3/dnp3_objects.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "app/enterprise/probing.h"
#include "app/reader.h"

namespace pktana::app::enterprise {
namespace {

constexpr unsigned kMaxObjects = 32;
constexpr uint32_t kMaxPointsShown = 32;  ///< of an object; all are counted
constexpr uint32_t kMaxPoints = 65536;    ///< of an object

/// What is shown of a point beside its index.
enum class Value : uint8_t { None, Bit, State, I16, I32, U16, U32, F32, F64, Crob };

struct Layout {
  uint8_t group;
  uint8_t variation;
  uint16_t bits;  ///< of a point
  Value value = Value::None;
  uint8_t at = 1;  ///< place of the value; in front of it are the flags
};

constexpr auto kLayouts = std::to_array<Layout>({
    // binary inputs, double-bit inputs, binary outputs and their commands
    {1, 1, 1, Value::Bit},
    {1, 2, 8, Value::State, 0},
    {2, 1, 8, Value::State, 0},
    {2, 2, 56, Value::State, 0},
    {2, 3, 24, Value::State, 0},
    {3, 1, 2},
    {3, 2, 8},
    {4, 1, 8},
    {4, 2, 56},
    {4, 3, 24},
    {10, 1, 1, Value::Bit},
    {10, 2, 8, Value::State, 0},
    {11, 1, 8, Value::State, 0},
    {11, 2, 56, Value::State, 0},
    {12, 1, 88, Value::Crob},
    {12, 2, 88, Value::Crob},
    {12, 3, 1, Value::Bit},
    {13, 1, 8},
    {13, 2, 56},
    // counters
    {20, 1, 40, Value::U32},
    {20, 2, 24, Value::U16},
    {20, 3, 40, Value::U32},
    {20, 4, 24, Value::U16},
    {20, 5, 32, Value::U32, 0},
    {20, 6, 16, Value::U16, 0},
    {20, 7, 32, Value::U32, 0},
    {20, 8, 16, Value::U16, 0},
    {21, 1, 40, Value::U32},
    {21, 2, 24, Value::U16},
    {21, 5, 88, Value::U32},
    {21, 6, 72, Value::U16},
    {21, 9, 32, Value::U32, 0},
    {21, 10, 16, Value::U16, 0},
    {22, 1, 40, Value::U32},
    {22, 2, 24, Value::U16},
    {22, 5, 88, Value::U32},
    {22, 6, 72, Value::U16},
    {23, 1, 40, Value::U32},
    {23, 2, 24, Value::U16},
    {23, 5, 88, Value::U32},
    {23, 6, 72, Value::U16},
    // analog inputs, outputs and their commands
    {30, 1, 40, Value::I32},
    {30, 2, 24, Value::I16},
    {30, 3, 32, Value::I32, 0},
    {30, 4, 16, Value::I16, 0},
    {30, 5, 40, Value::F32},
    {30, 6, 72, Value::F64},
    {32, 1, 40, Value::I32},
    {32, 2, 24, Value::I16},
    {32, 3, 88, Value::I32},
    {32, 4, 72, Value::I16},
    {32, 5, 40, Value::F32},
    {32, 6, 72, Value::F64},
    {32, 7, 88, Value::F32},
    {32, 8, 120, Value::F64},
    {34, 1, 16, Value::U16, 0},
    {34, 2, 32, Value::U32, 0},
    {34, 3, 32, Value::F32, 0},
    {40, 1, 40, Value::I32},
    {40, 2, 24, Value::I16},
    {40, 3, 40, Value::F32},
    {40, 4, 72, Value::F64},
    {41, 1, 40, Value::I32, 0},
    {41, 2, 24, Value::I16, 0},
    {41, 3, 40, Value::F32, 0},
    {41, 4, 72, Value::F64, 0},
    {42, 1, 40, Value::I32},
    {42, 2, 24, Value::I16},
    {42, 3, 88, Value::I32},
    {42, 4, 72, Value::I16},
    {42, 5, 40, Value::F32},
    {42, 6, 72, Value::F64},
    {42, 7, 88, Value::F32},
    {42, 8, 120, Value::F64},
    // times, delays, classes, indications
    {50, 1, 48},
    {50, 3, 48},
    {50, 4, 88},
    {51, 1, 48},
    {51, 2, 48},
    {52, 1, 16, Value::U16, 0},
    {52, 2, 16, Value::U16, 0},
    {60, 1, 0},
    {60, 2, 0},
    {60, 3, 0},
    {60, 4, 0},
    {80, 1, 1, Value::Bit},
});

std::optional<Layout> layout_of(uint8_t group, uint8_t variation) noexcept {
  // Octet strings and virtual terminals: the variation is the length.
  if (group >= 110 && group <= 113)
    return Layout{group, variation, static_cast<uint16_t>(variation * 8)};
  const auto found = std::find_if(kLayouts.begin(), kLayouts.end(), [&](const Layout& one) {
    return one.group == group && one.variation == variation;
  });
  if (found == kLayouts.end()) return {};
  return *found;
}

/// Little-endian cursor; what is not there reads as 0 and says so.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) noexcept : in_(bytes) {}
  uint32_t number(size_t len) noexcept {
    const Bytes taken = in_.take(len);
    uint32_t value = 0;
    for (size_t i = 0; i < taken.size(); ++i)
      value |= uint32_t{taken[i]} << (8 * i);
    return value;
  }
  Bytes take(size_t len) noexcept { return in_.take(len); }
  [[nodiscard]] bool ok() const noexcept { return in_.ok(); }
  [[nodiscard]] bool empty() const noexcept { return in_.empty(); }

 private:
  Reader in_;
};

struct ObjectHeader {
  uint8_t group = 0, variation = 0, qualifier = 0;
  uint32_t start = 0, stop = 0, count = 0;

  [[nodiscard]] uint8_t prefix_code() const noexcept { return qualifier >> 4 & 7; }
  [[nodiscard]] uint8_t range_code() const noexcept { return qualifier & 0x0f; }
};

/// False if its range can be none, or is not all there.
bool read_header(Cursor& in, ObjectHeader& out) noexcept {
  constexpr uint8_t kAll = 6, kFreeFormat = 11;
  out.group = static_cast<uint8_t>(in.number(1));
  out.variation = static_cast<uint8_t>(in.number(1));
  out.qualifier = static_cast<uint8_t>(in.number(1));
  const uint8_t range = out.range_code();
  if (range <= 5) {
    const size_t len = size_t{1} << (range % 3);
    out.start = in.number(len);
    out.stop = in.number(len);
    if (out.stop < out.start || out.stop - out.start >= kMaxPoints) return false;
    out.count = out.stop - out.start + 1;
  } else if (range >= 7 && range <= 9) {
    out.count = in.number(size_t{1} << (range - 7));
  } else if (range == kFreeFormat) {
    out.count = in.number(1);
  } else if (range != kAll) {
    return false;
  }
  return in.ok() && out.count <= kMaxPoints;
}

void show_crob(Fields& out, Bytes point) noexcept {
  const uint8_t code = point[0];
  out.number("op_type", code & 0x0f);
  out.number("qu", code >> 4 & 1);
  out.number("cr", code >> 5 & 1);
  out.number("tcc", code >> 6);
  out.number("count", point[1]);
  out.number("ontime", le32(point, 2));
  out.number("offtime", le32(point, 6));
  out.number("status_code", point[10] & 0x7f);
}

/// @param point  all bytes of it.
void show_value(Fields& out, const Layout& layout, Bytes point) noexcept {
  const size_t at = layout.at;
  switch (layout.value) {
    case Value::None:
    case Value::Bit:
      return;
    case Value::State:
      return out.number("state", point[at] >> 7);
    case Value::I16:
      return out.signed_number("value", static_cast<int16_t>(le16(point, at)));
    case Value::I32:
      return out.signed_number("value", static_cast<int32_t>(le32(point, at)));
    case Value::U16:
      return out.number("value", le16(point, at));
    case Value::U32:
      return out.number("value", le32(point, at));
    case Value::F32:
      return out.real("value", static_cast<double>(std::bit_cast<float>(le32(point, at))));
    case Value::F64:
      return out.real("value", std::bit_cast<double>(le64(point, at)));
    case Value::Crob:
      return show_crob(out, point);
  }
}

/// Bits that lie one behind another, without prefixes.
bool show_bits(Fields& out, const ObjectHeader& header, const Layout& layout, Cursor& in) noexcept {
  const Bytes bytes = in.take((size_t{header.count} * layout.bits + 7) / 8);
  if (!in.ok()) return false;
  Array points = out.array("points");
  for (uint32_t i = 0; i < std::min(header.count, kMaxPointsShown); ++i) {
    Object point = points.object(nullptr);
    point.number("index", header.start + i);
    const size_t bit = size_t{i} * layout.bits;
    point.number("state", bytes[bit / 8] >> (bit % 8) & ((1u << layout.bits) - 1));
  }
  return true;
}

/// The next point with what is in front of it; its data, if they are not all there, end the walk.
bool show_point(Array* points, const ObjectHeader& header, const Layout* layout, Cursor& in,
                uint32_t number) noexcept {
  constexpr uint8_t kSizes = 4;  ///< prefixes from here on are lengths, those before it indexes
  const uint8_t code = header.prefix_code();
  const bool is_size = code >= kSizes;
  const size_t prefix_len = code == 0 ? 0 : size_t{1} << ((code - 1) % 3);
  const uint32_t prefix = in.number(prefix_len);
  const Bytes data = in.take(is_size ? prefix : layout == nullptr ? 0 : layout->bits / 8u);
  if (!in.ok()) return false;
  if (points == nullptr) return true;
  Object point = points->object(nullptr);
  if (code != 0) point.number("prefix", prefix);
  point.number("index", code != 0 && !is_size ? prefix : header.start + number);
  if (is_size) point.number("size", prefix);
  if (layout != nullptr && !is_size) show_value(point, *layout, data);
  return true;
}

bool show_points(Fields& out, const ObjectHeader& header, Cursor& in,
                 Dnp3Content content) noexcept {
  const std::optional<Layout> layout = layout_of(header.group, header.variation);
  const bool has_data = content == Dnp3Content::WithData;
  const bool tells_size = header.prefix_code() >= 4;
  if (header.count == 0 || (!has_data && header.prefix_code() == 0)) return true;
  if (has_data && !layout && !tells_size) return false;
  if (has_data && !tells_size && layout->bits % 8 != 0) return show_bits(out, header, *layout, in);
  if (has_data && !tells_size && layout->bits == 0 && header.prefix_code() == 0) return true;
  const Layout* shown = has_data && layout ? &*layout : nullptr;
  uint32_t i = 0;
  {
    Array points = out.array("points");
    for (; i < std::min(header.count, kMaxPointsShown); ++i)
      if (!show_point(&points, header, shown, in, i)) return false;
  }
  for (; i < header.count; ++i)
    if (!show_point(nullptr, header, shown, in, i)) return false;
  return true;
}

}  // namespace

bool show_dnp3_objects(Fields& out, Bytes bytes, Dnp3Content content) noexcept {
  Cursor in(bytes);
  if (in.empty()) return true;
  Array objects = out.array("objects");
  for (unsigned i = 0; i < kMaxObjects && !in.empty(); ++i) {
    ObjectHeader header;
    if (!read_header(in, header)) return false;
    Object object = objects.object(nullptr);
    object.number("group", header.group);
    object.number("variation", header.variation);
    object.number("qualifier", header.qualifier);
    object.number("prefix_code", header.prefix_code());
    object.number("range_code", header.range_code());
    object.number("start", header.start);
    object.number("stop", header.stop);
    object.number("count", header.count);
    if (!show_points(object, header, in, content)) return false;
  }
  return in.empty();
}

}  // namespace pktana::app::enterprise
