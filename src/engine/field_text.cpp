// SPDX-License-Identifier: Apache-2.0
#include "engine/field_text.h"

#include <array>

#include "base/clock.h"
#include "sink/text.h"

namespace pktana::engine {
namespace {

using filter::Field;
using filter::FieldType;
using filter::Value;

constexpr size_t kTextRoom = 64;

template <typename Put>
std::string put_text(const Put& put) {
  std::array<char, kTextRoom> text{};
  const char* end = put(text.data());
  return {text.data(), static_cast<size_t>(end - text.data())};
}

std::string address_text(const filter::Address& address) {
  std::array<uint8_t, 16> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint64_t word = i < 8 ? address.high : address.low;
    bytes[i] = static_cast<uint8_t>(word >> (56 - 8 * (i % 8)));
  }
  const bool ipv4 = address.is_ipv4();
  return put_text([&](char* out) {
    return ipv4 ? sink::put_ipv4(out, &bytes[12]) : sink::put_ipv6(out, bytes.data());
  });
}

/// "1.5s", to the nanosecond.
std::string duration_text(int64_t ns) {
  std::string text = std::to_string(ns / base::kNsPerSecond);
  if (const int64_t rest = ns % base::kNsPerSecond; rest > 0) {
    std::string digits = std::to_string(base::kNsPerSecond + rest);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits.substr(1);
  }
  return text + "s";
}

std::string flags_text(int64_t bits) {
  constexpr std::array<std::string_view, 8> kNames{"fin", "syn", "rst", "psh",
                                                   "ack", "urg", "ece", "cwr"};
  std::string text;
  for (size_t bit = 0; bit < kNames.size(); ++bit)
    if ((bits >> bit & 1) != 0) text += (text.empty() ? "" : " ") + std::string(kNames[bit]);
  return text.empty() ? "none" : text;
}

std::string text_of(const Field& field, const Value& value) {
  switch (field.type) {
    case FieldType::Address:
      return address_text(value.address);
    case FieldType::Text:
      return std::string(value.text);
    case FieldType::Duration:
      return duration_text(value.number);
    case FieldType::Time:
      return put_text([&](char* out) { return sink::TimestampText().put(out, value.number); });
    case FieldType::Flag:
      return value.number != 0 ? "true" : "false";
    case FieldType::TcpFlags:
      return flags_text(value.number);
    case FieldType::Word: {
      const auto index = static_cast<size_t>(value.number);
      if (index < field.words.size() && !field.words[index].empty())
        return std::string(field.words[index]);
      break;
    }
    case FieldType::Number:
    case FieldType::Size:
    case FieldType::Port:
      break;
  }
  return std::to_string(value.number);
}

/// `ip`, `port` and the like say again what other fields say; how a flow ended is not known yet.
bool is_wanted(const Field& field) noexcept {
  return field.get != nullptr && field.name != "ip" && field.name != "port" &&
         field.name != "end_reason" && field.name != "event_type";
}

}  // namespace

std::vector<FieldText> field_texts(const filter::RecordView& view) {
  std::vector<FieldText> texts;
  filter::Values values;
  for (const Field* field : filter::all_fields()) {
    if (!is_wanted(*field)) continue;
    values.count = 0;
    field->get(view, values);
    if (values.count == 0) continue;
    std::string text;
    for (unsigned i = 0; i < values.count; ++i)
      text += (i > 0 ? ", " : "") + text_of(*field, values.value[i]);
    texts.push_back({.name = field->name, .text = std::move(text)});
  }
  return texts;
}

}  // namespace pktana::engine
