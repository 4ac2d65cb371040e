// SPDX-License-Identifier: Apache-2.0
#include "app/internet/mail/mail_content.h"

#include <algorithm>

#include "app/internet/text.h"

namespace pktana::app::internet::mail {

namespace {

// Up to the next comma that is in no quotes, taken from the front of `rest`.
std::string_view take_address(std::string_view& rest) noexcept {
  bool quoted = false;
  size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == ',' && !quoted) break;
  }
  const std::string_view address = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return address;
}

void add_addresses(std::vector<std::string>& list, std::string_view value) {
  while (!value.empty() && list.size() < MailContent::kMaxAddresses) {
    const std::string_view address = take_address(value);
    if (!address.empty()) list.emplace_back(address);
  }
}

void write_list(Object& email, const char* key, const std::vector<std::string>& list) noexcept {
  if (list.empty()) return;
  Array array = email.array(key);
  for (const std::string& text : list)
    array.add(text);
}

}  // namespace

std::string_view parameter_of(std::string_view value, std::string_view name) noexcept {
  (void)take_word(value, ';');
  while (!value.empty()) {
    std::string_view parameter = trimmed(take_word(value, ';'));
    if (!equal_ignoring_case(trimmed(take_word(parameter, '=')), name)) continue;
    parameter = trimmed(parameter);
    if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"')
      parameter = parameter.substr(1, parameter.size() - 2);
    return parameter;
  }
  return {};
}

void MailContent::on_line(std::string_view line) {
  if (place_ == Place::Nothing) place_ = Place::Head;
  if (place_ == Place::Body) {
    if (has_parts_ && line.starts_with("--")) place_ = Place::PartHead;
    return;
  }
  const bool goes_on = !line.empty() && (line[0] == ' ' || line[0] == '\t');
  if (!goes_on) {
    on_field();
    field_.clear();
  }
  if (line.empty()) {
    place_ = Place::Body;
    return;
  }
  if (goes_on) field_ += ' ';
  field_ += (goes_on ? trimmed(line) : line)
                .substr(0, kMaxFieldLen - std::min(field_.size(), kMaxFieldLen));
}

void MailContent::on_field() {
  std::string_view value = field_;
  const std::string_view name = trimmed(take_word(value, ':'));
  value = trimmed(value);
  if (place_ == Place::Head) {
    if (equal_ignoring_case(name, "from")) from_ = value;
    if (equal_ignoring_case(name, "to")) add_addresses(to_, value);
    if (equal_ignoring_case(name, "cc")) add_addresses(cc_, value);
  }
  if (equal_ignoring_case(name, "content-type"))
    has_parts_ = has_parts_ || starts_ignoring_case(value, "multipart/");
  if (!equal_ignoring_case(name, "content-disposition")) return;
  const std::string_view file = parameter_of(value, "filename");
  if (!file.empty() && attachments_.size() < kMaxAttachments) attachments_.emplace_back(file);
}

void MailContent::finish() {
  if (place_ == Place::Head || place_ == Place::PartHead) on_field();
  if (is_begun()) place_ = Place::Done;
}

void MailContent::write(Event& event) const noexcept {
  Object email = event.object_beside("email");
  email.text_if("from", from_);
  write_list(email, "to", to_);
  write_list(email, "cc", cc_);
  email.text("status", place_ == Place::Done   ? "PARSE_DONE"
                       : place_ == Place::Head ? "HEADER_STARTED"
                                               : "BODY_STARTED");
  write_list(email, "attachment", attachments_);
}

}  // namespace pktana::app::internet::mail
