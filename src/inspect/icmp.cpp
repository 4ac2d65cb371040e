// SPDX-License-Identifier: Apache-2.0
// ICMP (RFC 792, 950, 1256, 4884) with the packet that errors quote.
#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/protocols.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr size_t kHeaderLength = 8;

constexpr Name kTypes[] = {
    {0, "echo reply"},
    {3, "destination unreachable"},
    {4, "source quench"},
    {5, "redirect"},
    {8, "echo request"},
    {9, "router advertisement"},
    {10, "router solicitation"},
    {11, "time exceeded"},
    {12, "parameter problem"},
    {13, "timestamp request"},
    {14, "timestamp reply"},
    {15, "information request"},
    {16, "information reply"},
    {17, "address mask request"},
    {18, "address mask reply"},
    {30, "traceroute"},
    {40, "Photuris"},
    {42, "extended echo request"},
    {43, "extended echo reply"},
};
constexpr Name kUnreachable[] = {{0, "network unreachable"},
                                 {1, "host unreachable"},
                                 {2, "protocol unreachable"},
                                 {3, "port unreachable"},
                                 {4, "fragmentation needed"},
                                 {5, "source route failed"},
                                 {6, "network unknown"},
                                 {7, "host unknown"},
                                 {8, "source host isolated"},
                                 {9, "network prohibited"},
                                 {10, "host prohibited"},
                                 {11, "network unreachable for TOS"},
                                 {12, "host unreachable for TOS"},
                                 {13, "administratively prohibited"},
                                 {14, "host precedence violation"},
                                 {15, "precedence cutoff"}};
constexpr Name kRedirect[] = {{0, "for the network"},
                              {1, "for the host"},
                              {2, "for TOS and network"},
                              {3, "for TOS and host"}};
constexpr Name kExceeded[] = {{0, "TTL exceeded"}, {1, "reassembly time exceeded"}};
constexpr Name kParameter[] = {
    {0, "pointer shows the error"}, {1, "required option missing"}, {2, "bad length"}};

Names codes_of(uint8_t type) noexcept {
  switch (type) {
    case 3:
      return kUnreachable;
    case 5:
      return kRedirect;
    case 11:
      return kExceeded;
    case 12:
      return kParameter;
    default:
      return {};
  }
}

constexpr Field kType[] = {{"type", 0, 1, Show::Number, 0, kTypes}};
constexpr Field kEcho[] = {{"id", 4, 2}, {"seq", 6, 2}};
constexpr Field kRest[] = {{"rest", 4, 4, Show::Hex}};
constexpr Field kGateway[] = {{"gateway", 4, 4, Show::Ipv4}};
constexpr Field kMtu[] = {{"unused", 4}, {"quote_words", 5}, {"next_hop_mtu", 6, 2}};
constexpr Field kQuoteWords[] = {{"unused", 4}, {"quote_words", 5}, {"unused_2", 6, 2}};
constexpr Field kPointer[] = {{"pointer", 4}, {"quote_words", 5}, {"unused", 6, 2}};
constexpr Field kTimes[] = {{"originate_ms", 8, 4}, {"receive_ms", 12, 4}, {"transmit_ms", 16, 4}};
constexpr Field kMask[] = {{"address_mask", 8, 4, Show::Ipv4}};
constexpr Field kAdvertisement[] = {{"address_count", 4}, {"entry_words", 5}, {"lifetime", 6, 2}};
constexpr Field kRouter[] = {{"router", 0, 4, Show::Ipv4}, {"preference", 4, 4}};

/// @return what follows the first 8 bytes and belongs to the header.
size_t add_body(Layer& layer, uint8_t type) {
  switch (type) {
    case 0:
    case 8:
      layer.fields(kEcho);
      return 0;
    case 3:
      layer.fields(layer.u8(1) == 4 ? Fields(kMtu) : Fields(kQuoteWords));
      return 0;
    case 5:
      layer.fields(kGateway);
      return 0;
    case 11:
      layer.fields(kQuoteWords);
      return 0;
    case 12:
      layer.fields(kPointer);
      return 0;
    case 13:
    case 14:
      return layer.fields(kEcho) && layer.fields(kTimes) ? 12 : 0;
    case 15:
    case 16:
      layer.fields(kEcho);
      return 0;
    case 17:
    case 18:
      return layer.fields(kEcho) && layer.fields(kMask) ? 4 : 0;
    default:
      layer.fields(kRest);
      return 0;
  }
}

size_t add_routers(Layer& layer) {
  if (!layer.fields(kAdvertisement)) return 0;
  size_t at = kHeaderLength;
  for (unsigned i = 0; i < layer.u8(4) && layer.fields(kRouter, at); ++i)
    at += 8;
  return at - kHeaderLength;
}

bool is_error(uint8_t type) noexcept {
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

void find_odd_values(Layer& layer, uint8_t type) {
  if (type == 5)
    layer.note("redirect", {0, 1}, "a redirect changes the sender's route: an attack, if forged");
  if (type == 4) layer.note("source_quench", {0, 1}, "source quench is deprecated (RFC 6633)");
  if (name_of(kTypes, type).empty())
    layer.note("unknown_type", {0, 1}, fmt::format("ICMP type {} is not known", type));
}

}  // namespace

Next dissect_icmp(Walk& walk, uint32_t) {
  Layer layer(walk, "icmp");
  if (!layer.fields(kType) || !layer.has(0, 2)) return layer.stop();
  const uint8_t type = layer.u8(0);
  const Names codes = codes_of(type);
  layer.add({"code", 1, 1, Show::Number, 0, codes});
  const std::string_view code = name_of(codes, layer.u8(1));
  layer.summary(fmt::format("{}{}{}", name_of(kTypes, type), code.empty() ? "" : ": ", code));
  if (!layer.has(0, 4)) {
    layer.truncated("checksum", 4);
    return layer.stop();
  }
  add_plain_checksum(layer, 2);
  const size_t more = type == 9 ? add_routers(layer) : add_body(layer, type);
  if (!walk.is_quote()) find_odd_values(layer, type);
  layer.end(kHeaderLength + more);
  if (!is_error(type)) return {};
  const size_t words = type != 5 && type != 4 ? layer.u8(5) : 0;
  walk.quote({dissect_ipv4}, words != 0 ? words * 4 : walk.left());
  return {};
}

}  // namespace pktana::inspect
