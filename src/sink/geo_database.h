// SPDX-License-Identifier: Apache-2.0
// One database in MaxMind's format (country, city or ASN), read through libmaxminddb. The one
// header that knows that library.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace pktana::sink {

/// What is known of an address; empty or 0 = nothing.
struct GeoPlace {
  std::string country;  ///< ISO 3166-1, two letters
  std::string city;     ///< its English name
  std::string org;      ///< who runs the autonomous system
  uint32_t asn = 0;
};

class GeoDatabase {
 public:
  /// @return an Error that names the file when it is no database, is cut short, or when this
  /// build knows none.
  [[nodiscard]] static base::Result<GeoDatabase> open(const std::string& path);

  GeoDatabase(GeoDatabase&&) noexcept;
  GeoDatabase& operator=(GeoDatabase&&) noexcept;
  ~GeoDatabase();

  /// Adds what this database knows and `place` does not.
  /// @param address 16 bytes, IPv4 in the first four.
  void look_up(const uint8_t* address, uint8_t ip_version, GeoPlace& place) const;

 private:
  struct Handle;
  explicit GeoDatabase(std::unique_ptr<Handle> handle) noexcept;

  std::unique_ptr<Handle> handle_;
};

/// Addresses that no such database knows: private, loopback, link-local, multicast, unspecified.
[[nodiscard]] bool is_local_address(const uint8_t* address, uint8_t ip_version) noexcept;

}  // namespace pktana::sink
