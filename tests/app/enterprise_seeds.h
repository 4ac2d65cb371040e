// SPDX-License-Identifier: Apache-2.0
// Conversations of the enterprise family: single messages that several tests are made of, and the
// seeds whose fields are shown (enterprise_seeds() has them all).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seed.h"

namespace pktana::app {

[[nodiscard]] std::vector<Seed> enterprise_field_seeds();
/// Of machines, and of peers: industry_field_seeds.cpp.
[[nodiscard]] std::vector<Seed> industry_field_seeds();

// Kerberos, without the length that TCP has before them.
[[nodiscard]] std::string krb5_as_req();
[[nodiscard]] std::string krb5_as_rep();
[[nodiscard]] std::string krb5_error();

// LDAP
[[nodiscard]] std::string ldap_message(unsigned id, unsigned tag, std::string_view body);
[[nodiscard]] std::string ldap_search();
[[nodiscard]] std::string ldap_nested_filter();
[[nodiscard]] std::string ldap_entry();
[[nodiscard]] std::string ldap_result(unsigned id, unsigned tag, unsigned code);

// SMB, each in its session packet
[[nodiscard]] std::string smb2_negotiate();
[[nodiscard]] std::string smb2_negotiate_reply();
[[nodiscard]] std::string smb2_tree_connect();
[[nodiscard]] std::string smb2_tree_reply();
[[nodiscard]] std::string smb2_create();
[[nodiscard]] std::string smb2_session_setup();
[[nodiscard]] std::string smb1_negotiate();

// DCE/RPC
[[nodiscard]] std::string dcerpc_bind();
[[nodiscard]] std::string dcerpc_bind_ack();
[[nodiscard]] std::string dcerpc_request();
[[nodiscard]] std::string dcerpc_response();

// NFS, without record mark
[[nodiscard]] std::string nfs_lookup(unsigned xid, std::string_view name);
[[nodiscard]] std::string nfs_call(unsigned xid, unsigned procedure, std::string_view arguments);
[[nodiscard]] std::string nfs_reply(unsigned xid, unsigned status, std::string_view results = {});

// PostgreSQL
[[nodiscard]] std::string pgsql_startup();
[[nodiscard]] std::string pgsql_message(char type, std::string_view body);

// RDP
[[nodiscard]] std::string rdp_request();
[[nodiscard]] std::string rdp_confirm(unsigned protocol);
[[nodiscard]] std::string rdp_connect_initial();

// Modbus
[[nodiscard]] std::string modbus_message(unsigned transaction, std::string_view unit_and_body);

// DNP3: a frame of user data, which is less than 250 bytes
[[nodiscard]] std::string dnp3_frame(unsigned control, std::string_view user_data);

// EtherNet/IP
[[nodiscard]] std::string enip_message(unsigned command, std::string_view body,
                                       unsigned context = 1);
/// SendRRData with a CIP message.
[[nodiscard]] std::string enip_cip(std::string_view cip, unsigned context = 1);

// MQTT
[[nodiscard]] std::string mqtt_connect();
[[nodiscard]] std::string mqtt_packet(unsigned first, std::string_view body);

}  // namespace pktana::app
