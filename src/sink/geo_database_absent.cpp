// SPDX-License-Identifier: Apache-2.0
// In place of geo_database.cpp where libmaxminddb is missing: no database can be opened.
#include "sink/geo_database.h"

namespace pktana::sink {

struct GeoDatabase::Handle {};

GeoDatabase::GeoDatabase(std::unique_ptr<Handle> handle) noexcept : handle_(std::move(handle)) {}
GeoDatabase::GeoDatabase(GeoDatabase&&) noexcept = default;
GeoDatabase& GeoDatabase::operator=(GeoDatabase&&) noexcept = default;
GeoDatabase::~GeoDatabase() = default;

base::Result<GeoDatabase> GeoDatabase::open(const std::string& path) {
  return base::fail_input("GeoIP database",
                          path + ": this pktana was built without libmaxminddb (-Dgeoip=enabled)");
}

void GeoDatabase::look_up(const uint8_t*, uint8_t, GeoPlace&) const {}

}  // namespace pktana::sink
