// SPDX-License-Identifier: Apache-2.0
// What an event shows of a mail's content (RFC 5322, RFC 2045): who it is from and for, and the
// names of its attachments. Fed line by line; nothing of the text is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::internet::mail {

class MailContent {
 public:
  static constexpr size_t kMaxFieldLen = 2048;  ///< of a header field, its folded lines joined
  static constexpr size_t kMaxAddresses = 64;   ///< of "to", of "cc"
  static constexpr size_t kMaxAttachments = 32;

  /// The next line of the content, without its end and with the dot that SMTP puts in front of
  /// dots.
  void on_line(std::string_view line);
  /// The content is complete.
  void finish();
  [[nodiscard]] bool is_begun() const noexcept { return place_ != Place::Nothing; }

  /// The object "email" of EVE, beside the event.
  void write(Event& event) const noexcept;

 private:
  enum class Place : uint8_t { Nothing, Head, Body, PartHead, Done };

  void on_field();

  Place place_ = Place::Nothing;
  bool has_parts_ = false;
  std::string field_;  // the one that is being read
  std::string from_;
  std::vector<std::string> to_;
  std::vector<std::string> cc_;
  std::vector<std::string> attachments_;
};

/// The value of a parameter of a field (`attachment; filename="a.txt"`), without quotes; empty if
/// it has none of that name.
[[nodiscard]] std::string_view parameter_of(std::string_view value, std::string_view name) noexcept;

}  // namespace pktana::app::internet::mail
