// SPDX-License-Identifier: Apache-2.0
// A value of the configuration as it was written, and readers that make it what a key wants, with
// an error that says what to write.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace pktana::daemon {

/// What a TOML value can be here; Other stands for times, mixed arrays and the like.
struct OtherValue {};
using ConfigValue =
    std::variant<OtherValue, bool, int64_t, double, std::string, std::vector<std::string>>;

/// The value as TOML.
[[nodiscard]] std::string to_toml(const ConfigValue& value);

/// Text, in quotes and escaped, as TOML.
[[nodiscard]] std::string toml_string(const std::string& text);

[[nodiscard]] base::Result<void> read_bool(const ConfigValue& value, bool& out);
[[nodiscard]] base::Result<void> read_text(const ConfigValue& value, std::string& out);
/// One text is a list of one.
[[nodiscard]] base::Result<void> read_list(const ConfigValue& value, std::vector<std::string>& out);
/// "30s"; a number is seconds.
[[nodiscard]] base::Result<void> read_duration(const ConfigValue& value, int64_t& out_ns);
/// The same, above 0.
[[nodiscard]] base::Result<void> read_timeout(const ConfigValue& value, int64_t& out_ns);
/// "64MiB"; a number is bytes.
[[nodiscard]] base::Result<void> read_size(const ConfigValue& value, uint64_t& out_bytes);
/// A whole number, `low` to `high`.
[[nodiscard]] base::Result<int64_t> count_of(const ConfigValue& value, int64_t low, int64_t high);

/// "'x' is not one of a, b; did you mean a?"
[[nodiscard]] base::Error not_one_of(const std::string& word,
                                     const std::vector<std::string>& choices);

template <typename T>
[[nodiscard]] base::Result<void> read_count(const ConfigValue& value, int64_t low, int64_t high,
                                            T& out) {
  const auto count = count_of(value, low, high);
  if (!count) return base::Unexpected(count.error());
  out = static_cast<T>(*count);
  return {};
}

template <typename T>
[[nodiscard]] base::Result<void> read_choice(
    const ConfigValue& value, std::initializer_list<std::pair<const char*, T>> choices, T& out) {
  std::string word;
  if (auto read = read_text(value, word); !read) return read;
  std::vector<std::string> names;
  for (const auto& [name, meaning] : choices) {
    if (word == name) {
      out = meaning;
      return {};
    }
    names.emplace_back(name);
  }
  return base::Unexpected(not_one_of(word, names));
}

}  // namespace pktana::daemon
