// SPDX-License-Identifier: Apache-2.0
// Radiotap and the 802.11 MAC header, as far as parse/ knows them. Both are little-endian.
#include <fmt/format.h>

#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ieee80211.h"
#include "parse/radiotap.h"

namespace pktana::inspect {
namespace {

constexpr Name kTypes[] = {{0, "management"}, {1, "control"}, {2, "data"}, {3, "extension"}};
constexpr Field kControl[] = {
    {"version", 0, 1, Show::Number, 0x03},
    {"type", 0, 1, Show::Number, 0x0C, kTypes},
    {"subtype", 0, 1, Show::Number, 0xF0},
    {"flags", 1, 1, Show::Hex},
    {"to_ds", 1, 1, Show::Flag, 0x01},
    {"from_ds", 1, 1, Show::Flag, 0x02},
    {"more_fragments", 1, 1, Show::Flag, 0x04},
    {"retry", 1, 1, Show::Flag, 0x08},
    {"power_management", 1, 1, Show::Flag, 0x10},
    {"more_data", 1, 1, Show::Flag, 0x20},
    {"protected", 1, 1, Show::Flag, 0x40},
    {"order", 1, 1, Show::Flag, 0x80},
};
constexpr Field kAddresses[] = {{"address_1", 4, 6, Show::Mac},
                                {"address_2", 10, 6, Show::Mac},
                                {"address_3", 16, 6, Show::Mac}};

uint64_t little(const Layer& layer, size_t offset, size_t length) {
  uint64_t value = 0;
  for (size_t i = length; i > 0; --i)
    value = value << 8 | layer.u8(offset + i - 1);
  return value;
}

}  // namespace

Next dissect_radiotap(Walk& walk, uint32_t) {
  Layer layer(walk, "radiotap");
  const auto view = parse::RadiotapView::parse(layer.bytes());
  if (!view) {
    layer.error("bad_header", {0, layer.size()},
                fmt::format("the header is {}", to_string(view.error())));
    return layer.stop();
  }
  layer.add({"version", 0});
  layer.add_number("length", 2, 2, little(layer, 2, 2));
  layer.add_text("present", 4, 4, fmt::format("0x{:08x}", little(layer, 4, 4)));
  layer.end(view->header_len_bytes());
  return {dissect_ieee80211, view->has_padding() ? 1U : 0U};
}

Next dissect_ieee80211(Walk& walk, uint32_t padded) {
  Layer layer(walk, "ieee80211");
  if (!layer.fields(kControl)) return layer.stop();
  const unsigned type = layer.u8(0) >> 2 & 3U;
  layer.summary(fmt::format("{}, subtype {}", name_of(kTypes, type), layer.u8(0) >> 4));
  if (type != 1 && layer.has(0, 24)) {
    layer.add_number("duration", 2, 2, little(layer, 2, 2));
    layer.fields(kAddresses);
    layer.add_number("sequence_control", 22, 2, little(layer, 22, 2));
  }
  const auto view = parse::Ieee80211View::parse(layer.bytes(), padded != 0);
  if (!view) {
    layer.truncated("the header", layer.size() + 1);
    return layer.stop();
  }
  if (view->header_len_bytes() == 0) return layer.stop();
  layer.end(view->header_len_bytes());
  return view->has_llc() ? Next{dissect_llc} : Next{};
}

}  // namespace pktana::inspect
