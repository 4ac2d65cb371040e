// SPDX-License-Identifier: Apache-2.0
// The events of the family's conversations, field by field, and what becomes of flows whose
// protocol changes.
#include <map>

#include "app_fixture.h"
#include "enterprise_seeds.h"
#include "support/catch.h"
#include "wire_text.h"

namespace pktana::app {
namespace {

using namespace wire;

struct Expected {
  std::string dissector;
  std::vector<std::string> events;
};

/// In the order of the seeds, of those that have events.
std::vector<Expected> expected_events() {
  return {
      {"krb5",
       {R"(krb5{"msg_type":"KRB_AS_REQ","cname":"alice","realm":"EXAMPLE.ORG","sname":"krbtgt/E)"
        R"(XAMPLE.ORG","encryption":"<none>","weak_encryption":false})",
        R"(<krb5{"msg_type":"KRB_AS_REP","cname":"alice","realm":"EXAMPLE.ORG","sname":"krbtgt/)"
        R"(EXAMPLE.ORG","encryption":"aes256-cts-hmac-sha1-96","weak_encryption":false,"ticket_)"
        R"(encryption":"rc4-hmac","ticket_weak_encryption":true})"}},
      {"krb5",
       {R"(krb5{"msg_type":"KRB_AS_REQ","cname":"alice","realm":"EXAMPLE.ORG","sname":"krbtgt/E)"
        R"(XAMPLE.ORG","encryption":"<none>","weak_encryption":false})",
        R"(<krb5{"msg_type":"KRB_ERROR","failed_request":"KRB_AS_REQ","error_code":"KDC_ERR_PRE)"
        R"(AUTH_REQUIRED","cname":"<empty>","realm":"<empty>","sname":"krbtgt/EXAMPLE.ORG","enc)"
        R"(ryption":"<none>","weak_encryption":false})"}},
      {"ldap",
       {R"(ldap{"request":{"message_id":2,"operation":"search_request","search_request":{"base_)"
        R"(object":"dc=example","scope":2,"deref_alias":0,"size_limit":10,"time_limit":5,"types)"
        R"(_only":false,"filter":{"type":"equality_match","attribute_desc":"uid","assertion_val)"
        R"(ue":"alice"},"attributes":["mail"]}},"responses":[{"operation":"search_result_entry")"
        R"(,"search_result_entry":{"base_object":"uid=alice,dc=example","attributes":[{"type":")"
        R"(mail","values":["alice@example.org"]}]}},{"operation":"search_result_done","search_r)"
        R"(esult_done":{"result_code":"success","matched_dn":"","message":"note"}}]})"}},
      {"ldap",
       {R"(ldap{"request":{"message_id":3,"operation":"search_request","search_request":{"base_)"
        R"(object":"","scope":0,"deref_alias":0,"size_limit":0,"time_limit":0,"types_only":fals)"
        R"(e,"filter":{"type":"and","value":"(&(uid=a\2ab)(|(cn=x*y*)(!(mail=*)))(sn:dn:2.4:=z))"
        R"())"
        R"("}}}})"}},
      {"smb",
       {R"(smb{"id":1,"dialect":"3.11","command":"SMB2_COMMAND_NEGOTIATE_PROTOCOL","status":"ST)"
        R"(ATUS_SUCCESS","status_code":"0x0","session_id":4660,"tree_id":0,"client_dialects":[")"
        R"(2.10","3.11"],"client_guid":"0c0c0c0c-0c0c-0c0c-0c0c-0c0c0c0c0c0c","server_guid":"0d)"
        R"(0d0d0d-0d0d-0d0d-0d0d-0d0d0d0d0d0d","max_read_size":1048576,"max_write_size":524288})"
        R"( beside{"tx_id":0})",
        R"(smb{"id":2,"dialect":"3.11","command":"SMB2_COMMAND_TREE_CONNECT","status":"STATUS_S)"
        R"(UCCESS","status_code":"0x0","session_id":4660,"tree_id":5,"share":"\\srv\docs","shar)"
        R"(e_type":"FILE"} beside{"tx_id":1})",
        R"(smb{"id":3,"dialect":"3.11","command":"SMB2_COMMAND_SESSION_SETUP","session_id":4660)"
        R"(,"tree_id":0,"ntlmssp":{"domain":"CORP","user":"alice","host":"PC1","version":"10.0 )"
        R"(build 19041 rev 15"}} beside{"tx_id":2})",
        R"(smb{"id":4,"dialect":"3.11","command":"SMB2_COMMAND_CREATE","session_id":4660,"tree_)"
        R"(id":5,"filename":"plan.txt","disposition":"FILE_OPEN","access":"delete on close"} be)"
        R"(side{"tx_id":3})"}},
      {"smb",
       {R"(smb{"id":1,"dialect":"unknown","command":"SMB1_COMMAND_NEGOTIATE_PROTOCOL","session_)"
        R"(id":0,"tree_id":0,"client_dialects":["NT LM 0.12","SMB 2.002"],"server_guid":""} bes)"
        R"(ide{"tx_id":0})"}},
      {"mqtt",
       {R"(mqtt{"connect":{"qos":0,"retain":false,"dup":false,"protocol_string":"MQTT","protoco)"
        R"(l_version":4,"client_id":"c1","flags":{"username":true,"password":true,"will_retain")"
        R"(:false,"will":false,"clean_session":true},"username":"user","password":"pw"},"connac)"
        R"(k":{"qos":0,"retain":false,"dup":false,"session_present":false,"return_code":0}})",
        R"(mqtt{"subscribe":{"qos":1,"retain":false,"dup":false,"message_id":1,"topics":[{"topi)"
        R"(c":"a/b","qos":1}]},"suback":{"qos":0,"retain":false,"dup":false,"message_id":1,"qos)"
        R"(_granted":[1]}})",
        R"(<mqtt{"publish":{"qos":0,"retain":false,"dup":false,"topic":"a/b","message":"hello"})"
        R"(})"}},
      {"rfb",
       {R"(rfb{"server_protocol_version":{"major":"003","minor":"008"},"client_protocol_version)"
        R"(":{"major":"003","minor":"008"},"authentication":{"security_type":2,"vnc":{"challeng)"
        R"(e":"01010101010101010101010101010101","response":"02020202020202020202020202020202"})"
        R"(,"security_result":"OK"},"screen_shared":true,"framebuffer":{"width":800,"height":60)"
        R"(0,"name":"desk","pixel_format":{"bits_per_pixel":32,"depth":24,"big_endian":false,"t)"
        R"(rue_color":true,"red_max":255,"green_max":255,"blue_max":255,"red_shift":16,"green_s)"
        R"(hift":8,"blue_shift":0}}})"}},
      {"rdp",
       {R"(rdp{"tx_id":1,"event_type":"initial_request","cookie":"alice","flags":["correlation_)"
        R"(info_present"]})",
        R"(<rdp{"tx_id":2,"event_type":"initial_response","server_supports":["extended_client_d)"
        R"(ata"],"protocol":"rdp"})",
        R"(rdp{"tx_id":3,"event_type":"connect_request","client":{"version":"v5","desktop_width)"
        R"(":1280,"desktop_height":1024,"color_depth":24,"keyboard_layout":"de-DE","build":"Win)"
        R"(dows XP","client_name":"DESK-7","keyboard_type":"enhanced","function_keys":12,"produ)"
        R"(ct_id":1,"capabilities":["support_errinfo_pdf"],"id":"69712-783"},"channels":["rdpdr)"
        R"(","cliprdr"]})",
        R"(<rdp{"tx_id":4,"event_type":"connect_response"})"}},
      {"dcerpc",
       {R"(dcerpc{"request":"BIND","response":"BINDACK","call_id":9,"rpc_version":"5.0","interf)"
        R"(aces":[{"uuid":"12345678-1234-abcd-ef00-0123456789ab","version":"3.0","ack_result":0)"
        R"(}]})",
        R"(dcerpc{"request":"REQUEST","response":"RESPONSE","call_id":9,"rpc_version":"5.0","re)"
        R"(q":{"opnum":3,"frag_cnt":1,"stub_data_size":4},"res":{"frag_cnt":1,"stub_data_size":)"
        R"(8},"interfaces":[{"uuid":"12345678-1234-abcd-ef00-0123456789ab","version":"3.0","ack)"
        R"(_result":0}]})"}},
      {"nfs",
       {R"(nfs{"version":3,"procedure":"LOOKUP","filename":"notes","hhash":"eabbd85c","id":1,"f)"
        R"(ile_tx":false,"type":"response","status":"ERR_NOENT"} beside{"rpc":{"xid":1,"status")"
        R"(:"ACCEPTED","auth_type":"UNIX","creds":{"machine_name":"box1","uid":1000,"gid":100}})"
        R"(})",
        R"(nfs{"version":3,"procedure":"CREATE","filename":"plan","hhash":"eabbd85c","id":2,"fi)"
        R"(le_tx":false,"type":"response","status":"OK"} beside{"rpc":{"xid":2,"status":"ACCEPT)"
        R"(ED","auth_type":"UNIX","creds":{"machine_name":"box1","uid":1000,"gid":100}}})",
        R"(nfs{"version":3,"procedure":"RENAME","filename":"plan","hhash":"eabbd85c","id":3,"fi)"
        R"(le_tx":false,"type":"response","status":"OK","rename":{"from":"plan","to":"done"}} b)"
        R"(eside{"rpc":{"xid":3,"status":"ACCEPTED","auth_type":"UNIX","creds":{"machine_name":)"
        R"("box1","uid":1000,"gid":100}}})"}},
      {"nfs",
       {R"(nfs{"version":3,"procedure":"LOOKUP","filename":"notes","hhash":"eabbd85c","id":1,"f)"
        R"(ile_tx":false,"type":"response","status":"OK"} beside{"rpc":{"xid":1,"status":"ACCEP)"
        R"(TED","auth_type":"UNIX","creds":{"machine_name":"box1","uid":1000,"gid":100}}})"}},
      {"pgsql",
       {R"(pgsql{"tx_id":1,"request":{"protocol_version":"3.0","startup_parameters":{"user":"bo)"
        R"(b","optional_parameters":[{"database":"shop"}]}},"response":{"message":"authenticati)"
        R"(on_ok","process_id":42,"secret_key":4711,"parameter_status":[{"server_version":"15.4)"
        R"("}]}})",
        R"(pgsql{"tx_id":2,"request":{"simple_query":"select 1"},"response":{"command_completed)"
        R"(":"SELECT 1","field_count":1,"data_rows":1,"data_size":10}})"}},
      {"modbus",
       {R"(modbus{"id":1,"request":{"transaction_id":1,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":3,"function_code":"RdHoldRegs","access_type":"READ | HOLDING","category":"PUBLIC_)"
        R"(ASSIGNED","error_flags":"NONE","read":{"address":0,"quantity":2}},"response":{"trans)"
        R"(action_id":1,"protocol_id":0,"unit_id":1,"function_raw":3,"function_code":"RdHoldReg)"
        R"(s","access_type":"READ | HOLDING","category":"PUBLIC_ASSIGNED","error_flags":"NONE",)"
        R"("read":{"data":"ABCD"}}})",
        R"(<modbus{"id":3,"response":{"transaction_id":2,"protocol_id":0,"unit_id":1,"function_)"
        R"(raw":131,"function_code":"RdHoldRegs","access_type":"READ | HOLDING","category":"PUB)"
        R"(LIC_ASSIGNED","error_flags":"NONE","exception":{"raw":2,"code":"IllegalDataAddr"}}})",
        R"(modbus{"id":2,"request":{"transaction_id":2,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":16,"function_code":"WrMultRegs","access_type":"WRITE | HOLDING | MULTIPLE","categ)"
        R"(ory":"PUBLIC_ASSIGNED","error_flags":"NONE","write":{"address":16},"data":"AB"},"res)"
        R"(ponse":{"transaction_id":2,"protocol_id":0,"unit_id":1,"function_raw":16,"function_c)"
        R"(ode":"WrMultRegs","access_type":"WRITE | HOLDING | MULTIPLE","category":"PUBLIC_ASSI)"
        R"(GNED","error_flags":"NONE","write":{"address":16,"data":1}}})",
        R"(modbus{"id":4,"request":{"transaction_id":3,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":8,"function_code":"Diagnostic","access_type":"NONE","category":"PUBLIC_ASSIGNED",)"
        R"("error_flags":"NONE","diagnostic":{"raw":0,"code":"RetQueryData","data":"AB"}}})",
        R"(modbus{"id":5,"request":{"transaction_id":4,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":43,"function_code":"MEI","access_type":"NONE","category":"PUBLIC_ASSIGNED","error)"
        R"(_flags":"NONE","mei":{"raw":14,"code":"RdDevId","data":"AB"}}})",
        R"(modbus{"id":6,"request":{"transaction_id":5,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":23,"function_code":"RdWrMultRegs","access_type":"READ | WRITE | HOLDING | MULTIPL)"
        R"(E","category":"PUBLIC_ASSIGNED","error_flags":"NONE","read":{"address":1,"quantity":)"
        R"(2},"write":{"address":3},"data":"CD"}})",
        R"(modbus{"id":7,"request":{"transaction_id":6,"protocol_id":0,"unit_id":1,"function_ra)"
        R"(w":5,"function_code":"WrSingleCoil","access_type":"WRITE | COILS | SINGLE","category)"
        R"(":"PUBLIC_ASSIGNED","error_flags":"DATA_VALUE","write":{"address":1,"data":4660}}})"}},
      {"dnp3",
       {R"(dnp3{"type":"request","control":{"dir":true,"pri":true,"fcb":false,"fcv":false,"func)"
        R"(tion_code":4},"src":3,"dst":4,"application":{"control":{"fir":true,"fin":true,"con":)"
        R"(false,"uns":false,"sequence":1},"function_code":1,"objects":[{"group":60,"variation")"
        R"(:2,"qualifier":6,"prefix_code":0,"range_code":6,"start":0,"stop":0,"count":0},{"grou)"
        R"(p":60,"variation":3,"qualifier":6,"prefix_code":0,"range_code":6,"start":0,"stop":0,)"
        R"("count":0}],"complete":true}})",
        R"(<dnp3{"type":"response","control":{"dir":false,"pri":true,"fcb":false,"fcv":false,"f)"
        R"(unction_code":4},"src":3,"dst":4,"application":{"control":{"fir":true,"fin":true,"co)"
        R"(n":true,"uns":false,"sequence":1},"function_code":129,"objects":[{"group":1,"variati)"
        R"(on":1,"qualifier":0,"prefix_code":0,"range_code":0,"start":0,"stop":3,"count":4,"poi)"
        R"(nts":[{"index":0,"state":1},{"index":1,"state":0},{"index":2,"state":1},{"index":3,")"
        R"(state":0}]},{"group":30,"variation":2,"qualifier":0,"prefix_code":0,"range_code":0,")"
        R"(start":0,"stop":0,"count":1,"points":[{"index":0,"value":-5}]},{"group":20,"variatio)"
        R"(n":5,"qualifier":23,"prefix_code":1,"range_code":7,"start":0,"stop":0,"count":1,"poi)"
        R"(nts":[{"prefix":9,"index":9,"value":42}]}],"complete":true},"iin":{"indicators":["de)"
        R"(vice_restart","object_unknown"]}})",
        R"(dnp3{"type":"request","control":{"dir":true,"pri":true,"fcb":false,"fcv":false,"func)"
        R"(tion_code":4},"src":3,"dst":4,"application":{"control":{"fir":true,"fin":true,"con":)"
        R"(false,"uns":false,"sequence":2},"function_code":5,"objects":[{"group":12,"variation")"
        R"(:1,"qualifier":23,"prefix_code":1,"range_code":7,"start":0,"stop":0,"count":1,"point)"
        R"(s":[{"prefix":7,"index":7,"op_type":1,"qu":0,"cr":0,"tcc":1,"count":1,"ontime":100,")"
        R"(offtime":200,"status_code":0}]}],"complete":true}})"}},
      {"dnp3",
       {R"(dnp3{"type":"request","control":{"dir":true,"pri":true,"fcb":false,"fcv":false,"func)"
        R"(tion_code":4},"src":3,"dst":4,"application":{"control":{"fir":true,"fin":true,"con":)"
        R"(false,"uns":false,"sequence":1},"function_code":2,"objects":[{"group":80,"variation")"
        R"(:1,"qualifier":0,"prefix_code":0,"range_code":0,"start":7,"stop":7,"count":1,"points)"
        R"(":[{"index":7,"state":0}]}],"complete":true}})"}},
      {"enip",
       {R"(enip{"request":{"command":"RegisterSession","status":"Success","register_session":{")"
        R"(protocol_version":1,"options":0}},"response":{"command":"RegisterSession","status":")"
        R"(Success","register_session":{"protocol_version":1,"options":0}}})",
        R"(enip{"request":{"command":"SendRRData","status":"Success","cip":{"service":"Get Attr)"
        R"(ibute Single","path":[{"segment_type":"class","value":1},{"segment_type":"instance",)"
        R"("value":513}],"class_name":"Identity"}},"response":{"command":"SendRRData","status":)"
        R"("Success","cip":{"service":"Get Attribute Single","status":"Path Destination Unknown)"
        R"(","status_extended":"0701","status_extended_meaning":"Target connection not found"}})"
        R"(})",
        R"(enip{"request":{"command":"SendRRData","status":"Success","cip":{"service":"Multiple)"
        R"( Service Packet","path":[{"segment_type":"class","value":2},{"segment_type":"instanc)"
        R"(e","value":1}],"class_name":"Message Router","multiple":[{"service":"Get Attribute S)"
        R"(ingle","path":[{"segment_type":"class","value":1},{"segment_type":"instance","value")"
        R"(:1},{"segment_type":"attribute","value":7}],"class_name":"Identity"},{"service":"Get)"
        R"( Attribute Single","path":[{"segment_type":"class","value":4},{"segment_type":"insta)"
        R"(nce","value":100},{"segment_type":"attribute","value":3}],"class_name":"Assembly"}]})"
        R"(},"response":{"command":"SendRRData","status":"Success","cip":{"service":"Multiple S)"
        R"(ervice Packet","status":"Embedded Service Error","multiple":[{"service":"Get Attribu)"
        R"(te Single","status":"Success"},{"service":"Get Attribute Single","status":"Object Do)"
        R"(es Not Exist"}]}}})",
        R"(enip{"request":{"command":"ListServices","status":"Success"},"response":{"command":")"
        R"(ListServices","status":"Success","list_services":{"protocol_version":1,"capabilities)"
        R"(":288,"service_name":"Communications"}}})",
        R"(enip{"request":{"command":"UnregisterSession","status":"Success"}})"}},
      {"enip",
       {R"(enip{"request":{"command":"ListIdentity","status":"Success"},"response":{"command":")"
        R"(ListIdentity","status":"Success","identity":{"protocol_version":1,"revision":"32.11")"
        R"(,"vendor_id":"Rockwell Automation/Allen-Bradley","device_type":"Programmable Logic C)"
        R"(ontroller","product_code":77,"status":48,"serial":12648430,"product_name":"PLC1","st)"
        R"(ate":3}}})",
        R"(enip{"request":{"command":"RegisterSession","status":"Success","register_session":{")"
        R"(protocol_version":1,"options":0}}})"}},
      {"bittorrent-dht",
       {R"(bittorrent_dht{"transaction_id":"6161","client_version":"4c543031","request_type":"g)"
        R"(et_peers","request":{"id":"6162636465666768696a30313233343536373839","info_hash":"61)"
        R"(62636465666768696a30313233343536373839"}})",
        R"(<bittorrent_dht{"transaction_id":"6161","response":{"id":"6162636465666768696a303132)"
        R"(33343536373839","nodes":[{"id":"4142434445464748494a4b4c4d4e4f5051525354","ip":"192.)"
        R"(0.2.1","port":6881}],"token":"746b","values":[{"ip":"198.51.100.1","port":80}]}})",
        R"(bittorrent_dht{"transaction_id":"6162","request_type":"announce_peer","request":{"id)"
        R"(":"6162636465666768696a30313233343536373839","implied_port":1,"port":6881,"token":"7)"
        R"(46b"}})",
        R"(<bittorrent_dht{"transaction_id":"6162","error":{"num":203,"msg":"wrong"}})"}},
  };
}

