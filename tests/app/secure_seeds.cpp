// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>

#include "app/secure_bytes.h"
#include "app/seed.h"

namespace pktana::app {
namespace {

using secure::Octets;

Said said(uint8_t direction, const Octets& bytes) {
  return {direction, std::string(bytes.begin(), bytes.end())};
}
Said client(const Octets& bytes) { return said(PKTANA_TO_SERVER, bytes); }
Said server(const Octets& bytes) { return said(PKTANA_TO_CLIENT, bytes); }

void add_tls(std::vector<Seed>& seeds) {
  using namespace secure;
  const auto hello = [](const HelloOptions& options) {
    return record(22, handshake(1, client_hello(options)), 0x0301);
  };
  const Octets flight =
      record(22, join({handshake(2, server_hello({.alpn = "h2"})),
                       handshake(11, certificate_message(certificate())),
                       handshake(13, from_hex("0101000000")), handshake(14, {})}));
  seeds.push_back({"tls", PKTANA_TCP, {client(hello({.versions = {}})), server(flight)}});
  const Octets retry = record(22, handshake(2, server_hello({.version = 0x0304, .retry = true})));
  const Octets answer = record(22, handshake(2, server_hello({.version = 0x0304})));
  seeds.push_back(
      {"tls",
       PKTANA_TCP,
       {client(hello({.grease = true, .ech = true})), server(retry),
        client(record(20, from_hex("01"))), client(hello({.padding = 300})), server(answer)}});
  const Octets ssl2 =
      Wire().u8(0x80).vec8(Wire().u8(1).u16(2).u16(3).u16(0).u16(16).fill(19, 7)).bytes();
  seeds.push_back({"tls", PKTANA_TCP, {client(ssl2)}});
}

void add_datagrams(std::vector<Seed>& seeds) {
  using namespace secure;
  const Octets body = certificate_message(certificate());
  const HelloOptions dtls{.version = 0xFEFD, .versions = {}, .dtls = true};
  seeds.push_back({"dtls",
                   PKTANA_UDP,
                   {client(dtls_record(1, client_hello(dtls))),
                    server(dtls_record(2, server_hello({.legacy_version = 0xFEFD}))),
                    server(dtls_record(11, body, {.sequence = 1, .offset = 200})),
                    server(dtls_record(11, body, {.sequence = 1, .length = 200})),
                    server(dtls_record(14, {}, {.sequence = 2}))}});
  const Octets hello = handshake(1, client_hello({.alpn = {"h3"}}));
  const Octets answer = handshake(2, server_hello({.version = 0x0304}));
  for (const uint32_t version : {0x00000001U, 0x6B3343CFU, 0xFF00001DU})
    seeds.push_back({"quic",
                     PKTANA_UDP,
                     {client(quic_initial(crypto_frame(0, hello), {.version = version})),
                      server(quic_initial(crypto_frame(0, answer),
                                          {.version = version, .from_server = true}))}});
  seeds.push_back({"quic", PKTANA_UDP, {client(google_quic_packet())}});
  seeds.push_back({"ike", PKTANA_UDP, {client(ike2_sa_init(false)), server(ike2_sa_init(true))}});
  seeds.push_back({"ike", PKTANA_UDP, {client(ike1_main(false)), server(ike1_main(true))}});
}

}  // namespace

std::vector<Seed> secure_seeds() {
  using namespace secure;
  std::vector<Seed> seeds;
  add_tls(seeds);
  add_datagrams(seeds);
  seeds.push_back({"ssh",
                   PKTANA_TCP,
                   {server(octets("Welcome\r\nSSH-2.0-Server_2.0\r\n")),
                    client(join({octets("SSH-2.0-Client_1.0 comment\r\n"), ssh_kexinit()})),
                    server(ssh_kexinit())}});
  seeds.push_back(
      {"wireguard", PKTANA_UDP, {client(Wire().u8(1).u24(0).u32(7).fill(140, 9).bytes())}});
  const Octets reset = Wire().u8(0x38).u64(7).u8(0).u32(0).bytes();
  seeds.push_back({"openvpn", PKTANA_UDP, {client(reset)}});
  seeds.push_back({"openvpn", PKTANA_TCP, {client(Wire().vec16(reset).bytes())}});
  return seeds;
}

}  // namespace pktana::app
