// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http2/hpack_decoder.h"

#include <nghttp2/nghttp2.h>

namespace pktana::app::internet::http2 {

namespace {

constexpr uint8_t kSizeUpdateMask = 0xe0;  // RFC 7541 section 6.3
constexpr uint8_t kSizeUpdate = 0x20;
constexpr uint8_t kPrefix = 0x1f;
constexpr unsigned kMaxUpdates = 4;  // RFC 7541 section 4.2 has two at most
constexpr unsigned kMaxShift = 28;

std::string_view text_of_buffer(const nghttp2_nv& field, bool name) noexcept {
  return {reinterpret_cast<const char*>(name ? field.name : field.value),
          name ? field.namelen : field.valuelen};
}

// The library applies changes of the table's size without telling.
void note_size_updates(Bytes block, HeaderList& list) noexcept {
  size_t at = 0;
  for (unsigned i = 0; i < kMaxUpdates && at < block.size(); ++i) {
    if ((block[at] & kSizeUpdateMask) != kSizeUpdate) return;
    uint64_t size = block[at++] & kPrefix;
    if (size == kPrefix) {
      for (unsigned shift = 0; shift <= kMaxShift && at < block.size(); shift += 7) {
        size += uint64_t{block[at] & 0x7fu} << shift;
        if ((block[at++] & 0x80) == 0) break;
      }
    }
    list.add_table_size(size);
  }
}

}  // namespace

HpackDecoder::~HpackDecoder() {
  if (inflater_ != nullptr) nghttp2_hd_inflate_del(inflater_);
}

// The decoder's side has told the encoder how large the table may be; what it told is not waited
// for, the bound is ours.
bool HpackDecoder::open() noexcept {
  if (inflater_ != nullptr) return true;
  return nghttp2_hd_inflate_new(&inflater_) == 0 &&
         nghttp2_hd_inflate_change_table_size(inflater_, kMaxTableBytes) == 0;
}

bool HpackDecoder::decode(Bytes block, HeaderList& list) noexcept {
  if (failed_ || !open()) return false;
  note_size_updates(block, list);
  failed_ = true;
  while (true) {
    nghttp2_nv field;
    int flags = 0;
    const ssize_t used =
        nghttp2_hd_inflate_hd2(inflater_, &field, &flags, block.data(), block.size(), 1);
    if (used < 0) return false;
    block = block.subspan(static_cast<size_t>(used));
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
      list.add(text_of_buffer(field, true), text_of_buffer(field, false));
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && block.empty()) return false;
  }
  failed_ = nghttp2_hd_inflate_end_headers(inflater_) != 0;
  return !failed_;
}

}  // namespace pktana::app::internet::http2