std::vector<std::string> events_of(const Seed& seed) {
  Talk talk({.protocol = seed.protocol, .server_port = 9999});
  for (const Said& said : seed.said) {
    if (said.direction == PKTANA_TO_SERVER)
      talk.client(said.bytes);
    else
      talk.server(said.bytes);
  }
  talk.end();
  return talk.events();
}

}  // namespace

TEST_CASE("enterprise: events have the fields of the messages", "[enterprise]") {
  const std::vector<Expected> expected = expected_events();
  std::vector<Seed> seeds = enterprise_field_seeds();
  for (Seed& seed : industry_field_seeds())
    seeds.push_back(std::move(seed));
  size_t next = 0;
  for (const Seed& seed : seeds) {
    const std::vector<std::string> events = events_of(seed);
    if (events.empty()) continue;
    INFO(seed.dissector);
    REQUIRE(next < expected.size());
    CHECK(seed.dissector == expected[next].dissector);
    CHECK(events == expected[next].events);
    ++next;
  }
  CHECK(next == expected.size());
}

TEST_CASE("socks: what comes behind the proxy's yes is another protocol", "[enterprise]") {
  for (const bool is_version_4 : {true, false}) {
    Talk talk({.server_port = 1080});
    if (is_version_4) {
      talk.client(hex("04 01 0050 00000001") + zeros(1) + "example.org" + zeros(1));
      talk.server(hex("00 5a 0050 c0000201"));
    } else {
      talk.client(hex("05 01 02"));
      talk.server(hex("05 02"));
      talk.client(hex("01 02") + "me" + hex("02") + "pw");
      talk.server(hex("01 00"));
      talk.client(hex("05 01 00 03 0b") + "example.org" + hex("0050"));
      talk.server(hex("05 00 00 01 c0000201 0050"));
    }
    talk.client("*1\r\n$4\r\nPING\r\n");
    talk.server("+PONG\r\n");
    talk.end();
    CHECK(talk.app_proto() == "redis");
    CHECK(talk.app_proto_before() == "socks");
  }
}

