// SPDX-License-Identifier: Apache-2.0
#include "sink/source_names.h"

#include <utility>

namespace pktana::sink {

SourceNames::SourceNames(const base::NameTable* names, QuoteStyle style, std::string before,
                         std::string after)
    : names_(names), style_(style), before_(std::move(before)), after_(std::move(after)) {}

std::string_view SourceNames::look_up(uint16_t source_id) {
  if (names_ == nullptr) return {};
  const std::string_view name = names_->at(source_id);
  if (name.empty()) return {};
  if (source_id >= texts_.size()) texts_.resize(size_t{source_id} + 1);
  texts_[source_id] = before_ + escaped_name(name, style_) + after_;
  return texts_[source_id];
}

namespace {
std::string escaped(std::string_view name, QuoteStyle style, size_t limit) {
  std::string text(limit, '\0');
  const char* end = put_escaped(text.data(), name, style, text.size());
  text.resize(static_cast<size_t>(end - text.data()));
  return text;
}
}  // namespace

std::string escaped_host(std::string_view host) {
  return escaped(host, QuoteStyle::Json, kMaxHostBytes);
}

std::string escaped_name(std::string_view name, QuoteStyle style) {
  return escaped(name, style, kMaxNameBytes);
}

}  // namespace pktana::sink
