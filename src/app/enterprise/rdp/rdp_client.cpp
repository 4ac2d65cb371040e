// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/rdp/rdp_client.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "app/enterprise/number_name.h"
#include "app/enterprise/probing.h"
#include "app/enterprise/utf16.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kBehindX224 = 7;  ///< TPKT, and the head of an X.224 data unit

constexpr auto kVersions = std::to_array<NumberName>({{0x80001, "v4"},
                                                      {0x80004, "v5"},
                                                      {0x80005, "v10.0"},
                                                      {0x80006, "v10.1"},
                                                      {0x80007, "v10.2"},
                                                      {0x80008, "v10.3"},
                                                      {0x80009, "v10.4"},
                                                      {0x8000a, "v10.5"},
                                                      {0x8000b, "v10.6"},
                                                      {0x8000c, "v10.7"}});

constexpr auto kBuilds = std::to_array<NumberName>({{2195, "Windows 2000"},
                                                    {2600, "Windows XP"},
                                                    {3790, "Windows Server 2003"},
                                                    {6000, "Windows Vista"},
                                                    {6001, "Windows Vista SP1"},
                                                    {6002, "Windows Vista SP2"},
                                                    {7600, "Windows 7"},
                                                    {7601, "Windows 7 SP1"},
                                                    {9200, "Windows 8"},
                                                    {9600, "Windows 8.1"},
                                                    {10240, "Windows 10"},
                                                    {10586, "Windows 10"},
                                                    {14393, "Windows 10"},
                                                    {17763, "Windows 10"},
                                                    {19041, "Windows 10"},
                                                    {22000, "Windows 11"}});

constexpr auto kLayouts = std::to_array<NumberName>(
    {{0x404, "zh-TW"}, {0x405, "cs-CZ"},        {0x406, "da-DK"}, {0x407, "de-DE"},
     {0x409, "en-US"}, {0x40a, "es-ES_tradnl"}, {0x40b, "fi-FI"}, {0x40c, "fr-FR"},
     {0x410, "it-IT"}, {0x411, "ja-JP"},        {0x412, "ko-KR"}, {0x413, "nl-NL"},
     {0x414, "nb-NO"}, {0x415, "pl-PL"},        {0x416, "pt-BR"}, {0x419, "ru-RU"},
     {0x41d, "sv-SE"}, {0x41f, "tr-TR"},        {0x422, "uk-UA"}, {0x804, "zh-CN"},
     {0x807, "de-CH"}, {0x809, "en-GB"},        {0x80c, "fr-BE"}, {0xc0a, "es-ES"}});

constexpr auto kKeyboards = std::to_array<NumberName>(
    {{1, "xt"}, {2, "ico"}, {3, "at"}, {4, "enhanced"}, {5, "1050"}, {6, "9140"}, {7, "jp"}});

constexpr auto kCapabilities = std::to_array<NumberName>({{0x001, "support_errinfo_pdf"},
                                                          {0x002, "want_32bpp_session"},
                                                          {0x004, "support_statusinfo_pdu"},
                                                          {0x008, "strong_asymmetric_keys"},
                                                          {0x020, "valid_connection_type"},
                                                          {0x040, "support_monitor_layout_pdu"},
                                                          {0x080, "support_netchar_autodetect"},
                                                          {0x100, "support_dynvc_gfx_protocol"},
                                                          {0x200, "support_dynamic_time_zone"},
                                                          {0x400, "support_heartbeat_pdu"}});

/// The client's data blocks, behind the GCC Conference Create Request that they are in: behind the
/// key "Duca" and their length (one or two bytes, PER).
Bytes data_blocks(Bytes tpkt) noexcept {
  constexpr std::string_view kKey = "Duca";
  const std::string_view text = app::text_of(tpkt);
  const size_t key = text.find(kKey);
  if (key == std::string_view::npos || key + kKey.size() >= tpkt.size()) return {};
  const Bytes rest = tpkt.subspan(key + kKey.size());
  const size_t len_bytes = (rest[0] & 0x80) != 0 ? 2 : 1;
  return rest.subspan(std::min(rest.size(), len_bytes));
}

std::string utf16_text(Bytes bytes) noexcept {
  std::string text = utf8_of_utf16(bytes, 256);
  return text.substr(0, text.find('\0'));
}

