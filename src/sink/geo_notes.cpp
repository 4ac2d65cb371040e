// SPDX-License-Identifier: Apache-2.0
#include "sink/geo_notes.h"

#include <utility>

#include "base/bytes.h"
#include "sink/escape.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

constexpr size_t kMaxTextValue = 256;  ///< a city or an organisation, escaped
constexpr size_t kMaxCountry = 8;

char* put_member(char* out, std::string_view name, std::string_view value, size_t limit) noexcept {
  if (value.empty()) return out;
  out = put_text(put_text(put_literal(out, "\""), name), "\":\"");
  return put_literal(put_escaped(out, value, QuoteStyle::Json, limit), "\",");
}

/// The members, each with a comma behind it.
char* put_place(char* out, const GeoPlace& place) noexcept {
  out = put_member(out, "country", place.country, kMaxCountry);
  out = put_member(out, "city", place.city, kMaxTextValue);
  if (place.asn != 0) out = put_literal(put_decimal(put_literal(out, "\"asn\":"), place.asn), ",");
  return put_member(out, "org", place.org, kMaxTextValue);
}

size_t slot_of(const std::array<uint8_t, 16>& address) noexcept {
  const uint64_t mixed = base::load_raw<uint64_t>(address.data()) * 0x9E3779B97F4A7C15U ^
                         base::load_raw<uint64_t>(address.data() + 8) * 0xC2B2AE3D27D4EB4FU;
  return static_cast<size_t>(mixed >> 40);
}

}  // namespace

GeoNotes::GeoNotes(std::vector<GeoDatabase> databases)
    : databases_(std::move(databases)), cache_(kCacheSize) {}

base::Result<GeoNotes> GeoNotes::open(const std::vector<std::string>& paths) {
  std::vector<GeoDatabase> databases;
  for (const std::string& path : paths) {
    auto database = GeoDatabase::open(path);
    if (!database) return base::Unexpected(database.error());
    databases.push_back(std::move(*database));
  }
  return GeoNotes(std::move(databases));
}

void GeoNotes::fill(Entry& entry) noexcept {
  GeoPlace place;
  for (const GeoDatabase& database : databases_)
    database.look_up(entry.address.data(), entry.ip_version, place);
  const char* end = put_place(entry.text.data(), place);
  entry.length = static_cast<uint16_t>(end - entry.text.data());
  if (entry.length > 0) --entry.length;  // the last comma
}

std::string_view GeoNotes::text_of(const std::array<uint8_t, 16>& address,
                                   uint8_t ip_version) noexcept {
  if (is_local_address(address.data(), ip_version)) return {};
  Entry& entry = cache_[slot_of(address) % kCacheSize];
  if (entry.ip_version != ip_version || entry.address != address) {
    entry.address = address;
    entry.ip_version = ip_version;
    fill(entry);
  }
  return {entry.text.data(), entry.length};
}

char* GeoNotes::put(char* out, const flow::FlowRecord& record) noexcept {
  // Copied out at once: the other end may share the slot.
  char* const begin = out;
  out = put_literal(out, R"(,"geo":{)");
  char* const inside = out;
  if (const auto src = text_of(record.src, record.ip_version); !src.empty())
    out = put_literal(put_text(put_literal(out, R"("src":{)"), src), "}");
  if (const auto dest = text_of(record.dst, record.ip_version); !dest.empty()) {
    if (out != inside) *out++ = ',';
    out = put_literal(put_text(put_literal(out, R"("dest":{)"), dest), "}");
  }
  return out == inside ? begin : put_literal(out, "}");
}

}  // namespace pktana::sink
