// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http2/http2_frame.h"

#include <algorithm>
#include <iterator>

namespace pktana::app::internet::http2 {

namespace {

constexpr uint32_t kStreamMask = 0x7fffffff;
constexpr size_t kSettingLen = 6;
constexpr size_t kMaxFirstSettings = 32;

}  // namespace

bool read_frame(Bytes bytes, Frame& frame) noexcept {
  Reader reader(bytes);
  const uint32_t length_high = reader.u16();
  frame.length = length_high << 8 | reader.u8();
  frame.type = static_cast<FrameType>(reader.u8());
  frame.flags = reader.u8();
  frame.stream = reader.u32() & kStreamMask;
  frame.payload = reader.rest().first(std::min<size_t>(reader.left(), frame.length));
  return reader.ok();
}

bool read_block_start(const Frame& frame, BlockStart& start) noexcept {
  Reader reader(frame.payload);
  const uint8_t padding = frame.has(Padded) ? reader.u8() : 0;
  if (frame.type == FrameType::PushPromise) start.promised_stream = reader.u32() & kStreamMask;
  if (frame.type == FrameType::Headers && frame.has(HasPriority)) {
    reader.skip(4);  // stream dependency
    start.weight = reader.u8();
    start.has_weight = true;
  }
  if (!reader.ok() || padding > reader.left()) return false;
  start.block = reader.rest().first(reader.left() - padding);
  return true;
}

bool is_first_settings(Bytes bytes) noexcept {
  Frame frame;
  if (!read_frame(bytes, frame) || frame.type != FrameType::Settings || frame.flags != 0 ||
      frame.stream != 0 || frame.length == 0 || frame.length % kSettingLen != 0 ||
      frame.length > kMaxFirstSettings * kSettingLen || !frame.is_whole())
    return false;
  Reader reader(frame.payload);
  while (reader.left() > 0) {
    if (setting_name(reader.u16()).empty()) return false;
    reader.skip(4);
  }
  return true;
}

std::string_view setting_name(uint16_t id) noexcept {
  constexpr std::string_view kNames[] = {"",
                                         "SETTINGSHEADERTABLESIZE",
                                         "SETTINGSENABLEPUSH",
                                         "SETTINGSMAXCONCURRENTSTREAMS",
                                         "SETTINGSINITIALWINDOWSIZE",
                                         "SETTINGSMAXFRAMESIZE",
                                         "SETTINGSMAXHEADERLISTSIZE",
                                         "",
                                         "SETTINGSENABLECONNECTPROTOCOL",
                                         "SETTINGSNORFC7540PRIORITIES"};
  return id < std::size(kNames) ? kNames[id] : "";
}

std::string_view error_name(uint32_t code) noexcept {
  constexpr std::string_view kNames[] = {"NOERROR",
                                         "PROTOCOLERROR",
                                         "INTERNALERROR",
                                         "FLOWCONTROLERROR",
                                         "SETTINGSTIMEOUT",
                                         "STREAMCLOSED",
                                         "FRAMESIZEERROR",
                                         "REFUSEDSTREAM",
                                         "CANCEL",
                                         "COMPRESSIONERROR",
                                         "CONNECTERROR",
                                         "ENHANCEYOURCALM",
                                         "INADEQUATESECURITY",
                                         "HTTP11REQUIRED"};
  return code < std::size(kNames) ? kNames[code] : "";
}

}  // namespace pktana::app::internet::http2
