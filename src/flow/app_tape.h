// SPDX-License-Identifier: Apache-2.0
// The fields of an application event as a flat tape of nodes: written by the application layer,
// walked by record writers and flow expressions. Begin and End nodes nest; the writer keeps them
// balanced.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pktana::flow {

inline constexpr unsigned kMaxTapeDepth = 16;  ///< nested objects and arrays

enum class TapeKind : uint8_t { Text, Uint, Int, Real, Bool, ObjectBegin, ArrayBegin, End };

/// One node. Lifetime: borrowed from the tape.
struct TapeNode {
  TapeKind kind = TapeKind::End;
  const char* key = nullptr;  ///< null in arrays and for End; a literal
  std::string_view text;      ///< Text: raw bytes, may be anything
  uint64_t number = 0;        ///< Uint; Bool: 0 or 1
  int64_t signed_number = 0;  ///< Int
  double real = 0;            ///< Real
};

/// Appends nodes. The vector's capacity is kept from event to event.
class TapeWriter {
 public:
  explicit TapeWriter(std::vector<uint8_t>& tape) noexcept : tape_(tape) {}

  void text(const char* key, std::string_view value);
  void number(const char* key, uint64_t value);
  void signed_number(const char* key, int64_t value);
  void real(const char* key, double value);
  void flag(const char* key, bool value);
  void object_begin(const char* key);
  void array_begin(const char* key);
  void end();

 private:
  std::vector<uint8_t>& tape_;
};

/// Walks the nodes of a tape in order.
class TapeReader {
 public:
  explicit TapeReader(std::span<const uint8_t> tape) noexcept : rest_(tape) {}

  /// False behind the last node.
  [[nodiscard]] bool next(TapeNode& node) noexcept;

 private:
  std::span<const uint8_t> rest_;
};

}  // namespace pktana::flow
