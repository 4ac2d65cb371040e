// SPDX-License-Identifier: Apache-2.0
// Names of interfaces or capture files as a writer puts them on its lines: looked up and escaped
// once each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "sink/escape.h"

namespace pktana::sink {

/// One thread. Lifetime: `names` must outlive this; null = no names.
class SourceNames {
 public:
  /// A name comes out as `before`, the escaped name, `after`.
  SourceNames(const base::NameTable* names, QuoteStyle style, std::string before,
              std::string after);

  /// Empty when the number has no name (yet). Lifetime: until the next call.
  [[nodiscard]] std::string_view text(uint16_t source_id) {
    if (source_id < texts_.size() && !texts_[source_id].empty()) return texts_[source_id];
    return look_up(source_id);
  }

 private:
  std::string_view look_up(uint16_t source_id);

  const base::NameTable* names_;
  QuoteStyle style_;
  std::string before_;
  std::string after_;
  std::vector<std::string> texts_;
};

/// Escaped for JSON, cut at kMaxHostBytes.
[[nodiscard]] std::string escaped_host(std::string_view host);

/// put_escaped() into a string; for names, not for records.
[[nodiscard]] std::string escaped_name(std::string_view name, QuoteStyle style);

}  // namespace pktana::sink