/// Bits per pixel: the newest of the three fields that is there.
unsigned color_depth(Bytes core) noexcept {
  constexpr std::array<unsigned, 5> kDepths = {4, 8, 15, 16, 24};
  constexpr uint16_t kFirst = 0xca00;
  const auto of_code = [&](uint16_t code) {
    const auto at = static_cast<size_t>(code - kFirst);
    return code >= kFirst && at < kDepths.size() ? kDepths[at] : 0u;
  };
  if (core.size() >= 138 && le16(core, 136) != 0) return le16(core, 136);
  if (core.size() >= 130 && of_code(le16(core, 128)) != 0) return of_code(le16(core, 128));
  return of_code(le16(core, 8));
}

/// TS_UD_CS_CORE without its header; 128 bytes are always there.
void show_core(Fields& out, Bytes core) noexcept {
  constexpr size_t kAlways = 128;
  if (core.size() < kAlways) return;
  Object client = out.object("client");
  client.text("version", name_or_unknown(kVersions, le32(core, 0)));
  client.number("desktop_width", le16(core, 4));
  client.number("desktop_height", le16(core, 6));
  if (const unsigned depth = color_depth(core)) client.number("color_depth", depth);
  client.text("keyboard_layout", name_or_unknown(kLayouts, le32(core, 12)));
  client.text("build", name_or_unknown(kBuilds, le32(core, 16)));
  client.text_if("client_name", utf16_text(core.subspan(20, 32)));
  client.text("keyboard_type", name_or_unknown(kKeyboards, le32(core, 52)));
  client.number("function_keys", le32(core, 60));
  if (core.size() >= 132) client.number("product_id", le16(core, 130));
  if (core.size() >= 142 && (le16(core, 140) & 0x7ef) != 0) {
    Array capabilities = client.array("capabilities");
    for (const NumberName& one : kCapabilities)
      if ((le16(core, 140) & one.number) != 0) capabilities.add(one.name);
  }
  if (core.size() >= 206) client.text_if("id", utf16_text(core.subspan(142, 64)));
}

/// TS_UD_CS_NET without its header: a number, and twelve bytes each.
void show_channels(Fields& out, Bytes net) noexcept {
  constexpr size_t kEach = 12, kName = 8;
  constexpr uint32_t kMaxChannels = 31;
  if (net.size() < 4 + kEach) return;
  const uint32_t count = std::min(le32(net, 0), kMaxChannels);
  Bytes rest = net.subspan(4);
  Array channels = out.array("channels");
  for (uint32_t i = 0; i < count && rest.size() >= kEach; ++i, rest = rest.subspan(kEach)) {
    const std::string_view name = app::text_of(rest.first(kName));
    channels.add(name.substr(0, name.find('\0')));
  }
}

}  // namespace

std::optional<RdpMcs> rdp_mcs_kind(Bytes tpkt) noexcept {
  constexpr uint8_t kData = 0xf0, kEndOfTransmission = 0x80, kApplication = 0x7f;
  constexpr uint8_t kInitial = 0x65, kResponse = 0x66;
  if (tpkt.size() < kBehindX224 + 2 || tpkt[4] != 2 || tpkt[5] != kData ||
      tpkt[6] != kEndOfTransmission || tpkt[7] != kApplication)
    return {};
  if (tpkt[8] == kInitial) return RdpMcs::ConnectInitial;
  if (tpkt[8] == kResponse) return RdpMcs::ConnectResponse;
  return {};
}

void show_rdp_client(Fields& out, Bytes tpkt) noexcept {
  constexpr size_t kHeader = 4;
  constexpr uint16_t kCore = 0xc001, kNet = 0xc003;
  Bytes blocks = data_blocks(tpkt);
  while (blocks.size() >= kHeader) {
    const size_t len = le16(blocks, 2);
    if (len < kHeader || len > blocks.size()) return;
    const Bytes content = blocks.subspan(kHeader, len - kHeader);
    if (le16(blocks, 0) == kCore) show_core(out, content);
    if (le16(blocks, 0) == kNet) show_channels(out, content);
    blocks = blocks.subspan(len);
  }
}

}  // namespace pktana::app::enterprise
