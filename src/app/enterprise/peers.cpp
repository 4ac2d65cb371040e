// SPDX-License-Identifier: Apache-2.0
// Recognition of peer-to-peer and mining traffic: BitTorrent (peers, uTP, trackers, local
// discovery), Gnutella, Bitcoin, Monero, Stratum, Ethereum; and what Dropbox and Spotify call into
// a network.
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// Peer wire (BEP 3), local service discovery (BEP 14), the UDP tracker's connect (BEP 15).
pktana_match bittorrent_message(Bytes bytes) noexcept {
  return std::max(begins_with(bytes,
                              "\x13"
                              "BitTorrent protocol"),
                  begins_with(bytes, "BT-SEARCH * HTTP/1.1\r\n"));
}

pktana_match bittorrent(const Probe& probe) noexcept {
  constexpr uint64_t kTracker = 0x41727101980;
  const Bytes bytes = probe.latest();
  if (probe.is_tcp()) return either(probe, bittorrent_message);
  if (bytes.size() == 16 && be64(bytes, 0) == kTracker && be32(bytes, 8) == 0) return PKTANA_YES;
  return !bytes.empty() && bittorrent_message(bytes) == PKTANA_YES ? PKTANA_YES : PKTANA_NO;
}

/// uTP's SYN (BEP 29): version 1, no extension or selective acknowledgement, no delay known yet,
/// sequence number 1, nothing acknowledged.
pktana_match utp(const Probe& probe) noexcept {
  constexpr size_t kHeader = 20;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kHeader || bytes.size() > kHeader + 10 || bytes[0] != 0x41 || bytes[1] > 2)
    return PKTANA_NO;
  return be32(bytes, 8) == 0 && be16(bytes, 16) == 1 && be16(bytes, 18) == 0 && be32(bytes, 12) != 0
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match gnutella_line(Bytes bytes) noexcept {
  return std::max(begins_with(bytes, "GNUTELLA CONNECT/"), begins_with(bytes, "GNUTELLA/0."));
}

pktana_match gnutella(const Probe& probe) noexcept { return either(probe, gnutella_line); }

/// Bitcoin: the network's magic number, a command of lower-case letters padded with zeros, length.
pktana_match bitcoin_message(Bytes bytes) noexcept {
  constexpr auto kNetworks = std::to_array<uint32_t>({0xf9beb4d9, 0x0b110907, 0x0a03cf40});
  constexpr size_t kHeader = 24, kCommand = 4, kCommandLen = 12;
  if (bytes.size() < 4) return PKTANA_MAYBE;
  if (std::find(kNetworks.begin(), kNetworks.end(), be32(bytes, 0)) == kNetworks.end())
    return PKTANA_NO;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const Bytes command = bytes.subspan(kCommand, kCommandLen);
  return command[0] >= 'a' && command[0] <= 'z' && command[kCommandLen - 1] == 0 &&
                 le32(bytes, 16) < 0x2000000
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match bitcoin(const Probe& probe) noexcept { return either(probe, bitcoin_message); }

/// Levin, Monero's own protocol between nodes: its signature.
pktana_match monero_message(Bytes bytes) noexcept {
  return begins_with(bytes, std::string_view("\x01\x21\x01\x01\x01\x01\x01\x01", 8));
}

pktana_match monero(const Probe& probe) noexcept { return either(probe, monero_message); }

/// Stratum: lines of JSON-RPC, as miners and their pools write them.
pktana_match stratum_line(Bytes bytes) noexcept {
  constexpr size_t kLook = 512;
  if (bytes[0] != '{') return PKTANA_NO;
  const std::string_view text = text_of(bytes.first(std::min(bytes.size(), kLook)));
  constexpr auto kMethods = std::to_array<std::string_view>(
      {"\"mining.subscribe\"", "\"mining.authorize\"", "\"mining.notify\"", "\"mining.submit\"",
       "\"mining.set_difficulty\"", "\"mining.configure\"", "\"eth_submitLogin\"",
       "\"eth_getWork\""});
  for (const std::string_view method : kMethods)
    if (text.find(method) != std::string_view::npos) return PKTANA_YES;
  const bool login = text.find("\"method\"") != std::string_view::npos &&
                     text.find("\"login\"") != std::string_view::npos &&
                     text.find("\"params\"") != std::string_view::npos;
  if (login && text.find("\"pass\"") != std::string_view::npos) return PKTANA_YES;
  return text.size() < kLook && text.find('\n') == std::string_view::npos ? PKTANA_MAYBE
                                                                          : PKTANA_NO;
}

pktana_match stratum(const Probe& probe) noexcept { return either(probe, stratum_line); }

/// Length of the RLP list at `at`, with its head; 0 if there is none.
size_t rlp_list_len(Bytes bytes, size_t at) noexcept {
  const size_t rest = bytes.size() - at;
  if (rest < 1 || bytes[at] < 0xc0) return 0;
  if (bytes[at] <= 0xf7) return 1u + bytes[at] - 0xc0u;
  if (bytes[at] == 0xf8 && rest >= 2) return 2u + bytes[at + 1];
  if (bytes[at] == 0xf9 && rest >= 3) return 3u + be16(bytes, at + 1);
  return 0;
}

/// Node discovery v4: hash, signature, packet type, a list that ends where the datagram does.
bool is_discovery(Bytes bytes) noexcept {
  constexpr size_t kRecoveryId = 96, kType = 97, kList = 98;
  constexpr size_t kMaxPadding = 64;  // EIP-8: what is behind the list is ignored
  if (bytes.size() <= kList || bytes[kRecoveryId] > 1 || bytes[kType] < 1 || bytes[kType] > 6)
    return false;
  const size_t len = rlp_list_len(bytes, kList);
  return len > 0 && kList + len <= bytes.size() && bytes.size() <= kList + len + kMaxPadding;
}

/// RLPx handshake (EIP-8): length of the message, then an elliptic point (uncompressed: 4).
pktana_match rlpx_message(Bytes bytes) noexcept {
  constexpr uint16_t kMinLen = 180, kMaxLen = 1200;
  if (bytes.size() < 3) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 0);
  if (len < kMinLen || len > kMaxLen || bytes[2] != 4) return PKTANA_NO;
  return bytes.size() >= len + 2u ? PKTANA_YES : PKTANA_MAYBE;
}

