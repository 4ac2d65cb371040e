// SPDX-License-Identifier: Apache-2.0
#include "cli/json_text.h"

#include "sink/escape.h"

namespace pktana::cli {

std::string json_string(std::string_view text) {
  constexpr size_t kMaxEscapeBytes = 6;
  std::string out(text.size() * kMaxEscapeBytes + 2, '"');
  const char* end = sink::put_escaped(out.data() + 1, text, sink::QuoteStyle::Json, out.size() - 2);
  out.resize(static_cast<size_t>(end - out.data()));
  return out + '"';
}

}  // namespace pktana::cli
