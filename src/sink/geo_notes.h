// SPDX-License-Identifier: Apache-2.0
// Where both ends of a flow are, as `pktana.geo`: country, city, autonomous system.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sink/geo_database.h"
#include "sink/record_notes.h"

namespace pktana::sink {

/// Keeps the texts of addresses seen lately: a database is asked once for most.
class GeoNotes final : public RecordNotes {
 public:
  /// @param paths databases; what an earlier one knows is not asked of a later one.
  [[nodiscard]] static base::Result<GeoNotes> open(const std::vector<std::string>& paths);

  /// `,"geo":{"src":{"country":"DE","city":"Berlin","asn":64500,"org":"..."},"dest":{...}}`; an end
  /// of which nothing is known is left out, and so is the whole.
  char* put(char* out, const flow::FlowRecord& record) noexcept override;

 private:
  static constexpr size_t kMaxTextBytes = 608;
  static constexpr size_t kCacheSize = 4096;  ///< a power of two

  struct Entry {
    std::array<uint8_t, 16> address{};
    uint8_t ip_version = 0;  ///< 0 = free
    uint16_t length = 0;
    std::array<char, kMaxTextBytes> text;
  };

  explicit GeoNotes(std::vector<GeoDatabase> databases);

  /// The members of one end; empty = nothing is known. Lifetime: until the next call.
  [[nodiscard]] std::string_view text_of(const std::array<uint8_t, 16>& address,
                                         uint8_t ip_version) noexcept;
  void fill(Entry& entry) noexcept;

  std::vector<GeoDatabase> databases_;
  std::vector<Entry> cache_;
};

}  // namespace pktana::sink
