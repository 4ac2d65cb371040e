// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http2/hpack_decoder.h"

namespace pktana::app::internet::http2 {

void HeaderList::add(std::string_view name, std::string_view value) noexcept {
  if (fields_.size() >= kMaxFields) return;
  if (bytes_ + name.size() + value.size() > kMaxBytes) {
    name = name.substr(0, kBriefBytes);
    value = value.substr(0, kBriefBytes);
  }
  bytes_ += name.size() + value.size();
  fields_.push_back({.name = std::string(name), .value = std::string(value)});
}

void HeaderList::add_table_size(uint64_t size) noexcept {
  if (fields_.size() < kMaxFields) fields_.push_back({.table_size = static_cast<int64_t>(size)});
}

std::string_view HeaderList::find(std::string_view name) const noexcept {
  std::string_view found;
  for (const HeaderField& field : fields_)
    if (field.table_size < 0 && field.name == name) found = field.value;
  return found;
}

}  // namespace pktana::app::internet::http2
