// SPDX-License-Identifier: Apache-2.0
// HPACK (RFC 7541): header blocks of one direction of an HTTP/2 connection to fields. Wraps
// libnghttp2's inflater; a build without the library opens no blocks.
#pragma once

#include <string>
#include <vector>

#include "app/dissector.h"

struct nghttp2_hd_inflater;

namespace pktana::app::internet::http2 {

/// A field, or (table_size >= 0) a change of the dynamic table's size.
struct HeaderField {
  std::string name;
  std::string value;
  int64_t table_size = -1;
};

/// Fields of a message, up to a bound.
class HeaderList {
 public:
  static constexpr size_t kMaxBytes = 8192;
  static constexpr size_t kMaxFields = 128;
  static constexpr size_t kBriefBytes = 64;  ///< of names and values that go over kMaxBytes

  /// More fields than kMaxFields are left out.
  void add(std::string_view name, std::string_view value) noexcept;
  void add_table_size(uint64_t size) noexcept;
  /// The last value of a name; empty if there is none.
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
  [[nodiscard]] const std::vector<HeaderField>& fields() const noexcept { return fields_; }

 private:
  std::vector<HeaderField> fields_;
  size_t bytes_ = 0;
};

class HpackDecoder {
 public:
  /// Of a dynamic table, the only thing kept from block to block.
  static constexpr size_t kMaxTableBytes = 65536;

  HpackDecoder() noexcept = default;
  ~HpackDecoder();
  HpackDecoder(const HpackDecoder&) = delete;
  HpackDecoder& operator=(const HpackDecoder&) = delete;

  /// Adds the fields of a whole header block to `list`. False if the block is malformed, or an
  /// earlier one was: the table is not known any more.
  [[nodiscard]] bool decode(Bytes block, HeaderList& list) noexcept;

 private:
  [[nodiscard]] bool open() noexcept;

  nghttp2_hd_inflater* inflater_ = nullptr;
  bool failed_ = false;
};

}  // namespace pktana::app::internet::http2