TEST_CASE("socks: a proxy that refuses stays socks", "[enterprise]") {
  Talk talk({.server_port = 1080});
  talk.client(hex("05 01 00"));
  talk.server(hex("05 00"));
  talk.client(hex("05 01 00 01 c0000201 0050"));
  talk.server(hex("05 05 00 01 00000000 0000"));
  talk.client("*1\r\n$4\r\nPING\r\n");
  talk.end();
  CHECK(talk.app_proto() == "socks");
  CHECK(talk.app_proto_before().empty());
}

TEST_CASE("netbios: behind an accepted session request SMB is found", "[enterprise]") {
  Talk talk({.server_port = 139});
  talk.client(hex("81000044 20") + std::string(32, 'C') + zeros(1) + hex("20") +
              std::string(32, 'D') + zeros(1));
  talk.server(hex("82000000"));
  talk.client(smb1_negotiate());
  talk.end();
  CHECK(talk.app_proto() == "smb");
  CHECK(talk.app_proto_before() == "netbios-ssn");
  CHECK(talk.events().size() == 1);
}

TEST_CASE("rtp: one packet proves nothing, another source is not RTP", "[enterprise]") {
  const auto packet = [](unsigned seq, unsigned source) {
    return hex("80 00") + be16(seq) + be32(seq * 160) + be32(source) + std::string(20, 'x');
  };
  Talk alone({.protocol = PKTANA_UDP});
  alone.client(packet(1, 7));
  alone.end();
  CHECK(alone.app_proto() == "failed");
  Talk other({.protocol = PKTANA_UDP});
  for (const unsigned source : {7u, 8u, 9u, 10u})
    other.client(packet(1, source));
  other.end();
  CHECK(other.app_proto() == "failed");
}

