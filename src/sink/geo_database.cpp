// SPDX-License-Identifier: Apache-2.0
#include "sink/geo_database.h"

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <utility>

#include <netinet/in.h>

#include <maxminddb.h>

namespace pktana::sink {
namespace {

std::string text_at(MMDB_entry_s& entry, std::initializer_list<const char*> path) {
  constexpr size_t kMaxDepth = 4;
  const char* words[kMaxDepth] = {};
  size_t count = 0;
  for (const char* word : path)
    if (count + 1 < kMaxDepth) words[count++] = word;
  MMDB_entry_data_s data{};
  if (MMDB_aget_value(&entry, &data, words) != MMDB_SUCCESS || !data.has_data ||
      data.type != MMDB_DATA_TYPE_UTF8_STRING)
    return {};
  return {data.utf8_string, data.data_size};
}

uint32_t number_at(MMDB_entry_s& entry, const char* name) {
  const char* words[] = {name, nullptr};
  MMDB_entry_data_s data{};
  if (MMDB_aget_value(&entry, &data, words) != MMDB_SUCCESS || !data.has_data) return 0;
  if (data.type == MMDB_DATA_TYPE_UINT32) return data.uint32;
  return data.type == MMDB_DATA_TYPE_UINT16 ? data.uint16 : 0;
}

MMDB_lookup_result_s find(const MMDB_s& database, const uint8_t* address, uint8_t ip_version,
                          int& error) {
  constexpr uint8_t kIpv4 = 4;
  if (ip_version == kIpv4) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    std::memcpy(&ipv4.sin_addr, address, sizeof ipv4.sin_addr);
    return MMDB_lookup_sockaddr(&database, reinterpret_cast<sockaddr*>(&ipv4), &error);
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  std::memcpy(&ipv6.sin6_addr, address, sizeof ipv6.sin6_addr);
  return MMDB_lookup_sockaddr(&database, reinterpret_cast<sockaddr*>(&ipv6), &error);
}

void fill(std::string& target, std::string found) {
  if (target.empty()) target = std::move(found);
}

}  // namespace

struct GeoDatabase::Handle {
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (is_open) MMDB_close(&database);
  }

  MMDB_s database{};
  bool is_open = false;
};

GeoDatabase::GeoDatabase(std::unique_ptr<Handle> handle) noexcept : handle_(std::move(handle)) {}
GeoDatabase::GeoDatabase(GeoDatabase&&) noexcept = default;
GeoDatabase& GeoDatabase::operator=(GeoDatabase&&) noexcept = default;
GeoDatabase::~GeoDatabase() = default;

base::Result<GeoDatabase> GeoDatabase::open(const std::string& path) {
  auto handle = std::make_unique<Handle>();
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &handle->database);
  const int error = errno;
  if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR)
    return base::fail(error, "open GeoIP database", path);
  if (status != MMDB_SUCCESS)
    return base::fail_input("GeoIP database",
                            path + " is broken or no .mmdb file: " + MMDB_strerror(status));
  handle->is_open = true;
  return GeoDatabase(std::move(handle));
}

void GeoDatabase::look_up(const uint8_t* address, uint8_t ip_version, GeoPlace& place) const {
  int error = MMDB_SUCCESS;
  MMDB_lookup_result_s found = find(handle_->database, address, ip_version, error);
  if (error != MMDB_SUCCESS || !found.found_entry) return;
  fill(place.country, text_at(found.entry, {"country", "iso_code"}));
  fill(place.country, text_at(found.entry, {"registered_country", "iso_code"}));
  fill(place.city, text_at(found.entry, {"city", "names", "en"}));
  fill(place.org, text_at(found.entry, {"autonomous_system_organization"}));
  if (place.asn == 0) place.asn = number_at(found.entry, "autonomous_system_number");
}

}  // namespace pktana::sink
