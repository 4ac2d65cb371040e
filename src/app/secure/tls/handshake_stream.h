// SPDX-License-Identifier: Apache-2.0
// Handshake messages out of TLS records (RFC 8446 section 5.1): one may span records, one record
// may hold several. A message that lies within one record is not copied.
#pragma once

#include <cstdint>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::secure {

struct HandshakeMessage {
  uint8_t type = 0;
  Bytes body;
};

class HandshakeStream {
 public:
  static constexpr size_t kMaxMessage = 65536;  ///< longer ones are skipped

  /// The contents of one handshake record. Lifetime: borrowed until next() has said false.
  void feed(Bytes record);
  /// False when no whole message is left. The message lives until the next call.
  [[nodiscard]] bool next(HandshakeMessage& message);

 private:
  void keep_rest();

  std::vector<uint8_t> kept_;
  Bytes view_;         // of the record, or of kept_
  uint64_t skip_ = 0;  // bytes to come of a message that is too long
};

}  // namespace pktana::app::secure
