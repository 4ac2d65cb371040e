// SPDX-License-Identifier: Apache-2.0
// The fields that flow expressions know: one table of names, types and where each is found, in a
// flow record and in a log line. docs/filters.md and `pktana fields` are made of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filter/address.h"
#include "flow/flow_record.h"

namespace pktana::filter {

enum class FieldType : uint8_t {
  Number,
  Size,      ///< bytes
  Duration,  ///< ns
  Time,      ///< ns since 1970
  Port,
  Address,
  Word,  ///< one of a list of words; the value is its index
  Text,
  Flag,      ///< true or false
  TcpFlags,  ///< bits of the TCP header
};
[[nodiscard]] std::string_view to_string(FieldType type) noexcept;  ///< "number", "size", ...

/// One value of a field. Which member holds it is the type's: `address`, `text`, or else `number`.
/// From a log line `text` is also the text of addresses, words and times, as it stands there.
struct Value {
  int64_t number;
  Address address;
  std::string_view text;
};

/// The values of one field; most have one, `ip` and `port` have two, `vlan` up to three, lists in a
/// log line up to kMax. Lifetime: texts borrow from the record, the line or `scratch`.
struct Values {
  static constexpr unsigned kMax = 16;

  unsigned count = 0;
  std::array<Value, kMax> value;  // PERF NOTE: not cleared: only the first `count` are read
  std::array<char, 64> scratch;

  void add_number(int64_t number) noexcept {
    if (count < kMax) value[count++].number = number;
  }
  void add_count(uint64_t number) noexcept {
    add_number(number > INT64_MAX ? INT64_MAX : static_cast<int64_t>(number));
  }
  void add_text(std::string_view text) noexcept {
    if (count < kMax) value[count++].text = text;
  }
  void add_address(Address address) noexcept {
    if (count < kMax) value[count++].address = address;
  }
};

/// What belongs to a record but does not stand in it. Threads: as the implementation says.
class RecordNames {
 public:
  virtual ~RecordNames() = default;
  /// Interface or capture file. Lifetime: until the run ends.
  [[nodiscard]] virtual std::string_view source(uint16_t source_id) const noexcept = 0;
  /// Writes the Community ID, at most `out.size()` bytes, and returns it.
  [[nodiscard]] virtual std::string_view community_id(const flow::FlowRecord& record,
                                                      std::span<char> out) const noexcept = 0;
};

struct RecordView {
  const flow::FlowRecord& record;
  const RecordNames* names = nullptr;  ///< null: fields that need it have no value
};

/// Where a log line has the field. Several paths: the first that is there, their sum, or all.
struct LogPlace {
  enum class Combine : uint8_t { First, Sum, All, TimeSpan };
  static constexpr size_t kMaxPaths = 2;

  std::array<std::string_view, kMaxPaths> paths{};  ///< "flow.bytes_toserver"; empty = no more
  Combine combine = Combine::First;
  int64_t scale = 1;  ///< from the unit of the log to ns
};

struct Field {
  std::string_view name;
  FieldType type = FieldType::Number;
  std::string_view help;                              ///< one line
  LogPlace log;                                       ///< every field has one
  void (*get)(const RecordView&, Values&) = nullptr;  ///< null: logs only, unless in_event
  std::span<const std::string_view> words = {};       ///< Word only
  bool in_event = false;  ///< of application events, where `log` says (event_values.h)

  [[nodiscard]] bool of_records() const noexcept { return get != nullptr || in_event; }
};

/// Unit that numbers of the type are written in and may be given with: "bytes", "s", "UTC", "".
[[nodiscard]] std::string_view unit_of(const Field& field) noexcept;

/// All fields, in the order of the documentation.
[[nodiscard]] std::span<const Field* const> all_fields() noexcept;

/// Null: no such field.
[[nodiscard]] const Field* find_field(std::string_view name) noexcept;

/// Index of a word of the field, upper and lower case alike; -1 = none.
[[nodiscard]] int find_word(const Field& field, std::string_view word) noexcept;

}  // namespace pktana::filter