TEST_CASE("rdp, pgsql, ldap: where both agree on TLS the rest is probed anew", "[enterprise]") {
  const std::string redis =
      "*1\r\n$4\r\nPING\r\n";  // stands for TLS: anything but the old protocol
  Talk rdp;
  rdp.client(rdp_request());
  rdp.server(rdp_confirm(1));
  rdp.client(redis);
  rdp.server("+PONG\r\n");
  rdp.end();
  CHECK(rdp.app_proto() == "redis");
  CHECK(rdp.app_proto_before() == "rdp");
  Talk pgsql;
  pgsql.client(hex("00000008 04d2162f"));
  pgsql.server("S");
  pgsql.client(redis);
  pgsql.server("+PONG\r\n");
  pgsql.end();
  CHECK(pgsql.app_proto() == "redis");
  CHECK(pgsql.app_proto_before() == "pgsql");
  Talk ldap;
  ldap.client(ldap_message(1, 0x77, ber(0x80, "1.3.6.1.4.1.1466.20037")));
  ldap.server(ldap_result(1, 0x78, 0));
  ldap.client(redis);
  ldap.server("+PONG\r\n");
  ldap.end();
  CHECK(ldap.app_proto() == "redis");
  CHECK(ldap.app_proto_before() == "ldap");
}

