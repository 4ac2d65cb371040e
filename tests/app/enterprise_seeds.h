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

// Kerberos, without the length that TCP has before them.
[[nodiscard]] std::string krb5_as_req();
[[nodiscard]] std::string krb5_as_rep();
[[nodiscard]] std::string krb5_error();

// LDAP
[[nodiscard]] std::string ldap_message(unsigned id, unsigned tag, std::string_view body);
[[nodiscard]] std::string ldap_search();
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
[[nodiscard]] std::string nfs_reply(unsigned xid, unsigned status);

// PostgreSQL
[[nodiscard]] std::string pgsql_startup();
[[nodiscard]] std::string pgsql_message(char type, std::string_view body);

// RDP
[[nodiscard]] std::string rdp_request();
[[nodiscard]] std::string rdp_confirm(unsigned protocol);

// MQTT
[[nodiscard]] std::string mqtt_connect();
[[nodiscard]] std::string mqtt_packet(unsigned first, std::string_view body);

}  // namespace pktana::app
