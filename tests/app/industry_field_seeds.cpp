// SPDX-License-Identifier: Apache-2.0
// Messages of Modbus, DNP3, EtherNet/IP and BitTorrent's DHT, and conversations made of them.
#include "app/enterprise/dnp3/dnp3_frame.h"
#include "enterprise_seeds.h"
#include "wire_text.h"

namespace pktana::app {
namespace {

using namespace wire;

constexpr uint8_t kUp = PKTANA_TO_SERVER;
constexpr uint8_t kDown = PKTANA_TO_CLIENT;

std::string with_crc(std::string_view block) {
  const auto* data = reinterpret_cast<const uint8_t*>(block.data());
  return std::string(block) + le16(enterprise::dnp3_crc({data, block.size()}));
}

/// Identity item of a ListIdentity reply.
std::string enip_identity() {
  const std::string item = le16(1) + zeros(16) + le16(1) + le16(14) + le16(77) + hex("20 0b") +
                           le16(0x30) + le32(0xc0ffee) + hex("04") + "PLC1" + hex("03");
  return le16(1) + le16(0x0c) + le16(item.size()) + item;
}

std::string enip_services() {
  const std::string item = le16(1) + le16(0x120) + "Communications" + zeros(2);
  return le16(1) + le16(0x100) + le16(item.size()) + item;
}

/// A Multiple Service Packet of two reads of an attribute, and the answer to it.
std::string cip_multiple(bool is_reply) {
  const std::string first = is_reply ? hex("8e 00 00 00 2a00") : hex("0e 03 20 01 24 01 30 07");
  const std::string second = is_reply ? hex("8e 00 16 00") : hex("0e 03 20 04 24 64 30 03");
  const std::string list = le16(2) + le16(6) + le16(6 + first.size()) + first + second;
  return (is_reply ? hex("8a 00 1e 00") : hex("0a 02 20 02 24 01")) + list;
}

std::vector<Seed> modbus_seeds() {
  return {
      {"modbus",
       PKTANA_TCP,
       {{kUp, modbus_message(1, hex("01 03 0000 0002"))},
        {kDown, modbus_message(1, hex("01 03 04 41424344"))},
        {kUp, modbus_message(2, hex("01 10 0010 0001 02 4142"))},
        {kDown, modbus_message(2, hex("01 83 02"))},
        {kDown, modbus_message(2, hex("01 10 0010 0001"))},
        {kUp, modbus_message(3, hex("01 08 0000 4142"))},
        {kUp, modbus_message(4, hex("01 2b 0e 4142"))},
        {kUp, modbus_message(5, hex("01 17 0001 0002 0003 0001 02 4344"))},
        {kUp, modbus_message(6, hex("01 05 0001 1234"))}}},
  };
}

std::vector<Seed> dnp3_seeds() {
  const std::string crob = hex("0c 01 17 01") + hex("07") + hex("41 01 64000000 c8000000 00");
  const std::string first = hex("40 e1 81 8002") + hex("01 01 00 0003") + hex("05") +
                            hex("1e 02 00 0000") + hex("01 fbff");
  const std::string rest = hex("81") + hex("14 05 17 01") + hex("09 2a000000");
  return {
      {"dnp3",
       PKTANA_TCP,
       {{kUp, dnp3_frame(0xc4, hex("c0 c1 01 3c0206 3c0306"))},
        {kDown, dnp3_frame(0x44, first) + dnp3_frame(0x44, rest)},
        {kUp, dnp3_frame(0xc4, hex("c2 c2 05") + crob)},
        {kUp, dnp3_frame(0xc9, "")}}},
      {"dnp3", PKTANA_UDP, {{kUp, dnp3_frame(0xc4, hex("c0 c1 02 5001 00 0707 00"))}}},
  };
}

std::vector<Seed> enip_seeds() {
  const std::string session = le16(1) + le16(0);
  return {
      {"enip",
       PKTANA_TCP,
       {{kUp, enip_message(0x65, session)},
        {kDown, enip_message(0x65, session)},
        {kUp, enip_cip(hex("0e 03 20 01 25 00 0102 30 07"), 2)},
        {kDown, enip_cip(hex("8e 00 05 01 0701"), 2)},
        {kUp, enip_cip(cip_multiple(false), 3)},
        {kDown, enip_cip(cip_multiple(true), 3)},
        {kUp, enip_message(4, "")},
        {kDown, enip_message(4, enip_services())},
        {kUp, enip_message(0x66, "")}}},
      {"enip",
       PKTANA_UDP,
       {{kUp, enip_message(0x65, session)},
        {kUp, enip_message(0x63, "")},
        {kDown, enip_message(0x63, enip_identity())}}},
  };
}

std::vector<Seed> dht_seeds() {
  const std::string id = "20:abcdefghij0123456789";
  const std::string node = "ABCDEFGHIJKLMNOPQRST" + hex("c0000201 1ae1");
  return {
      {"bittorrent-dht",
       PKTANA_UDP,
       {{kUp, "d1:ad2:id" + id + "9:info_hash" + id + "e1:q9:get_peers1:t2:aa1:v4:LT011:y1:qe"},
        {kDown, "d1:rd2:id" + id + "5:nodes26:" + node +
                    "5:token2:tk6:valuesl6:" + hex("c6336401 0050") + "ee1:t2:aa1:y1:re"},
        {kUp, "d1:ad2:id" + id + "12:implied_porti1e4:porti6881e5:token2:tke" +
                  "1:q13:announce_peer1:t2:ab1:y1:qe"},
        {kDown, "d1:eli203e5:wronge1:t2:ab1:y1:ee"}}},
  };
}

}  // namespace

std::string modbus_message(unsigned transaction, std::string_view unit_and_body) {
  return be16(transaction) + be16(0) + be16(unit_and_body.size()) + std::string(unit_and_body);
}

std::string dnp3_frame(unsigned control, std::string_view user_data) {
  constexpr size_t kBlock = 16;
  std::string frame =
      with_crc(hex("0564") + be(5 + user_data.size(), 1) + be(control, 1) + le16(4) + le16(3));
  for (; !user_data.empty(); user_data.remove_prefix(std::min(kBlock, user_data.size())))
    frame += with_crc(user_data.substr(0, kBlock));
  return frame;
}

std::string enip_message(unsigned command, std::string_view body, unsigned context) {
  return le16(command) + le16(body.size()) + le32(9) + le32(0) + le(context, 8) + le32(0) +
         std::string(body);
}

std::string enip_cip(std::string_view cip, unsigned context) {
  return enip_message(0x6f,
                      le32(0) + le16(5) + le16(2) + le16(0) + le16(0) + le16(0xb2) +
                          le16(cip.size()) + std::string(cip),
                      context);
}

std::vector<Seed> industry_field_seeds() {
  std::vector<Seed> all;
  for (const auto make : {modbus_seeds, dnp3_seeds, enip_seeds, dht_seeds}) {
    const std::vector<Seed> some = make();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace pktana::app