TEST_CASE("pgsql: a server that declines TLS is followed to the start-up", "[enterprise]") {
  Talk talk;
  talk.client(hex("00000008 04d2162f"));
  talk.server("N");
  talk.client(pgsql_startup());
  talk.server(pgsql_message('R', be32(10) + "SCRAM-SHA-256" + zeros(2)));
  talk.client(pgsql_message('p', "SCRAM-SHA-256" + zeros(1) + be32(3) + "n,,"));
  talk.server(pgsql_message('R', be32(11) + "r=1"));
  talk.end();
  REQUIRE(talk.events().size() == 3);
  CHECK(
      talk.events()[0] ==
      R"(pgsql{"tx_id":1,"request":{"message":"SSL Request"},"response":{"ssl_accepted":false}})");
  CHECK(talk.events()[2] ==
        R"(pgsql{"tx_id":3,"request":{"sasl_authentication_mechanism":"scram_SHA256",)"
        R"("sasl_param":"n,,"},"response":{"message":"authentication_sasl_continue"}})");
}

TEST_CASE("krb5: a message longer than the flow ends without an event", "[enterprise]") {
  Talk talk({.server_port = 88});
  talk.client(be32(krb5_as_req().size() + 100) + krb5_as_req());
  talk.end();
  CHECK(talk.app_proto() == "krb5");
  CHECK(talk.events().empty());
}

