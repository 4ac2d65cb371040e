// SPDX-License-Identifier: Apache-2.0
// What the tests and the fuzz targets of the internet family say: conversations of our own making,
// and the bytes they are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/flow_packet.h"
#include "flow/flow_record.h"
#include "pktana/plugin.h"

namespace pktana::app::talks {

/// Big-endian numbers and texts, one behind the other.
class Wire {
 public:
  Wire& u8(unsigned value) {
    bytes_ += static_cast<char>(value);
    return *this;
  }
  Wire& u16(unsigned value) { return u8(value >> 8).u8(value & 255); }
  Wire& u32(uint64_t value) {
    return u16(static_cast<unsigned>(value >> 16) & 0xffff)
        .u16(static_cast<unsigned>(value & 0xffff));
  }
  Wire& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  Wire& zeros(size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  /// A DNS name without compression: "a.b" -> 1 a 1 b 0.
  Wire& name(std::string_view dotted);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }

 private:
  std::string bytes_;
};

/// A DNS header.
[[nodiscard]] Wire dns_header(unsigned id, unsigned flags, unsigned questions, unsigned answers,
                              unsigned authorities = 0, unsigned additionals = 0);
/// A query for one name.
[[nodiscard]] std::string dns_query(std::string_view name, unsigned type, unsigned id = 7);
/// Behind a name or pointer: type, class IN, ttl, data.
void add_record(Wire& wire, unsigned type, uint32_t ttl, std::string_view data);
/// The answer to a query for www.example.com: a CNAME, and the address it leads to.
[[nodiscard]] std::string dns_answer();
/// With the two-byte length that TCP has in front.
[[nodiscard]] std::string on_tcp(std::string_view message);

/// A DHCP message up to its cookie.
[[nodiscard]] Wire dhcp_message(unsigned operation);

/// An HTTP/2 frame.
[[nodiscard]] std::string http2_frame(unsigned type, unsigned flags, uint32_t stream,
                                      std::string_view payload);

/// BER: tag, length, content.
[[nodiscard]] std::string ber(unsigned tag, std::string_view content);

struct Said {
  flow::Direction side;
  std::string bytes;
};

/// A conversation that a dissector follows.
struct Conversation {
  const char* dissector;
  uint8_t protocol;
  uint16_t server_port;
  std::vector<Said> said;
};

/// At least one for each dissector of the family that has a probe.
[[nodiscard]] const std::vector<Conversation>& internet_conversations();

}  // namespace pktana::app::talks
