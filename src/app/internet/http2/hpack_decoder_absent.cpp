// SPDX-License-Identifier: Apache-2.0
// Without libnghttp2: HTTP/2 is recognised and its settings and errors are shown, header blocks are
// not opened.
#include "app/internet/http2/hpack_decoder.h"

namespace pktana::app::internet::http2 {

HpackDecoder::~HpackDecoder() = default;

bool HpackDecoder::open() noexcept { return inflater_ != nullptr; }

bool HpackDecoder::decode(Bytes, HeaderList&) noexcept {
  failed_ = !open();
  return !failed_;
}

}  // namespace pktana::app::internet::http2
