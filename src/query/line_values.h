// SPDX-License-Identifier: Apache-2.0
// The values that a query needs of a log line, taken out of its JSON in one pass. The one place
// that knows simdjson.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "filter/expression.h"

namespace pktana::query {

/// Threads: one.
class LineValues final : public filter::ValueSource {
 public:
  /// @param fields those that will be asked for; others have no value.
  explicit LineValues(const std::vector<const filter::Field*>& fields);
  ~LineValues() override;
  LineValues(const LineValues&) = delete;
  LineValues& operator=(const LineValues&) = delete;

  /// @param line one JSON object; PartReader::kPadding bytes behind it are readable.
  /// @return false: no JSON object, as far as was read. Values: until the next call.
  [[nodiscard]] bool parse(std::string_view line) noexcept;

  /// The whole line is valid JSON: for one that may be torn. Slower than parse().
  [[nodiscard]] bool is_whole(std::string_view line) noexcept;

  void get(const filter::Field& field, filter::Values& out) const noexcept override;

 private:
  struct Parsers;
  struct Walk;

  /// A scalar as it stands in the line.
  struct Raw {
    enum class Kind : uint8_t { Text, Whole, Real, Flag };
    Kind kind = Kind::Text;
    int64_t whole = 0;
    double real = 0;
    std::string_view text;  ///< unescaped; of a number as it stands there
  };
  struct Slot {
    std::string_view path;
    unsigned count = 0;
    std::array<Raw, filter::Values::kMax> raw;
  };
  /// Keys on the way to the slots.
  struct Node {
    std::string_view key;
    int slot = -1;
    std::vector<uint32_t> children;
  };

  void add_path(std::string_view path);
  [[nodiscard]] const Slot* find_slot(std::string_view path) const noexcept;

  std::unique_ptr<Parsers> parsers_;
  std::vector<Node> nodes_;  ///< [0] is the line
  std::vector<Slot> slots_;
};

}  // namespace pktana::query
