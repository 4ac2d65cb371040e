// SPDX-License-Identifier: Apache-2.0
#include "inspect/tcp_options.h"

#include <fmt/format.h>

#include "inspect/text.h"
#include "parse/tcp.h"
#include "parse/tcp_options.h"

namespace pktana::inspect {
namespace {

constexpr size_t kFirst = 20;
constexpr uint8_t kMd5 = 19;
constexpr uint8_t kUserTimeout = 28;
constexpr uint8_t kAuthentication = 29;
constexpr uint8_t kMultipath = 30;
constexpr uint8_t kFastOpen = 34;

// IANA "TCP Option Kind Numbers".
constexpr Name kKinds[] = {
    {0, "end_of_options"},
    {1, "no_operation"},
    {2, "mss"},
    {3, "window_scale"},
    {4, "sack_permitted"},
    {5, "sack"},
    {6, "echo"},
    {7, "echo_reply"},
    {8, "timestamps"},
    {14, "alternate_checksum"},
    {19, "md5_signature"},
    {27, "quick_start"},
    {28, "user_timeout"},
    {29, "authentication"},
    {30, "mptcp"},
    {34, "fast_open"},
    {69, "encryption_negotiation"},
    {172, "accurate_ecn"},
    {174, "accurate_ecn"},
    {253, "experiment"},
    {254, "experiment"},
};
constexpr Name kSubtypes[] = {{0, "MP_CAPABLE"}, {1, "MP_JOIN"},      {2, "DSS"},
                              {3, "ADD_ADDR"},   {4, "REMOVE_ADDR"},  {5, "MP_PRIO"},
                              {6, "MP_FAIL"},    {7, "MP_FASTCLOSE"}, {8, "MP_TCPRST"}};

constexpr Field kKind[] = {{"kind", 0, 1, Show::Number, 0, kKinds}};
constexpr Field kHead[] = {{"kind", 0, 1, Show::Number, 0, kKinds}, {"length", 1}};
constexpr Field kMss[] = {{"value", 2, 2}};
constexpr Field kShift[] = {{"shift", 2}};
constexpr Field kTimestamps[] = {{"value", 2, 4}, {"echo_reply", 6, 4}};
constexpr Field kBlock[] = {{"left", 0, 4}, {"right", 4, 4}};
constexpr Field kTimeout[] = {{"in_minutes", 2, 2, Show::Number, 0x8000},
                              {"timeout", 2, 2, Show::Number, 0x7FFF}};
constexpr Field kKeyIds[] = {{"key_id", 2}, {"next_key_id", 3}};
constexpr Field kSubtype[] = {{"subtype", 2, 1, Show::Number, 0xF0, kSubtypes}};

struct Option {
  size_t at;
  size_t length;
  uint8_t kind;
};

void wrong_length(Layer& layer, const Option& option) {
  layer.error("bad_option_length", {option.at, option.length},
              fmt::format("a length of {} is not that of this option", option.length));
}

void add_data(Layer& layer, const Option& option, size_t from) {
  if (option.length <= from) return;
  layer.add_text("data", option.at + from, option.length - from,
                 hex_text(layer.bytes(option.at + from, option.length - from)));
}

void add_exact(Layer& layer, const Option& option, size_t length, Fields table) {
  if (option.length == length)
    layer.fields(table, option.at);
  else
    wrong_length(layer, option);
}

void add_window_scale(Layer& layer, const Option& option) {
  constexpr uint8_t kMaxShift = 14;
  add_exact(layer, option, 3, kShift);
  const uint8_t shift = layer.u8(option.at + 2);
  if (option.length == 3 && shift > kMaxShift)
    layer.warn("window_scale", {option.at + 2, 1},
               fmt::format("a shift of {} is above 14 (RFC 7323)", shift));
}

void add_sack(Layer& layer, const Option& option) {
  if (option.length < 10 || option.length % 8 != 2) return wrong_length(layer, option);
  for (size_t block = 2; block < option.length; block += 8)
    layer.fields(kBlock, option.at + block);
}

void add_body(Layer& layer, const Option& option) {
  switch (option.kind) {
    case parse::kTcpOptionMss:
      return add_exact(layer, option, 4, kMss);
    case parse::kTcpOptionWindowScale:
      return add_window_scale(layer, option);
    case parse::kTcpOptionSackPermitted:
      return option.length == 2 ? void() : wrong_length(layer, option);
    case parse::kTcpOptionSack:
      return add_sack(layer, option);
    case parse::kTcpOptionTimestamps:
      return add_exact(layer, option, 10, kTimestamps);
    case kUserTimeout:
      return add_exact(layer, option, 4, kTimeout);
    case kAuthentication:
      if (option.length < 4) return wrong_length(layer, option);
      layer.fields(kKeyIds, option.at);
      return add_data(layer, option, 4);
    case kMultipath:
      if (option.length < 3) return wrong_length(layer, option);
      layer.fields(kSubtype, option.at);
      return add_data(layer, option, 3);
    case kMd5:
      return option.length == 18 ? add_data(layer, option, 2) : wrong_length(layer, option);
    case kFastOpen:
    default:
      return add_data(layer, option, 2);
  }
}

void check_place(Layer& layer, const Option& option) {
  const bool syn = (layer.u8(13) & parse::kTcpSyn) != 0;
  const bool only_in_syn = option.kind == parse::kTcpOptionMss ||
                           option.kind == parse::kTcpOptionWindowScale ||
                           option.kind == parse::kTcpOptionSackPermitted;
  if (only_in_syn && !syn && !layer.walk().is_quote())
    layer.note("option_without_syn", {option.at, option.length},
               fmt::format("{} belongs in a SYN", name_of(kKinds, option.kind)));
}

/// @return its length; 0 = nothing can be read behind it.
size_t add_option(Layer& layer, size_t at, size_t end) {
  const uint8_t kind = layer.u8(at);
  const bool single = kind == parse::kTcpOptionEnd || kind == parse::kTcpOptionNop;
  const size_t length = single ? 1 : layer.u8(at + 1);
  const std::string_view known = name_of(kKinds, kind);
  if (!single && (length < 2 || at + length > end)) {
    layer.error("bad_option_length", {at, 2},
                fmt::format("option {} says {} bytes, {} are left", kind, length, end - at));
    return 0;
  }
  const Option option{.at = at, .length = length, .kind = kind};
  layer.open(known.empty() ? "option" : known, at, length);
  layer.fields(single ? Fields(kKind) : Fields(kHead), at);
  if (!single) add_body(layer, option);
  layer.close();
  check_place(layer, option);
  return length;
}

}  // namespace

void add_tcp_options(Layer& layer, size_t header_length) {
  if (!layer.has(0, header_length)) layer.truncated("the options", header_length);
  const size_t end = std::min(header_length, layer.size());
  for (size_t at = kFirst; at < end;) {
    const bool last = layer.u8(at) == parse::kTcpOptionEnd;
    const size_t length = add_option(layer, at, end);
    if (length == 0 || last) return;
    at += length;
  }
}

}  // namespace pktana::inspect
