// SPDX-License-Identifier: Apache-2.0
// What is known of one TLS or DTLS connection: filled by its handshake messages, told in one event.
// Which of the flow's ends is the client follows from who says ClientHello, not from the flow.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/dissector.h"
#include "app/secure/tls/certificate.h"
#include "app/secure/tls/client_hello.h"
#include "app/secure/tls/server_hello.h"

namespace pktana::app::secure {

enum HandshakeType : uint8_t {
  kClientHello = 1,
  kServerHelloMessage = 2,
  kCertificate = 11,
  kCertificateRequest = 13,
  kServerHelloDone = 14,
};

inline constexpr size_t kMaxAlpnNames = 32;         ///< kept of each side
inline constexpr size_t kMaxServerExtensions = 64;  ///< kept

class TlsSession {
 public:
  /// @param transport  't' or 'd', as in a JA4.
  explicit TlsSession(char transport) noexcept : transport_(transport) {}

  /// A handshake message in clear from the sender of `direction`. False if it is none that could
  /// be.
  bool on_message(Flow flow, uint8_t direction, uint8_t type, Bytes body);
  void on_change_cipher_spec(uint8_t direction) noexcept;
  void on_application_data(uint8_t direction) noexcept;
  void on_alert(uint8_t direction) noexcept;

  /// The facts of an SSL 2.0 client hello, which has neither extensions nor a JA3.
  void on_ssl2_client(uint8_t direction) noexcept;
  /// SSL 2.0 server hello with its certificate.
  void on_ssl2_server(Flow flow, uint8_t direction, Bytes certificate);

  /// There is something to tell.
  [[nodiscard]] bool started() const noexcept { return has_client_ || has_server_; }
  /// Nothing that an event has a place for is still to come in clear.
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  [[nodiscard]] bool has_server() const noexcept { return has_server_; }
  /// Writes the event, if there is anything to tell; once.
  void tell(Flow flow, int64_t ts_ns);

 private:
  void on_client_hello(Flow flow, uint8_t direction, Bytes body);
  void on_server_hello(Flow flow, uint8_t direction, Bytes body);
  void on_certificates(Flow flow, uint8_t direction, Bytes body);
  [[nodiscard]] bool is_tls13() const noexcept;
  [[nodiscard]] bool is_client(uint8_t direction) const noexcept {
    return direction == client_direction_;
  }
  void put_server_handshake(Fields& fields) const noexcept;
  void put_hellos(Fields& fields) const noexcept;

  const char transport_;
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool has_client_ = false;
  bool has_server_ = false;
  bool finished_ = false;
  bool resumed_ = false;
  bool wants_client_certificate_ = false;
  uint16_t offered_version_ = 0;
  uint16_t version_ = 0;
  uint16_t legacy_server_version_ = 0;
  uint16_t cipher_ = 0;
  unsigned client_data_records_ = 0;
  std::string sni_;
  std::string ja3_;
  std::string ja3s_;
  std::string ja4_;
  std::vector<std::string> client_alpns_;
  std::string server_alpn_;
  std::vector<uint16_t> server_extensions_;
  std::unique_ptr<Certificate> server_certificate_;
  std::unique_ptr<Certificate> client_certificate_;
};

}  // namespace pktana::app::secure
