// SPDX-License-Identifier: Apache-2.0
#include "app/secure/ssh/ssh_messages.h"

#include <array>

#include "app/reader.h"

namespace pktana::app::secure {

std::optional<SshBanner> parse_ssh_banner(std::string_view line) noexcept {
  constexpr std::string_view kPrefix = "SSH-";
  if (!line.starts_with(kPrefix)) return std::nullopt;
  line.remove_prefix(kPrefix.size());
  const size_t dash = line.find('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  const std::string_view rest = line.substr(dash + 1);
  return SshBanner{.protocol = line.substr(0, dash), .software = rest.substr(0, rest.find(' '))};
}

bool speaks_ssh2(std::string_view protocol) noexcept {
  return protocol.starts_with('2') || protocol == "1.99";
}

std::optional<SshPacket> parse_ssh_packet(Bytes bytes) noexcept {
  Reader in(bytes);
  const uint32_t length = in.u32();
  const uint8_t padding = in.u8();
  SshPacket packet;
  packet.type = in.u8();
  if (!in.ok() || length < 2 || length > kMaxSshPacket || padding + 2U > length)
    return std::nullopt;
  packet.bytes = 4U + length;
  packet.whole = packet.bytes <= bytes.size();
  if (packet.whole) packet.body = in.take(length - 2U - padding);
  return packet;
}

std::string hassh_string(Bytes kexinit, bool server) {
  Reader in(kexinit);
  in.take(16);  // cookie
  // Key exchange, host keys, then for each of encryption, mac, compression: client's, server's.
  std::array<Bytes, 8> list;
  for (Bytes& names : list)
    names = in.vector32();
  if (!in.ok()) return {};
  std::string text(text_of(list[0]));
  for (size_t i = 2; i < list.size(); i += 2) {
    text += ';';
    text += text_of(list[i + (server ? 1 : 0)]);
  }
  return text;
}

}  // namespace pktana::app::secure
