// SPDX-License-Identifier: Apache-2.0
#include "sink/tape_text.h"

#include <charconv>
#include <cmath>

#include "sink/escape.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::TapeKind;
using flow::TapeNode;

constexpr size_t kMaxEscape = 6;  ///< bytes that one byte of text may become
/// What can still be needed behind a text: its quote, everything open closed, one escape tried.
constexpr size_t kBehindText = 1 + flow::kMaxTapeDepth + 1 + kMaxEscape;
static_assert(TapeText::kLeastRoom > TapeText::kMaxKeyBytes + 4 + 32 + kBehindText / 2);

}  // namespace

void TapeText::put(std::span<const uint8_t> tape) noexcept {
  const size_t outside = depth_;
  flow::TapeReader reader(tape);
  TapeNode node;
  while (!cut_ && reader.next(node)) {
    if (node.kind == TapeKind::End) {
      if (depth_ > outside) close();
      continue;
    }
    const bool begins = node.kind == TapeKind::ObjectBegin || node.kind == TapeKind::ArrayBegin;
    cut_ = room() < kLeastRoom || (begins && depth_ == closing_.size());
    if (cut_) break;
    if (out_[-1] != '{' && out_[-1] != '[') *out_++ = ',';
    if (node.key != nullptr) put_key(node.key);
    put_value(node);
  }
  while (depth_ > outside)
    close();
}

size_t TapeText::room() const noexcept {
  return out_ < limit_ ? static_cast<size_t>(limit_ - out_) : 0;
}

void TapeText::put_key(const char* key) noexcept {
  *out_++ = '"';
  out_ = put_escaped(out_, key, QuoteStyle::Json, kMaxKeyBytes);
  out_ = put_literal(out_, "\":");
}

void TapeText::put_value(const TapeNode& node) noexcept {
  switch (node.kind) {
    case TapeKind::Text:
      put_string(node.text);
      break;
    case TapeKind::Uint:
      out_ = put_decimal(out_, node.number);
      break;
    case TapeKind::Int:
      if (node.signed_number < 0) *out_++ = '-';
      out_ = put_decimal(out_, node.signed_number < 0
                                   ? uint64_t{0} - static_cast<uint64_t>(node.signed_number)
                                   : static_cast<uint64_t>(node.signed_number));
      break;
    case TapeKind::Real:
      put_real(node.real);
      break;
    case TapeKind::Bool:
      out_ = node.number != 0 ? put_literal(out_, "true") : put_literal(out_, "false");
      break;
    case TapeKind::ObjectBegin:
      *out_++ = '{';
      closing_[depth_++] = '}';
      break;
    case TapeKind::ArrayBegin:
      *out_++ = '[';
      closing_[depth_++] = ']';
      break;
    case TapeKind::End:
      break;
  }
}

void TapeText::put_string(std::string_view text) noexcept {
  *out_++ = '"';
  const size_t limit = room() > kBehindText ? room() - kBehindText : 0;
  char* const end = put_escaped(out_, text, QuoteStyle::Json, limit);
  // It stopped short of the limit by less than an escape: because that did not fit, or at the end?
  if (limit - static_cast<size_t>(end - out_) < kMaxEscape)
    cut_ = put_escaped(out_, text, QuoteStyle::Json, limit + kMaxEscape) != end;
  out_ = end;
  *out_++ = '"';
}

/// JSON has no word for what is no number.
void TapeText::put_real(double value) noexcept {
  if (!std::isfinite(value)) {
    out_ = put_literal(out_, "null");
    return;
  }
  out_ = std::to_chars(out_, out_ + 32, value).ptr;
}

}  // namespace pktana::sink
