// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/tls_session.h"

#include "app/secure/tls/fingerprint.h"

namespace pktana::app::secure {
namespace {

// Encrypted records of a client whose server is not seen, until nothing more is waited for.
constexpr unsigned kLonelyRecords = 64;

constexpr bool is_known_message(uint8_t type) noexcept {
  constexpr uint32_t kKnown = 1U << 0 | 1U << 1 | 1U << 2 | 1U << 3 | 1U << 4 | 1U << 5 | 1U << 6 |
                              1U << 8 | 1U << 11 | 1U << 12 | 1U << 13 | 1U << 14 | 1U << 15 |
                              1U << 16 | 1U << 20 | 1U << 21 | 1U << 22 | 1U << 23 | 1U << 24 |
                              1U << 25;
  return type < 32 && (kKnown >> type & 1) != 0;
}

std::unique_ptr<Certificate> first_certificate(Bytes list) {
  Reader in(list);
  Reader certificates(in.vector24());
  auto parsed = parse_certificate(certificates.vector24());
  return parsed ? std::make_unique<Certificate>(std::move(*parsed)) : nullptr;
}

}  // namespace

bool TlsSession::on_message(Flow flow, uint8_t direction, uint8_t type, Bytes body) {
  switch (type) {
    case kClientHello:
      on_client_hello(flow, direction, body);
      break;
    case kServerHelloMessage:
      on_server_hello(flow, direction, body);
      break;
    case kCertificate:
      on_certificates(flow, direction, body);
      break;
    case kCertificateRequest:
      wants_client_certificate_ = true;
      break;
    case kServerHelloDone:
      finished_ = !wants_client_certificate_;
      break;
    default:
      return is_known_message(type);
  }
  return true;
}

void TlsSession::on_client_hello(Flow flow, uint8_t direction, Bytes body) {
  if (has_client_) return;  // the second one, after a HelloRetryRequest
  const auto hello = parse_client_hello(body, transport_ == 'd');
  if (!hello) return;
  has_client_ = true;
  client_direction_ = direction;
  offered_version_ = highest_version(*hello);
  sni_ = text_of(hello->server_name);
  ja3_ = ja3_string(*hello);
  ja4_ = ja4_string(*hello, transport_);
  Reader names(hello->alpn);
  std::string_view name;
  while (client_alpns_.size() < kMaxAlpnNames && next_alpn(names, name))
    client_alpns_.emplace_back(name);
  if (!sni_.empty()) flow.set_name(sni_, PKTANA_NAME_TLS_SNI);
  flow.set_fingerprint("ja3", ja3_hash(ja3_));
  flow.set_fingerprint("ja4", ja4_);
  if (hello->has_ech) flow.set_fingerprint("ech", "outer");
}

void TlsSession::on_server_hello(Flow flow, uint8_t direction, Bytes body) {
  const auto hello = parse_server_hello(body);
  if (!hello) return;
  has_server_ = true;
  client_direction_ = direction == PKTANA_TO_SERVER ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER;
  version_ = hello->version;
  legacy_server_version_ = hello->legacy_version;
  cipher_ = hello->cipher;
  ja3s_ = ja3s_string(*hello);
  Reader names(hello->alpn);
  std::string_view name;
  if (next_alpn(names, name)) server_alpn_ = name;
  server_extensions_.clear();
  Reader extensions(hello->extensions);
  ExtensionView extension{};
  while (server_extensions_.size() < kMaxServerExtensions && next_extension(extensions, extension))
    server_extensions_.push_back(extension.type);
  if (hello->retry) return;
  flow.set_fingerprint("ja3s", ja3_hash(ja3s_));
  finished_ = is_tls13() && has_client_;
}

void TlsSession::on_certificates(Flow flow, uint8_t direction, Bytes body) {
  if (!flow.wants("tls")) return;
  if (started() && is_client(direction)) {
    client_certificate_ = first_certificate(body);
    finished_ = true;
  } else if (!server_certificate_) {
    server_certificate_ = first_certificate(body);
  }
}

void TlsSession::on_change_cipher_spec(uint8_t direction) noexcept {
  if (has_server_ && !is_client(direction)) {
    resumed_ = !server_certificate_ && !is_tls13();
    finished_ = true;
  }
  // In TLS 1.3 it says nothing: a client with early data sends it at once.
  if (is_client(direction) && has_server_ && !is_tls13()) finished_ = true;
}

void TlsSession::on_application_data(uint8_t direction) noexcept {
  if (!is_client(direction))
    finished_ = true;
  else if (++client_data_records_ >= kLonelyRecords)
    finished_ = true;
}

void TlsSession::on_alert(uint8_t direction) noexcept {
  // The server refuses, or the client does not like what the server said.
  if (!is_client(direction) || has_server_) finished_ = true;
}

void TlsSession::on_ssl2_client(uint8_t direction) noexcept {
  has_client_ = true;
  client_direction_ = direction;
}

void TlsSession::on_ssl2_server(Flow flow, uint8_t direction, Bytes certificate) {
  has_server_ = finished_ = true;
  client_direction_ = direction == PKTANA_TO_SERVER ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER;
  version_ = legacy_server_version_ = 0x0002;
  if (!flow.wants("tls")) return;
  if (auto parsed = parse_certificate(certificate))
    server_certificate_ = std::make_unique<Certificate>(std::move(*parsed));
}

bool TlsSession::is_tls13() const noexcept {
  // Drafts as well, and what Facebook made of them.
  return version_ == 0x0304 || version_ == 0xFEFC || (version_ >> 8) == 0x7F ||
         (version_ >> 8) == 0xFB;
}

void TlsSession::put_server_handshake(Fields& fields) const noexcept {
  Object server = fields.object("server_handshake");
  server.text("version", version_text(legacy_server_version_));
  if (version_ == 0x0002) return;
  server.number("cipher", cipher_);
  if (server_extensions_.empty()) return;
  Array extensions = server.array("exts");
  for (const uint16_t type : server_extensions_)
    extensions.add_number(type);
}

void TlsSession::put_hellos(Fields& fields) const noexcept {
  fields.text_if("sni", sni_);
  if (has_server_) fields.text("version", version_text(version_));
  if (!ja3_.empty()) {
    Object ja3 = fields.object("ja3");
    ja3.text("hash", ja3_hash(ja3_));
    ja3.text("string", ja3_);
  }
  if (!ja3s_.empty()) {
    Object ja3s = fields.object("ja3s");
    ja3s.text("hash", ja3_hash(ja3s_));
    ja3s.text("string", ja3s_);
  }
  fields.text_if("ja4", ja4_);
  if (!client_alpns_.empty()) {
    Array names = fields.array("client_alpns");
    for (const std::string& name : client_alpns_)
      names.add(name);
  }
  if (!server_alpn_.empty()) {
    Array names = fields.array("server_alpns");
    names.add(server_alpn_);
  }
}

void TlsSession::tell(Flow flow, int64_t ts_ns) {
  const bool has_facts = has_server_ || !ja3_.empty() || server_certificate_ != nullptr;
  if (!has_facts || !flow.wants("tls")) return;
  Event event = flow.event("tls", client_direction_, ts_ns);
  if (server_certificate_) put_certificate(event, *server_certificate_);
  if (const char* before = flow.info().app_proto_before) event.text("from_proto", before);
  event.flag_if("session_resumed", resumed_);
  put_hellos(event);
  if (client_certificate_) {
    Object client = event.object("client");
    put_certificate(client, *client_certificate_);
  }
  if (has_server_) put_server_handshake(event);
}

}  // namespace pktana::app::secure
