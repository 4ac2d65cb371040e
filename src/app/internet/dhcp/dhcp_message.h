// SPDX-License-Identifier: Apache-2.0
// DHCP messages (RFC 2131) and their options (RFC 2132). Pure parsing.
#pragma once

#include "app/reader.h"

namespace pktana::app::internet::dhcp {

inline constexpr unsigned kMaxOptions = 128;  ///< looked at in one message

enum OptionCode : uint8_t {
  Pad = 0,
  SubnetMask = 1,
  Routers = 3,
  DnsServers = 6,
  Hostname = 12,
  RequestedIp = 50,
  LeaseTime = 51,
  MessageType = 53,
  ParameterList = 55,
  RenewalTime = 58,
  RebindingTime = 59,
  VendorClass = 60,
  ClientId = 61,
  End = 255,
};

struct Option {
  uint8_t code = Pad;
  Bytes data;
};

/// The fixed part, checked to be there and to be followed by DHCP's magic cookie.
/// Lifetime: borrows the datagram.
class Message {
 public:
  /// @param datagram may be cut at any byte.
  explicit Message(Bytes datagram) noexcept;

  [[nodiscard]] bool is_valid() const noexcept { return valid_; }
  [[nodiscard]] bool is_reply() const noexcept { return operation_ == 2; }
  [[nodiscard]] uint32_t id() const noexcept { return id_; }
  [[nodiscard]] Bytes client_ip() const noexcept { return client_ip_; }
  [[nodiscard]] Bytes assigned_ip() const noexcept { return assigned_ip_; }
  [[nodiscard]] Bytes next_server_ip() const noexcept { return next_server_ip_; }
  [[nodiscard]] Bytes relay_ip() const noexcept { return relay_ip_; }
  /// Of the length that the message says.
  [[nodiscard]] Bytes client_mac() const noexcept { return client_mac_; }
  /// Behind the cookie.
  [[nodiscard]] Bytes options() const noexcept { return options_; }

 private:
  bool valid_ = false;
  uint8_t operation_ = 0;
  uint32_t id_ = 0;
  Bytes client_ip_, assigned_ip_, next_server_ip_, relay_ip_, client_mac_, options_;
};

/// Goes through the options up to the end mark, the end of the bytes or kMaxOptions.
class OptionWalk {
 public:
  explicit OptionWalk(const Message& message) noexcept : reader_(message.options()) {}
  [[nodiscard]] bool next(Option& option) noexcept;

 private:
  Reader reader_;
  unsigned left_ = kMaxOptions;
};

}  // namespace pktana::app::internet::dhcp
