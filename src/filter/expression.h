// SPDX-License-Identifier: Apache-2.0
// Flow expressions: `src_ip in 10.0.0.0/8 and (bytes > 1MB or tcp.retransmits >= 3)`. One language
// for --where, outputs, queries and the control socket; docs/filters.md has the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "filter/field.h"

namespace pktana::filter {

struct FlowProgram;

/// What an expression is evaluated over, where that is no flow record.
class ValueSource {
 public:
  virtual ~ValueSource() = default;
  /// Adds the field's values to `out`, which is empty; none = the thing has no such field.
  virtual void get(const Field& field, Values& out) const noexcept = 0;
};

enum class ExpressionUse : uint8_t { Records, Logs };  ///< log lines have more fields

/// Compiled once. A test of a field without a value is false, also `!=` and `not in` (a flag
/// without one is false itself); of a field
/// with several values it is true if one of them passes, `!=` and `not in` if none is equal.
/// Threads: const, shareable.
class Expression {
 public:
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  /// Reads the files of sets (`@FILE`, from the working directory) as well.
  /// @return an Error with operation "flow filter"; its detail says what is wrong and, from its
  ///         second line on, shows the expression with a caret under the place.
  [[nodiscard]] static base::Result<Expression> compile(std::string_view text, ExpressionUse use);

  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  /// Cost: no allocation; each test once at most.
  [[nodiscard]] bool matches(const RecordView& view) const noexcept;
  [[nodiscard]] bool matches(const ValueSource& source) const noexcept;

  /// The answer, if what does not change from a flow's first packet on (addresses, ports, protocol,
  /// VLANs, interface, flow and community id) is enough for it.
  [[nodiscard]] std::optional<bool> settled_by_first_packet(const RecordView& view) const;

  /// Texts of which a log line that matches holds at least one, as they stand, unless it has a
  /// \u escape or writes whole numbers with an exponent. Empty: nothing is known.
  [[nodiscard]] const std::vector<std::string>& needles() const noexcept;

  /// Fields that are looked at, each once.
  [[nodiscard]] std::vector<const Field*> fields() const;

 private:
  explicit Expression(std::unique_ptr<FlowProgram> program) noexcept;

  std::unique_ptr<FlowProgram> program_;
};

}  // namespace pktana::filter
