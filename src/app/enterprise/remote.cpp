// SPDX-License-Identifier: Apache-2.0
// Recognition of terminals on other machines: Telnet, rlogin, rsh, and of RDP over UDP.
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr uint8_t kIac = 255, kSubnegotiation = 250, kWill = 251, kDont = 254;

/// Telnet options that exist: those of RFC 855 to 2941 in one row, and a few single ones.
bool is_telnet_option(uint8_t option) noexcept {
  return option <= 49 || (option >= 138 && option <= 140) || option == 255;
}

/// Option negotiations (RFC 854: IAC, WILL to DONT, option) that the bytes begin with.
/// @return how many; -1 if they go on as none can.
int negotiations(Bytes bytes) noexcept {
  constexpr int kEnough = 3;
  int count = 0;
  for (size_t at = 0; at + 2 < bytes.size() && count < kEnough; at += 3, ++count) {
    if (bytes[at] != kIac) break;
    const uint8_t command = bytes[at + 1];
    if (command == kSubnegotiation) return count + 1;
    if (command < kWill || command > kDont || !is_telnet_option(bytes[at + 2])) return -1;
  }
  return count;
}

/// Two negotiations, or one that the other side answers with one; on Telnet's port one is enough,
/// and it may stand behind a greeting.
pktana_match telnet(const Probe& probe) noexcept {
  int sum = 0;
  for (const uint8_t side : kSides) {
    Bytes bytes = probe.first(side);
    if (probe.hinted())
      bytes = bytes.subspan(
          static_cast<size_t>(std::find(bytes.begin(), bytes.end(), kIac) - bytes.begin()));
    const int count = negotiations(bytes);
    if (count < 0 || (count == 0 && bytes.size() >= 3)) return PKTANA_NO;
    if (!bytes.empty() && bytes[0] != kIac) return PKTANA_NO;
    sum += count;
  }
  return sum >= 2 || (probe.hinted() && sum >= 1) ? PKTANA_YES : PKTANA_MAYBE;
}

/// Text up to the next 0, from `at` on; at most `max` printable bytes.
/// @return place behind the 0; 0 if it is not there (yet).
size_t behind_text(Bytes bytes, size_t at, size_t max) noexcept {
  for (size_t i = at; i < bytes.size() && i <= at + max; ++i) {
    if (bytes[i] == 0) return i + 1;
    if (!is_printable(bytes[i])) return 0;
  }
  return 0;
}

/// rlogin (RFC 1282): 0, user there, user here, terminal/speed; each ended by 0.
pktana_match rlogin(const Probe& probe) noexcept {
  constexpr size_t kMaxUser = 32, kMaxTerminal = 64;
  const Bytes bytes = probe.to_server();
  if (bytes.empty()) return probe.to_client().empty() ? PKTANA_MAYBE : PKTANA_NO;
  if (bytes[0] != 0) return PKTANA_NO;
  const size_t here = behind_text(bytes, 1, kMaxUser);
  const size_t terminal = here == 0 ? 0 : behind_text(bytes, here, kMaxUser);
  const size_t end = terminal == 0 ? 0 : behind_text(bytes, terminal, kMaxTerminal);
  constexpr size_t kAllText = 1 + 2 * kMaxUser + kMaxTerminal + 3;
  if (end == 0)
    return bytes.size() < 4 || (probe.hinted() && bytes.size() < kAllText) ? PKTANA_MAYBE
                                                                           : PKTANA_NO;
  const std::string_view kind = text_of(bytes.subspan(terminal, end - terminal - 1));
  const size_t slash = kind.rfind('/');
  if (slash == std::string_view::npos || slash == 0 || here < 3) return PKTANA_NO;
  const Decimal speed = decimal_at(kind.substr(slash + 1));
  return speed.digits >= 2 && speed.digits + slash + 1 == kind.size() ? PKTANA_YES : PKTANA_NO;
}

/// rsh and rexec: the port for errors in digits, then user, user (password), command; each ended by
/// 0. On their ports only, the text alone is no proof elsewhere.
pktana_match rsh(const Probe& probe) noexcept {
  constexpr size_t kMaxUser = 32, kMaxCommand = 1024;
  const Bytes bytes = probe.to_server();
  if (!probe.hinted()) return PKTANA_NO;
  if (bytes.empty()) return PKTANA_MAYBE;
  const Decimal port = decimal_at(text_of(bytes));
  if (port.value > 65535 || (port.digits == 0 && bytes[0] != 0)) return PKTANA_NO;
  if (bytes.size() <= port.digits) return PKTANA_MAYBE;
  if (bytes[port.digits] != 0) return PKTANA_NO;
  const size_t first = port.digits + 1;
  const size_t second = behind_text(bytes, first, kMaxUser);
  const size_t command = second == 0 ? 0 : behind_text(bytes, second, kMaxUser);
  const size_t end = command == 0 ? 0 : behind_text(bytes, command, kMaxCommand);
  if (end != 0) return second > first + 1 && end > command + 1 ? PKTANA_YES : PKTANA_NO;
  // The rest may come as a packet of its own; what has come so far must be text.
  const Bytes rest = bytes.subspan(first);
  const bool text = std::all_of(rest.begin(), rest.end(),
                                [](uint8_t byte) { return byte == 0 || is_printable(byte); });
  return text && rest.size() < kMaxCommand ? PKTANA_MAYBE : PKTANA_NO;
}

/// RDP over UDP (MS-RDPEUDP 2.2.2.1): a SYN datagram acknowledges -1, is padded to an MTU and asks
/// for MTUs of 1132 to 1232.
pktana_match rdpeudp(const Probe& probe) noexcept {
  constexpr uint16_t kSyn = 1, kMinMtu = 1132, kMaxMtu = 1232;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kMinMtu || bytes.size() > kMaxMtu) return PKTANA_NO;
  const bool mtus = be16(bytes, 12) >= kMinMtu && be16(bytes, 12) <= kMaxMtu &&
                    be16(bytes, 14) >= kMinMtu && be16(bytes, 14) <= kMaxMtu;
  return be32(bytes, 0) == 0xffffffff && (be16(bytes, 6) & kSyn) != 0 && mtus ? PKTANA_YES
                                                                              : PKTANA_NO;
}

constexpr uint16_t kTelnetPorts[] = {23, 2323, 0};
constexpr uint16_t kRloginPorts[] = {513, 0};
constexpr uint16_t kRshPorts[] = {514, 512, 0};
constexpr uint16_t kRdpPorts[] = {3389, 0};

}  // namespace

const pktana_dissector kTelnet =
    recogniser({.name = "telnet", .tcp_ports = kTelnetPorts}, probed<telnet>);
const pktana_dissector kRlogin =
    recogniser({.name = "rlogin", .tcp_ports = kRloginPorts, .priority = 150}, probed<rlogin>);
const pktana_dissector kRsh = recogniser({.name = "rsh", .tcp_ports = kRshPorts}, probed<rsh>);
const pktana_dissector kRdpeudp = recogniser(
    {.name = "rdpeudp", .udp_ports = kRdpPorts, .protocols = PKTANA_ON_UDP}, probed<rdpeudp>);

}  // namespace pktana::app::enterprise
