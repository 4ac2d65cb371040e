// SPDX-License-Identifier: Apache-2.0
// gzip and zstd for tests, where the build has them. Users link zlib and libzstd.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "config.h"

#if PKTANA_HAVE_ZLIB
#include <zlib.h>
#endif
#if PKTANA_HAVE_ZSTD
#include <zstd.h>
#endif

namespace pktana::support {

#if PKTANA_HAVE_ZLIB
[[nodiscard]] inline std::vector<uint8_t> gzip(const std::vector<uint8_t>& plain) {
  constexpr int kGzipWindow = 15 + 16;
  z_stream stream{};
  if (::deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    std::abort();
  std::vector<uint8_t> packed(::deflateBound(&stream, plain.size()) + 32);
  stream.next_in = const_cast<uint8_t*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}
#endif

#if PKTANA_HAVE_ZSTD
[[nodiscard]] inline std::vector<uint8_t> zstd(const std::vector<uint8_t>& plain) {
  std::vector<uint8_t> packed(::ZSTD_compressBound(plain.size()));
  const size_t size = ::ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3);
  if (::ZSTD_isError(size) != 0) std::abort();
  packed.resize(size);
  return packed;
}
#endif

}  // namespace pktana::support
