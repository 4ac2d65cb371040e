// SPDX-License-Identifier: Apache-2.0
#include "app/builtin.h"
#include "app/internet/dissectors.h"

namespace pktana::app {

namespace {

constexpr const pktana_dissector* kDissectors[] = {
    &internet::kDns,       &internet::kMdns,       &internet::kLlmnr, &internet::kHttp,
    &internet::kHttp2,     &internet::kWebsocket,  &internet::kDhcp,  &internet::kDhcpv6,
    &internet::kNtp,       &internet::kSmtp,       &internet::kImap,  &internet::kPop3,
    &internet::kFtp,       &internet::kFtpData,    &internet::kTftp,  &internet::kSnmp,
    &internet::kSip,       &internet::kRtsp,       &internet::kSsdp,  &internet::kSyslog,
    &internet::kNetbiosNs, &internet::kNetbiosDgm,
};

}  // namespace

DissectorList internet_dissectors() noexcept { return kDissectors; }

}  // namespace pktana::app
