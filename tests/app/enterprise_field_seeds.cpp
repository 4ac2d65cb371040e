// SPDX-License-Identifier: Apache-2.0
// Messages of the protocols whose fields are shown, and conversations made of them.
#include "enterprise_seeds.h"
#include "wire_text.h"

namespace pktana::app {
namespace {

using namespace wire;

constexpr uint8_t kUp = PKTANA_TO_SERVER;
constexpr uint8_t kDown = PKTANA_TO_CLIENT;

std::string krb5_name(std::string_view first, std::string_view second) {
  std::string strings = ber(0x1b, first);
  if (!second.empty()) strings += ber(0x1b, second);
  return ber(0x30, ber(0xa0, ber_number(1)) + ber(0xa1, ber(0x30, strings)));
}

std::string framed(std::string_view message) { return be32(message.size()) + std::string(message); }

std::string smb_packet(std::string_view message) {
  return zeros(1) + be(message.size(), 3) + std::string(message);
}

std::string smb2_header(unsigned command, bool is_reply, unsigned message_id, unsigned tree) {
  return "\xfeSMB" + le16(64) + zeros(2) + le32(0) + le16(command) + le16(1) +
         le32(is_reply ? 1 : 0) + le32(0) + le(message_id, 8) + le32(0) + le32(tree) +
         le(0x1234, 8) + zeros(16);
}

std::string dcerpc(unsigned type, std::string_view body) {
  return hex("05 00") + be(type, 1) + hex("03 10000000") + le16(16 + body.size()) + le16(0) +
         le32(9) + std::string(body);
}

std::string syntax(std::string_view uuid, unsigned version) {
  return hex(uuid) + le16(version) + le16(0);
}

constexpr std::string_view kUuid = "78563412 3412 cdab ef00 0123456789ab";  // as it lies in bytes
constexpr std::string_view kNdr = "045d888a eb1c c911 9fe8 08002b104860";

}  // namespace

std::string krb5_as_req() {
  const std::string body = ber(0xa0, ber(0x03, zeros(5))) + ber(0xa1, krb5_name("alice", "")) +
                           ber(0xa2, ber(0x1b, "EXAMPLE.ORG")) +
                           ber(0xa3, krb5_name("krbtgt", "EXAMPLE.ORG"));
  return ber(0x6a, ber(0x30, ber(0xa1, ber_number(5)) + ber(0xa2, ber_number(10)) +
                                 ber(0xa4, ber(0x30, body))));
}

std::string krb5_as_rep() {
  const auto encrypted = [](unsigned type) {
    return ber(0x30, ber(0xa0, ber_number(type)) + ber(0xa2, ber(0x04, "secret")));
  };
  const std::string ticket =
      ber(0x61,
          ber(0x30, ber(0xa0, ber_number(5)) + ber(0xa1, ber(0x1b, "EXAMPLE.ORG")) +
                        ber(0xa2, krb5_name("krbtgt", "EXAMPLE.ORG")) + ber(0xa3, encrypted(23))));
  return ber(0x6b,
             ber(0x30, ber(0xa0, ber_number(5)) + ber(0xa1, ber_number(11)) +
                           ber(0xa3, ber(0x1b, "EXAMPLE.ORG")) + ber(0xa4, krb5_name("alice", "")) +
                           ber(0xa5, ticket) + ber(0xa6, encrypted(18))));
}

std::string krb5_error() {
  return ber(0x7e, ber(0x30, ber(0xa0, ber_number(5)) + ber(0xa1, ber_number(30)) +
                                 ber(0xa6, ber_number(25)) +
                                 ber(0xaa, krb5_name("krbtgt", "EXAMPLE.ORG"))));
}

std::string ldap_message(unsigned id, unsigned tag, std::string_view body) {
  return ber(0x30, ber_number(id) + ber(tag, body));
}

std::string ldap_search() {
  return ldap_message(2, 0x63,
                      ber(0x04, "dc=example") + ber_number(2, 0x0a) + ber_number(0, 0x0a) +
                          ber_number(10) + ber_number(5) + ber(0x01, zeros(1)) +
                          ber(0xa3, ber(0x04, "uid") + ber(0x04, "alice")) +
                          ber(0x30, ber(0x04, "mail")));
}

std::string ldap_entry() {
  const std::string attribute =
      ber(0x30, ber(0x04, "mail") + ber(0x31, ber(0x04, "alice@example.org")));
  return ldap_message(2, 0x64, ber(0x04, "uid=alice,dc=example") + ber(0x30, attribute));
}

std::string ldap_result(unsigned id, unsigned tag, unsigned code) {
  return ldap_message(id, tag, ber_number(code, 0x0a) + ber(0x04, "") + ber(0x04, "note"));
}

/// (&(uid=a\2ab)(|(cn=x*y*)(!(mail=*)))(sn:dn:2.4:=z))
std::string ldap_nested_filter() {
  const std::string equal = ber(0xa3, ber(0x04, "uid") + ber(0x04, "a*b"));
  const std::string parts = ber(0xa4, ber(0x04, "cn") + ber(0x30, ber(0x80, "x") + ber(0x81, "y")));
  const std::string either = ber(0xa1, parts + ber(0xa2, ber(0x87, "mail")));
  const std::string rule =
      ber(0xa9, ber(0x81, "2.4") + ber(0x82, "sn") + ber(0x83, "z") + ber(0x84, "\xff"));
  return ber(0xa0, equal + either + rule);
}

std::string smb2_negotiate() {
  return smb_packet(smb2_header(0, false, 0, 0) + le16(36) + le16(2) + le16(1) + le16(0) + le32(0) +
                    std::string(16, '\x0c') + zeros(8) + le16(0x0210) + le16(0x0311));
}

std::string smb2_negotiate_reply() {
  return smb_packet(smb2_header(0, true, 0, 0) + le16(65) + le16(1) + le16(0x0311) + le16(0) +
                    std::string(16, '\x0d') + le32(0) + le32(8388608) + le32(1048576) +
                    le32(524288) + zeros(16) + zeros(8));
}

std::string smb2_session_setup() {
  const auto field = [](size_t len, size_t at) { return le16(len) + le16(len) + le32(at); };
  const std::string domain = utf16("CORP"), user = utf16("alice"), host = utf16("PC1");
  const std::string ntlm = "NTLMSSP" + zeros(1) + le32(3) + field(0, 72) + field(0, 72) +
                           field(domain.size(), 72) + field(user.size(), 72 + domain.size()) +
                           field(host.size(), 72 + domain.size() + user.size()) + field(0, 72) +
                           le32(0x02000001) + hex("0a00 614a 000000 0f") + domain + user + host;
  return smb_packet(smb2_header(1, false, 2, 0) + le16(25) + hex("00 01") + le32(0) + le32(0) +
                    le16(64 + 24) + le16(ntlm.size()) + zeros(8) + ntlm);
}

std::string smb2_tree_connect() {
  const std::string path = utf16("\\\\srv\\docs");
  return smb_packet(smb2_header(3, false, 3, 0) + le16(9) + le16(0) + le16(72) + le16(path.size()) +
                    path);
}

std::string smb2_tree_reply() {
  return smb_packet(smb2_header(3, true, 3, 5) + le16(16) + hex("01 00") + zeros(12));
}

std::string smb2_create() {
  const std::string name = utf16("plan.txt");
  return smb_packet(smb2_header(5, false, 4, 5) + le16(57) + zeros(34) + le32(1) + le32(0x1000) +
                    le16(64 + 56) + le16(name.size()) + zeros(8) + name);
}

std::string smb1_negotiate() {
  const std::string dialects =
      hex("02") + "NT LM 0.12" + zeros(1) + hex("02") + "SMB 2.002" + zeros(1);
  return smb_packet("\xffSMB" + hex("72 00000000 18 0148") + zeros(20) + zeros(1) +
                    le16(dialects.size()) + dialects);
}

std::string dcerpc_bind() {
  return dcerpc(11, le16(4280) + le16(4280) + le32(0) + hex("01 000000") + le16(0) + hex("01 00") +
                        syntax(kUuid, 3) + syntax(kNdr, 2));
}

std::string dcerpc_bind_ack() {
  return dcerpc(12, le16(4280) + le16(4280) + le32(1) + le16(4) + "135" + zeros(1) + zeros(2) +
                        hex("01 000000") + le16(0) + le16(0) + syntax(kNdr, 2));
}

std::string dcerpc_request() { return dcerpc(0, le32(4) + le16(0) + le16(3) + "abcd"); }
std::string dcerpc_response() { return dcerpc(2, le32(8) + le16(0) + le16(0) + "abcdefgh"); }

std::string nfs_call(unsigned xid, unsigned procedure, std::string_view arguments) {
  const std::string unix_credentials =
      be32(7) + be32(4) + "box1" + be32(1000) + be32(100) + be32(0);
  return be32(xid) + be32(0) + be32(2) + be32(100003) + be32(3) + be32(procedure) + be32(1) +
         be32(unix_credentials.size()) + unix_credentials + zeros(8) + be32(8) + "handle!!" +
         std::string(arguments);
}

std::string nfs_lookup(unsigned xid, std::string_view name) {
  const std::string padding = zeros((4 - name.size() % 4) % 4);
  return nfs_call(xid, 3, be32(name.size()) + std::string(name) + padding);
}

std::string nfs_reply(unsigned xid, unsigned status, std::string_view results) {
  return be32(xid) + be32(1) + be32(0) + zeros(8) + be32(0) + be32(status) + std::string(results);
}

std::string pgsql_startup() {
  const std::string body = be32(196608) + "user" + zeros(1) + "bob" + zeros(1) + "database" +
                           zeros(1) + "shop" + zeros(2);
  return be32(4 + body.size()) + body;
}

std::string pgsql_message(char type, std::string_view body) {
  return type + be32(4 + body.size()) + std::string(body);
}

std::string rdp_request() {
  const std::string rest = "Cookie: mstshash=alice\r\n" + hex("01 08 0800") + le32(3);
  return hex("0300") + be16(11 + rest.size()) + be(6 + rest.size(), 1) + hex("e0 0000 0000 00") +
         rest;
}

std::string rdp_confirm(unsigned protocol) {
  return hex("0300 0013 0e d0 0000 1234 00 02 01 0800") + le32(protocol);
}

std::string rdp_connect_initial() {
  const std::string core = le32(0x80004) + le16(1280) + le16(1024) + le16(0xca01) + le16(0xaa03) +
                           le32(0x407) + le32(2600) + utf16("DESK-7") + zeros(20) + le32(4) +
                           le32(0) + le32(12) + zeros(64) + le16(0xca03) + le16(1) + le32(0) +
                           le16(24) + le16(7) + le16(0x0001) + utf16("69712-783") + zeros(46);
  const std::string channels =
      le32(2) + "rdpdr" + zeros(3) + le32(0x80800000) + "cliprdr" + zeros(1) + le32(0xc0a00000);
  const std::string blocks = le16(0xc001) + le16(4 + core.size()) + core + le16(0xc003) +
                             le16(4 + channels.size()) + channels;
  const std::string gcc = hex("00 05 00 14 7c 00 01 81 2a 00 08 00 10 00 01 c0 00") + "Duca" +
                          be16(0x8000 | blocks.size()) + blocks;
  const std::string mcs = ber(0x04, "1") + ber(0x04, "1") + ber(0x01, "1") + ber(0x04, gcc);
  const std::string initial = hex("02 f0 80 7f 65 82") + be16(mcs.size()) + mcs;
  return hex("0300") + be16(4 + initial.size()) + initial;
}

std::string mqtt_connect() {
  return mqtt_packet(0x10, be16(4) + "MQTT" + hex("04 c2 003c") + be16(2) + "c1" + be16(4) +
                               "user" + be16(2) + "pw");
}

std::string mqtt_packet(unsigned first, std::string_view body) {
  return be(first, 1) + be(body.size(), 1) + std::string(body);
}

std::vector<Seed> enterprise_field_seeds() {
  const auto marked = [](const std::string& record) {
    return be32(0x80000000u | record.size()) + record;
  };
  return {
      {"krb5", PKTANA_UDP, {{kUp, krb5_as_req()}, {kDown, krb5_as_rep()}}},
      {"krb5", PKTANA_TCP, {{kUp, framed(krb5_as_req())}, {kDown, framed(krb5_error())}}},
      {"ldap", PKTANA_TCP, {{kUp, ldap_search()}, {kDown, ldap_entry() + ldap_result(2, 0x65, 0)}}},
      {"ldap",
       PKTANA_TCP,
       {{kUp, ldap_message(3, 0x63,
                           ber(0x04, "") + ber_number(0, 0x0a) + ber_number(0, 0x0a) +
                               ber_number(0) + ber_number(0) + ber(0x01, zeros(1)) +
                               ldap_nested_filter() + ber(0x30, ""))}}},
      {"smb",
       PKTANA_TCP,
       {{kUp, smb2_negotiate()},
        {kDown, smb2_negotiate_reply()},
        {kUp, smb2_session_setup()},
        {kUp, smb2_tree_connect()},
        {kDown, smb2_tree_reply()},
        {kUp, smb2_create()}}},
      {"smb", PKTANA_TCP, {{kUp, smb1_negotiate()}}},
      {"netbios-ssn",
       PKTANA_TCP,
       {{kUp, hex("81000044 20") + std::string(32, 'C') + zeros(1) + hex("20") +
                  std::string(32, 'D') + zeros(1)}}},
      {"mqtt",
       PKTANA_TCP,
       {{kUp, mqtt_connect()},
        {kDown, mqtt_packet(0x20, hex("0000"))},
        {kUp, mqtt_packet(0x82, hex("0001") + be16(3) + "a/b" + hex("01"))},
        {kDown, mqtt_packet(0x90, hex("0001 01"))},
        {kDown, mqtt_packet(0x30, be16(3) + "a/b" + "hello")}}},
      {"rfb",
       PKTANA_TCP,
       {{kDown, "RFB 003.008\n"},
        {kUp, "RFB 003.008\n"},
        {kDown, hex("01 02")},
        {kUp, hex("02")},
        {kDown, std::string(16, '\x01')},
        {kUp, std::string(16, '\x02')},
        {kDown, be32(0)},
        {kUp, hex("01")},
        {kDown, be16(800) + be16(600) + hex("20 18 00 01 00ff 00ff 00ff 10 08 00") + zeros(3) +
                    be32(4) + "desk"}}},
      {"rdp",
       PKTANA_TCP,
       {{kUp, rdp_request()},
        {kDown, rdp_confirm(0)},
        {kUp, rdp_connect_initial()},
        {kDown, hex("0300 000b 02 f0 80 7f 66 01 00")}}},
      {"dcerpc",
       PKTANA_TCP,
       {{kUp, dcerpc_bind()},
        {kDown, dcerpc_bind_ack()},
        {kUp, dcerpc_request()},
        {kDown, dcerpc_response()}}},
      {"nfs",
       PKTANA_TCP,
       {{kUp, marked(nfs_lookup(1, "notes"))},
        {kDown, marked(nfs_reply(1, 2))},
        {kUp, marked(nfs_call(2, 8, be32(4) + "plan" + be32(0)))},
        {kDown, marked(nfs_reply(2, 0, be32(1) + be32(4) + "new!"))},
        {kUp, marked(nfs_call(3, 14, be32(4) + "plan" + be32(8) + "handle!!" + be32(4) + "done"))},
        {kDown, marked(nfs_reply(3, 0))}}},
      {"nfs", PKTANA_UDP, {{kUp, nfs_lookup(1, "notes")}, {kDown, nfs_reply(1, 0)}}},
      {"sunrpc",
       PKTANA_UDP,
       {{kUp, be32(7) + be32(0) + be32(2) + be32(100000) + be32(2) + be32(3) + zeros(32)}}},
      {"pgsql",
       PKTANA_TCP,
       {{kUp, pgsql_startup()},
        {kDown, pgsql_message('R', be32(0)) +
                    pgsql_message('S', "server_version" + zeros(1) + "15.4" + zeros(1)) +
                    pgsql_message('K', be32(42) + be32(4711)) + pgsql_message('Z', "I")},
        {kUp, pgsql_message('Q', "select 1" + zeros(1))},
        {kDown, pgsql_message('T', be16(1)) + pgsql_message('D', "0123456789") +
                    pgsql_message('C', "SELECT 1" + zeros(1)) + pgsql_message('Z', "I")}}},
  };
}

}  // namespace pktana::app
