// SPDX-License-Identifier: Apache-2.0
// The dissectors of this family; internet.cpp lists them for the registry.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::internet {

extern const pktana_dissector kDns;
extern const pktana_dissector kMdns;
extern const pktana_dissector kLlmnr;
extern const pktana_dissector kNetbiosNs;
extern const pktana_dissector kNetbiosDgm;
extern const pktana_dissector kHttp;
extern const pktana_dissector kHttp2;
extern const pktana_dissector kWebsocket;
extern const pktana_dissector kSsdp;
extern const pktana_dissector kDhcp;
extern const pktana_dissector kDhcpv6;
extern const pktana_dissector kNtp;
extern const pktana_dissector kSmtp;
extern const pktana_dissector kImap;
extern const pktana_dissector kPop3;
extern const pktana_dissector kFtp;
extern const pktana_dissector kFtpData;
extern const pktana_dissector kTftp;
extern const pktana_dissector kSnmp;
extern const pktana_dissector kSip;
extern const pktana_dissector kRtsp;
extern const pktana_dissector kSyslog;

}  // namespace pktana::app::internet
