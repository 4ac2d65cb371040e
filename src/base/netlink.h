// SPDX-License-Identifier: Apache-2.0
// Netlink (netlink(7)): requests to the kernel and their answers. Used to ask ethtool about
// interfaces and sock_diag about sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/result.h"

namespace pktana::base {

/// One message on its way to the kernel: header, fixed part, attributes.
class NetlinkRequest {
 public:
  /// @param flags NLM_F_ bits besides NLM_F_REQUEST.
  NetlinkRequest(uint16_t type, uint16_t flags);

  /// The fixed part behind the header, before any attribute.
  template <typename T>
  void put(const T& fixed) {
    append(reinterpret_cast<const uint8_t*>(&fixed), sizeof fixed);
  }
  void put_attribute(uint16_t type, Bytes value);
  void put_attribute(uint16_t type, uint32_t value);
  /// The text with its terminating zero.
  void put_attribute(uint16_t type, std::string_view text);

  /// Attributes put between the two calls are inside one of this type.
  [[nodiscard]] size_t begin_nest(uint16_t type);
  void end_nest(size_t begin);

  /// The finished message with this sequence number. Lifetime: until the next change.
  [[nodiscard]] Bytes bytes(uint32_t number);

 private:
  void append(const uint8_t* data, size_t size);

  std::vector<uint8_t> bytes_;
};

/// Calls `visit(type, value)` for each attribute in `bytes`; a cut one ends it. The flags of nested
/// attributes are taken off the type. Lifetime: the values lie in `bytes`.
void for_each_attribute(Bytes bytes, const std::function<void(uint16_t, Bytes)>& visit);

/// Value of an attribute of four bytes (one or two are widened); 0 if it is none of these.
[[nodiscard]] uint32_t attribute_u32(Bytes value) noexcept;
/// Value of an attribute that is text, without the terminating zero.
[[nodiscard]] std::string_view attribute_text(Bytes value) noexcept;

/// One thread at a time.
class NetlinkSocket {
 public:
  /// @param protocol NETLINK_GENERIC, NETLINK_SOCK_DIAG, ...
  [[nodiscard]] static Result<NetlinkSocket> open(int protocol);

  /// Sends the request and gives each answer, without its header, to `visit` until the kernel has
  /// said all. An error of the kernel is the Error. Waits a second at most for each answer.
  /// The request should have NLM_F_ACK or NLM_F_DUMP: otherwise nothing says where the end is.
  [[nodiscard]] Result<void> ask(NetlinkRequest& request, const std::function<void(Bytes)>& visit);

 private:
  explicit NetlinkSocket(Fd fd) noexcept;

  /// @return how it ended, 0 or an errno value; none: more is to come.
  [[nodiscard]] std::optional<int> visit_answers(Bytes rest,
                                                 const std::function<void(Bytes)>& visit) const;

  Fd fd_;
  uint32_t number_ = 0;  ///< of the request that is being answered
  std::vector<uint8_t> buffer_;
};

}  // namespace pktana::base