pktana_match ethereum(const Probe& probe) noexcept {
  if (!probe.is_tcp()) return is_discovery(probe.latest()) ? PKTANA_YES : PKTANA_NO;
  if (!probe.hinted()) return both(probe, rlpx_message);
  const pktana_match match = either(probe, rlpx_message);
  if (match != PKTANA_YES) return match;
  // One side alone, on Ethereum's port: its message is all that it said.
  const Bytes first = probe.latest();
  const bool is_all = first.size() >= 2 && be16(first, 0) + 2u == first.size();
  return is_all ? PKTANA_YES : both(probe, rlpx_message);
}

pktana_match dropbox(const Probe& probe) noexcept {
  const std::string_view text = text_of(probe.latest());
  return text.starts_with("{\"") && text.find("\"host_int\": ") != std::string_view::npos &&
                 text.find("\"namespaces\"") != std::string_view::npos
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match spotify(const Probe& probe) noexcept {
  return text_of(probe.latest()).starts_with("SpotUdp0") ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kEthereumPorts[] = {30303, 0};
constexpr uint16_t kDropboxPorts[] = {17500, 0};
constexpr uint16_t kSpotifyPorts[] = {57621, 0};
constexpr uint32_t kOnBoth = PKTANA_ON_TCP | PKTANA_ON_UDP;

}  // namespace

const pktana_dissector kBittorrent =
    recogniser({.name = "bittorrent", .protocols = kOnBoth}, probed<bittorrent>);
const pktana_dissector kUtp = recogniser(
    {.name = "bittorrent-utp", .protocols = PKTANA_ON_UDP, .priority = 150}, probed<utp>);
const pktana_dissector kGnutella = recogniser({.name = "gnutella"}, probed<gnutella>);
const pktana_dissector kBitcoin = recogniser({.name = "bitcoin"}, probed<bitcoin>);
const pktana_dissector kMonero = recogniser({.name = "monero"}, probed<monero>);
const pktana_dissector kStratum = recogniser({.name = "stratum"}, probed<stratum>);
const pktana_dissector kEthereum = recogniser({.name = "ethereum",
                                               .tcp_ports = kEthereumPorts,
                                               .udp_ports = kEthereumPorts,
                                               .protocols = kOnBoth,
                                               .priority = 160},
                                              probed<ethereum>);
const pktana_dissector kDropbox = recogniser(
    {.name = "dropbox", .udp_ports = kDropboxPorts, .protocols = PKTANA_ON_UDP}, probed<dropbox>);
const pktana_dissector kSpotify = recogniser(
    {.name = "spotify", .udp_ports = kSpotifyPorts, .protocols = PKTANA_ON_UDP}, probed<spotify>);

}  // namespace pktana::app::enterprise
