// SPDX-License-Identifier: Apache-2.0
// Kerberos (RFC 4120) over TCP and UDP: one krb5 event for each message between client and KDC.
#include <algorithm>
#include <string>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/krb5/krb5_message.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "krb5";
constexpr size_t kLengthBytes = 4;  ///< before each message in TCP, section 7.2.2
constexpr uint32_t kMaxMessage = 64 * 1024 - 8;
constexpr std::string_view kEmpty = "<empty>";

/// Text of at most kMaxName bytes, without allocation.
class NameText {
 public:
  explicit NameText(const std::optional<Krb5Name>& name) noexcept {
    if (!name || name->count == 0) add(kEmpty);
    for (size_t i = 0; name && i < name->count; ++i) {
      if (i > 0) add("/");
      add(name->parts[i]);
    }
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), len_}; }

 private:
  static constexpr size_t kMaxName = 512;
  void add(std::string_view part) noexcept {
    const size_t len = std::min(part.size(), kMaxName - len_);
    std::copy_n(part.data(), len, text_.data() + len_);
    len_ += len;
  }

  std::array<char, kMaxName> text_;
  size_t len_ = 0;
};

class Krb5 {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_UDP) {
      if (const auto message = parse_krb5(chunk.bytes)) show(flow, chunk, *message);
      return more(0);
    }
    if (chunk.bytes.size() < kLengthBytes) return more(0, kLengthBytes);
    const uint32_t len = be32(chunk.bytes, 0);
    if (len == 0 || len > kMaxMessage) return kDone;
    const size_t whole = kLengthBytes + len;
    if (chunk.bytes.size() < whole) return wait_for(chunk, whole);
    if (const auto message = parse_krb5(chunk.bytes.subspan(kLengthBytes, len)))
      show(flow, chunk, *message);
    return more(whole);
  }

 private:
  void show(const Flow& flow, const Chunk& chunk, const Krb5Message& message) noexcept {
    const bool is_request = message.type == Krb5Type::AsReq || message.type == Krb5Type::TgsReq;
    if (flow.wants(kEvent)) {
      Event event = flow.event(kEvent, chunk.direction, chunk.ts_ns);
      event.text("msg_type", krb5_type_text(message.type));
      if (message.type == Krb5Type::Error) show_error(event, message);
      event.text("cname", NameText(message.client).view());
      event.text("realm", message.realm.value_or(kEmpty));
      event.text("sname", NameText(message.service).view());
      show_encryption(event, message);
    }
    if (is_request) last_request_ = message.type;
  }

  void show_error(Event& event, const Krb5Message& message) const noexcept {
    event.text("failed_request",
               last_request_ == Krb5Type::Error ? "UNKNOWN" : krb5_type_text(last_request_));
    show_number(event, "error_code", *message.error_code, krb5_error_text(*message.error_code));
  }

  static void show_encryption(Event& event, const Krb5Message& message) noexcept {
    if (message.encryption)
      show_number(event, "encryption", *message.encryption,
                  krb5_encryption_text(*message.encryption));
    else
      event.text("encryption", "<none>");
    event.flag("weak_encryption", message.encryption && krb5_is_weak(*message.encryption));
    if (!message.ticket_encryption) return;
    show_number(event, "ticket_encryption", *message.ticket_encryption,
                krb5_encryption_text(*message.ticket_encryption));
    event.flag("ticket_weak_encryption", krb5_is_weak(*message.ticket_encryption));
  }

  static void show_number(Event& event, const char* key, int64_t number,
                          std::string_view name) noexcept {
    if (!name.empty()) return event.text(key, name);
    event.text(key, std::to_string(number));
  }

  Krb5Type last_request_ = Krb5Type::Error;  ///< Error: none yet
};

pktana_match framed(Bytes bytes) noexcept {
  if (bytes.size() <= kLengthBytes) return PKTANA_MAYBE;
  const uint32_t len = be32(bytes, 0);
  return len < 16 || len > kMaxMessage ? PKTANA_NO : probe_krb5(bytes.subspan(kLengthBytes));
}

pktana_match krb5(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, framed);
  return probe_krb5(probe.latest()) == PKTANA_YES ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {88, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kKrb5 = dissector_of<Krb5>({.name = "krb5",
                                                   .events = kEvents,
                                                   .tcp_ports = kPorts,
                                                   .udp_ports = kPorts,
                                                   .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                  probed<krb5>);

}  // namespace pktana::app::enterprise