TEST_CASE("smb: a reply that only says 'pending' is waited behind", "[enterprise]") {
  std::string pending = smb2_tree_reply();
  pending.replace(4 + 8, 4, le32(0x103));
  Talk talk({.server_port = 445});
  talk.client(smb2_tree_connect());
  talk.server(pending);
  CHECK(talk.events().empty());
  talk.server(smb2_tree_reply());
  CHECK(talk.events().size() == 1);
}

TEST_CASE("mqtt: a long message is cut, and says so", "[enterprise]") {
  Talk talk({.server_port = 1883});
  talk.client(mqtt_connect());
  talk.server(mqtt_packet(0x20, hex("0000")));
  talk.client(hex("30 a09c01") + be16(1) + "t" + std::string(20000 - 3, 'x'));
  talk.end();
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[1].find(R"("truncated":true,"skipped_length":15904)") != std::string::npos);
}

TEST_CASE("mqtt: an answer behind the client's FIN is joined to what was asked", "[enterprise]") {
  Talk talk({.server_port = 1883});
  talk.client(mqtt_connect());
  talk.fin(flow::kToServer);
  talk.server(mqtt_packet(0x20, hex("0000")));
  talk.end();
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].find(R"("connack")") != std::string::npos);
}

TEST_CASE("nfs: a handle that was given for a name is known by it", "[enterprise]") {
  Talk talk({.protocol = PKTANA_UDP, .server_port = 2049});
  talk.client(nfs_call(1, 8, be32(4) + "plan" + be32(0)));
  talk.server(nfs_reply(1, 0, be32(1) + be32(8) + "handle!!"));
  talk.client(nfs_call(2, 4, be32(31)));
  talk.server(nfs_reply(2, 0));
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[1].find(R"("procedure":"ACCESS","filename":"plan")") != std::string::npos);
}

TEST_CASE("ldap: an operation that nobody answered is shown at the end", "[enterprise]") {
  Talk talk({.server_port = 389});
  talk.client(ldap_search());
  CHECK(talk.events().empty());
  talk.end();
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].find("responses") == std::string::npos);
}

}  // namespace pktana::app
