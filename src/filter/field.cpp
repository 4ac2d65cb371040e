// SPDX-License-Identifier: Apache-2.0
#include "filter/field.h"

#include <algorithm>

#include "filter/field_groups.h"

namespace pktana::filter {
namespace {

char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_word(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

std::vector<const Field*> collect() {
  std::vector<const Field*> all;
  for (const auto group : {endpoint_fields(), flow_fields(), tcp_fields(), application_fields()})
    for (const Field& field : group)
      all.push_back(&field);
  return all;
}

}  // namespace

std::string_view to_string(FieldType type) noexcept {
  switch (type) {
    case FieldType::Number:
      return "number";
    case FieldType::Size:
      return "size";
    case FieldType::Duration:
      return "duration";
    case FieldType::Time:
      return "time";
    case FieldType::Port:
      return "port";
    case FieldType::Address:
      return "address";
    case FieldType::Word:
      return "word";
    case FieldType::Text:
      return "text";
    case FieldType::Flag:
      return "flag";
    case FieldType::TcpFlags:
      return "tcp flags";
  }
  return "unknown";
}

std::string_view unit_of(const Field& field) noexcept {
  switch (field.type) {
    case FieldType::Size:
      return "bytes";
    case FieldType::Duration:
      return "s";
    case FieldType::Time:
      return "UTC";
    default:
      return "";
  }
}

std::span<const Field* const> all_fields() noexcept {
  static const std::vector<const Field*> kAll = collect();
  return kAll;
}

const Field* find_field(std::string_view name) noexcept {
  for (const Field* field : all_fields())
    if (field->name == name) return field;
  return nullptr;
}

int find_word(const Field& field, std::string_view word) noexcept {
  for (size_t i = 0; i < field.words.size(); ++i)
    if (same_word(field.words[i], word)) return static_cast<int>(i);
  return -1;
}

}  // namespace pktana::filter
