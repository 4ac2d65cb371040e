// SPDX-License-Identifier: Apache-2.0
// What the application layer knows of flows, fields of its events, and what only log lines have.
#include "filter/field_groups.h"

namespace pktana::filter {
namespace {

void get_event_type(const RecordView& view, Values& out) {
  const flow::FlowRecord& record = view.record;
  if (record.event == nullptr)
    out.add_text(record.update.index > 0 ? "flow_update" : "flow");
  else if (record.event->name != nullptr)
    out.add_text(record.event->name);
}
void get_app_proto(const RecordView& view, Values& out) {
  if (view.record.app_proto != nullptr) out.add_text(view.record.app_proto);
}
void get_app_proto_orig(const RecordView& view, Values& out) {
  const flow::AppSummary* app = view.record.app;
  if (app != nullptr && app->app_proto_before != nullptr) out.add_text(app->app_proto_before);
}
void get_app_basis(const RecordView& view, Values& out) {
  if (view.record.app_basis != flow::AppBasis::None) out.add_text(to_string(view.record.app_basis));
}
void get_name(const RecordView& view, Values& out) {
  const flow::AppSummary* app = view.record.app;
  if (app != nullptr && !app->name.empty()) out.add_text(app->name);
}
void get_name_source(const RecordView& view, Values& out) {
  const flow::AppSummary* app = view.record.app;
  if (app != nullptr && !app->name.empty()) out.add_text(to_string(app->name_source));
}
void add_fingerprint(const RecordView& view, std::string_view kind, Values& out) {
  if (view.record.app == nullptr) return;
  for (const flow::Fingerprint& one : view.record.app->fingerprints)
    if (kind == one.kind) out.add_text(one.text);
}
void get_ja3(const RecordView& view, Values& out) { add_fingerprint(view, "ja3", out); }
void get_ja3s(const RecordView& view, Values& out) { add_fingerprint(view, "ja3s", out); }
void get_ja4(const RecordView& view, Values& out) { add_fingerprint(view, "ja4", out); }
void get_hassh(const RecordView& view, Values& out) { add_fingerprint(view, "hassh", out); }
void get_hassh_server(const RecordView& view, Values& out) {
  add_fingerprint(view, "hassh_server", out);
}

constexpr Field event_field(std::string_view name, FieldType type, std::string_view help,
                            LogPlace log) {
  return {.name = name, .type = type, .help = help, .log = log, .in_event = true};
}

// clang-format off
const std::array kFields{
    Field{"event_type", FieldType::Text, "kind of event: flow, flow_update, dns, tls, stats", {{"event_type"}}, get_event_type},
    Field{"timestamp", FieldType::Time, "time of the event", {{"timestamp"}}},
    Field{"host", FieldType::Text, "name of the sensor", {{"host"}}},
    Field{"seq", FieldType::Number, "number of the line in its stream", {{"pktana.seq"}}},
    Field{"reason", FieldType::Text, "EVE's reason of the flow's end", {{"flow.reason"}}},
    Field{"app_proto", FieldType::Text, "application protocol", {{"app_proto"}}, get_app_proto},
    Field{"app_proto_orig", FieldType::Text, "the one before it changed, as by STARTTLS", {{"app_proto_orig"}}, get_app_proto_orig},
    Field{"app_basis", FieldType::Text, "what speaks for it: content, expected, port", {{"pktana.app_basis"}}, get_app_basis},
    Field{"name", FieldType::Text, "name of the server", {{"pktana.name"}}, get_name},
    Field{"name_source", FieldType::Text, "where it is from: tls_sni, quic_sni, http_host", {{"pktana.name_source"}}, get_name_source},
    Field{"ja3", FieldType::Text, "JA3 hash of the flow's client", {{"pktana.fingerprints.ja3"}}, get_ja3},
    Field{"ja3s", FieldType::Text, "JA3S hash of the flow's server", {{"pktana.fingerprints.ja3s"}}, get_ja3s},
    Field{"ja4", FieldType::Text, "JA4 of the flow's client", {{"pktana.fingerprints.ja4"}}, get_ja4},
    Field{"hassh", FieldType::Text, "HASSH of the flow's client", {{"pktana.fingerprints.hassh"}}, get_hassh},
    Field{"hassh_server", FieldType::Text, "HASSH of the flow's server", {{"pktana.fingerprints.hassh_server"}}, get_hassh_server},
    Field{"tunnel.type", FieldType::Text, "kinds of tunnel around the flow", {{"pktana.tunnel.type"}}},
    Field{"tunnel.id", FieldType::Number, "VNI, TEID, key ... of the tunnels", {{"pktana.tunnel.id"}}},
    Field{"tunnel.ip", FieldType::Address, "addresses of the tunnels' ends", {{"pktana.tunnel.src_ip", "pktana.tunnel.dest_ip"}, LogPlace::Combine::All}},
    event_field("tls.sni", FieldType::Text, "server name of the TLS handshake", {{"tls.sni"}}),
    event_field("tls.version", FieldType::Text, "version of TLS", {{"tls.version"}}),
    event_field("tls.subject", FieldType::Text, "subject of the server's certificate", {{"tls.subject"}}),
    event_field("tls.issuerdn", FieldType::Text, "issuer of the server's certificate", {{"tls.issuerdn"}}),
    event_field("tls.fingerprint", FieldType::Text, "SHA-1 of the server's certificate", {{"tls.fingerprint"}}),
    event_field("tls.ja3", FieldType::Text, "JA3 hash of the client", {{"tls.ja3.hash"}}),
    event_field("tls.ja3s", FieldType::Text, "JA3S hash of the server", {{"tls.ja3s.hash"}}),
    event_field("tls.ja4", FieldType::Text, "JA4 of the client", {{"tls.ja4"}}),
    event_field("quic.sni", FieldType::Text, "server name of the QUIC handshake", {{"quic.sni"}}),
    event_field("quic.version", FieldType::Text, "version of QUIC", {{"quic.version"}}),
    event_field("quic.ja4", FieldType::Text, "JA4 of the client", {{"quic.ja4"}}),
    event_field("dns.type", FieldType::Text, "query, answer, request or response", {{"dns.type"}}),
    event_field("dns.rrname", FieldType::Text, "name that was asked for", {{"dns.queries.rrname", "dns.rrname"}}),
    event_field("dns.rrtype", FieldType::Text, "type that was asked for", {{"dns.queries.rrtype", "dns.rrtype"}}),
    event_field("dns.rcode", FieldType::Text, "result of the answer", {{"dns.rcode"}}),
    event_field("dns.rdata", FieldType::Text, "data of the answers", {{"dns.answers.rdata"}}),
    event_field("http.hostname", FieldType::Text, "host that was asked for", {{"http.hostname"}}),
    event_field("http.url", FieldType::Text, "path that was asked for", {{"http.url"}}),
    event_field("http.method", FieldType::Text, "method of the request", {{"http.http_method"}}),
    event_field("http.status", FieldType::Number, "status of the answer", {{"http.status"}}),
    event_field("http.user_agent", FieldType::Text, "client's name for itself", {{"http.http_user_agent"}}),
    event_field("http.content_type", FieldType::Text, "kind of the answer's content", {{"http.http_content_type"}}),
    event_field("ssh.client", FieldType::Text, "software of the client", {{"ssh.client.software_version"}}),
    event_field("ssh.server", FieldType::Text, "software of the server", {{"ssh.server.software_version"}}),
    event_field("dhcp.client_mac", FieldType::Text, "hardware address of the client", {{"dhcp.client_mac"}}),
    event_field("dhcp.hostname", FieldType::Text, "client's name for itself", {{"dhcp.hostname"}}),
    event_field("dhcp.assigned_ip", FieldType::Text, "address that the client got", {{"dhcp.assigned_ip"}}),
    event_field("smb.command", FieldType::Text, "what was asked for", {{"smb.command"}}),
    event_field("smb.filename", FieldType::Text, "file that was asked for", {{"smb.filename"}}),
    event_field("smtp.mail_from", FieldType::Text, "sender of the mail", {{"smtp.mail_from"}}),
    event_field("smtp.rcpt_to", FieldType::Text, "those whom it goes to", {{"smtp.rcpt_to"}}),
    event_field("ftp.command", FieldType::Text, "command of the client", {{"ftp.command"}}),
    event_field("krb5.cname", FieldType::Text, "who asks for a ticket", {{"krb5.cname"}}),
    event_field("krb5.sname", FieldType::Text, "for which service", {{"krb5.sname"}}),
    event_field("sip.method", FieldType::Text, "method of the request", {{"sip.method"}}),
    Field{"alert.signature", FieldType::Text, "name of the rule", {{"alert.signature"}}},
    Field{"alert.signature_id", FieldType::Number, "number of the rule", {{"alert.signature_id"}}},
    Field{"alert.severity", FieldType::Number, "severity of the alert, 1 = highest", {{"alert.severity"}}},
};
// clang-format on

}  // namespace

std::span<const Field> application_fields() noexcept { return kFields; }

}  // namespace pktana::filter
