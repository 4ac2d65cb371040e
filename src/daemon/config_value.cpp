// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_value.h"

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/units.h"

namespace pktana::daemon {
namespace {

base::Unexpected wants(const char* what, const ConfigValue& value) {
  return base::fail_input("", fmt::format("{} is not {}", to_toml(value), what));
}

std::string list_to_toml(const std::vector<std::string>& list) {
  std::string text = "[";
  for (const std::string& one : list)
    text += (text.size() > 1 ? ", " : "") + toml_string(one);
  return text + "]";
}

/// Text with a unit, or a number without one, as the readers of base/units.h take it.
base::Result<std::string> unit_text(const ConfigValue& value, const char* what) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&value); number != nullptr && *number >= 0)
    return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value); number != nullptr && *number >= 0)
    return fmt::format("{:f}", *number);
  return wants(what, value);
}

}  // namespace

std::string toml_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string to_toml(const ConfigValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return toml_string(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return list_to_toml(*list);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return "this value";
}

base::Result<void> read_bool(const ConfigValue& value, bool& out) {
  const auto* flag = std::get_if<bool>(&value);
  if (flag == nullptr) return wants("true or false", value);
  out = *flag;
  return {};
}

base::Result<void> read_text(const ConfigValue& value, std::string& out) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return wants("text in quotes", value);
  out = *text;
  return {};
}

base::Result<void> read_list(const ConfigValue& value, std::vector<std::string>& out) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    out = {*text};
    return {};
  }
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (list == nullptr) return wants("a list of texts, as in [\"a\", \"b\"]", value);
  out = *list;
  return {};
}

base::Result<void> read_duration(const ConfigValue& value, int64_t& out_ns) {
  const auto text = unit_text(value, "a time: write \"30s\", \"500ms\", \"10m\" or \"2h\"");
  if (!text) return base::Unexpected(text.error());
  const auto duration = base::parse_duration_ns(*text);
  if (!duration) return base::Unexpected(duration.error());
  out_ns = *duration;
  return {};
}

base::Result<void> read_timeout(const ConfigValue& value, int64_t& out_ns) {
  int64_t read_ns = 0;
  if (auto read = read_duration(value, read_ns); !read) return read;
  if (read_ns == 0) return base::fail_input("", "must be above 0");
  out_ns = read_ns;
  return {};
}

base::Result<void> read_size(const ConfigValue& value, uint64_t& out_bytes) {
  const auto text = unit_text(value, "a size: write \"64KiB\", \"16MiB\" or \"1GB\"");
  if (!text) return base::Unexpected(text.error());
  const auto size = base::parse_size_bytes(*text);
  if (!size) return base::Unexpected(size.error());
  out_bytes = *size;
  return {};
}

base::Result<int64_t> count_of(const ConfigValue& value, int64_t low, int64_t high) {
  const auto* number = std::get_if<int64_t>(&value);
  if (number != nullptr && *number >= low && *number <= high) return *number;
  return base::fail_input(
      "", fmt::format("{} is not a whole number from {} to {}", to_toml(value), low, high));
}

base::Error not_one_of(const std::string& word, const std::vector<std::string>& choices) {
  std::string list;
  for (const std::string& choice : choices)
    list += (list.empty() ? "" : ", ") + choice;
  return base::input_error(
      "", toml_string(word) + " is not one of " + list + base::suggestion(word, choices));
}

}  // namespace pktana::daemon
