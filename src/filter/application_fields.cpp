// SPDX-License-Identifier: Apache-2.0
// Fields that log lines have and flow records have not: the events around flows, and applications.
#include "filter/field_groups.h"

namespace pktana::filter {
namespace {

// clang-format off
const std::array kFields{
    Field{"event_type", FieldType::Text, "kind of event: flow, flow_update, dns, tls, stats", {{"event_type"}}},
    Field{"timestamp", FieldType::Time, "time of the event", {{"timestamp"}}},
    Field{"host", FieldType::Text, "name of the sensor", {{"host"}}},
    Field{"seq", FieldType::Number, "number of the line in its stream", {{"pktana.seq"}}},
    Field{"reason", FieldType::Text, "EVE's reason of the flow's end", {{"flow.reason"}}},
    Field{"app_proto", FieldType::Text, "application protocol", {{"app_proto"}}},
    Field{"name", FieldType::Text, "name of the server", {{"pktana.name"}}},
    Field{"tunnel.type", FieldType::Text, "kinds of tunnel around the flow", {{"pktana.tunnel.type"}}},
    Field{"tunnel.id", FieldType::Number, "VNI, TEID, key ... of the tunnels", {{"pktana.tunnel.id"}}},
    Field{"tunnel.ip", FieldType::Address, "addresses of the tunnels' ends", {{"pktana.tunnel.src_ip", "pktana.tunnel.dest_ip"}, LogPlace::Combine::All}},
    Field{"tls.sni", FieldType::Text, "server name of the TLS handshake", {{"tls.sni"}}},
    Field{"tls.version", FieldType::Text, "version of TLS", {{"tls.version"}}},
    Field{"tls.subject", FieldType::Text, "subject of the server's certificate", {{"tls.subject"}}},
    Field{"tls.issuerdn", FieldType::Text, "issuer of the server's certificate", {{"tls.issuerdn"}}},
    Field{"tls.ja3", FieldType::Text, "JA3 hash of the client", {{"tls.ja3.hash"}}},
    Field{"tls.ja4", FieldType::Text, "JA4 of the client", {{"tls.ja4"}}},
    Field{"dns.type", FieldType::Text, "query, answer, request or response", {{"dns.type"}}},
    Field{"dns.rrname", FieldType::Text, "name that was asked for", {{"dns.queries.rrname", "dns.rrname"}}},
    Field{"dns.rrtype", FieldType::Text, "type that was asked for", {{"dns.queries.rrtype", "dns.rrtype"}}},
    Field{"dns.rcode", FieldType::Text, "result of the answer", {{"dns.rcode"}}},
    Field{"dns.rdata", FieldType::Text, "data of the answers", {{"dns.answers.rdata"}}},
    Field{"http.hostname", FieldType::Text, "host that was asked for", {{"http.hostname"}}},
    Field{"http.url", FieldType::Text, "path that was asked for", {{"http.url"}}},
    Field{"http.method", FieldType::Text, "method of the request", {{"http.http_method"}}},
    Field{"http.status", FieldType::Number, "status of the answer", {{"http.status"}}},
    Field{"http.user_agent", FieldType::Text, "client's name for itself", {{"http.http_user_agent"}}},
    Field{"alert.signature", FieldType::Text, "name of the rule", {{"alert.signature"}}},
    Field{"alert.signature_id", FieldType::Number, "number of the rule", {{"alert.signature_id"}}},
    Field{"alert.severity", FieldType::Number, "severity of the alert, 1 = highest", {{"alert.severity"}}},
};
// clang-format on

}  // namespace

std::span<const Field> application_fields() noexcept { return kFields; }

}  // namespace pktana::filter
