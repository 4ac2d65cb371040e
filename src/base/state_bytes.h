// SPDX-License-Identifier: Apache-2.0
// Plain values one behind another in a buffer, for state that another process of the same build
// goes on with: no portable format. Reading never goes beyond the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"

namespace pktana::base {

class StateWriter {
 public:
  template <typename T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
  }
  void put_text(std::string_view text) {
    put(static_cast<uint32_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }
  /// Replaces a value that was put at this place.
  template <typename T>
  void put_at(size_t place, const T& value) {
    std::memcpy(bytes_.data() + place, &value, sizeof value);
  }

  [[nodiscard]] size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }  ///< the memory is kept

 private:
  std::vector<uint8_t> bytes_;
};

class StateReader {
 public:
  explicit StateReader(Bytes bytes) noexcept : rest_(bytes) {}

  /// False: there is no more; from then on it stays so.
  template <typename T>
  [[nodiscard]] bool get(T& value) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    if (rest_.size() < sizeof value) {
      rest_ = {};
      return false;
    }
    std::memcpy(static_cast<void*>(&value), rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return true;
  }
  [[nodiscard]] bool get_bytes(std::vector<uint8_t>& bytes) {
    uint64_t size = 0;
    if (!get(size) || rest_.size() < size) return false;
    bytes.assign(rest_.begin(), rest_.begin() + static_cast<ptrdiff_t>(size));
    rest_ = rest_.subspan(size);
    return true;
  }
  [[nodiscard]] bool get_text(std::string& text) {
    uint32_t size = 0;
    if (!get(size) || rest_.size() < size) return false;
    text.assign(reinterpret_cast<const char*>(rest_.data()), size);
    rest_ = rest_.subspan(size);
    return true;
  }

 private:
  Bytes rest_;
};

}  // namespace pktana::base
