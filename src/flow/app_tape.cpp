// SPDX-License-Identifier: Apache-2.0
#include "flow/app_tape.h"

#include <cstring>

namespace pktana::flow {
namespace {

// A node: kind (1 byte), key (pointer), length of the value (4 bytes), value.
constexpr size_t kKey = 1;
constexpr size_t kLength = kKey + sizeof(const char*);
constexpr size_t kValue = kLength + sizeof(uint32_t);

template <typename T>
T load(std::span<const uint8_t> bytes) noexcept {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

void TapeWriter::put(TapeKind kind, const char* key, const void* value, size_t len) {
  const size_t at = tape_.size();
  const auto length = static_cast<uint32_t>(len);
  tape_.resize(at + kValue + len);
  tape_[at] = static_cast<uint8_t>(kind);
  std::memcpy(&tape_[at + kKey], &key, sizeof key);
  std::memcpy(&tape_[at + kLength], &length, sizeof length);
  if (len > 0) std::memcpy(&tape_[at + kValue], value, len);
}

void TapeWriter::text(const char* key, std::string_view value) {
  put(TapeKind::Text, key, value.data(), value.size());
}

void TapeWriter::number(const char* key, uint64_t value) {
  put(TapeKind::Uint, key, &value, sizeof value);
}

void TapeWriter::signed_number(const char* key, int64_t value) {
  put(TapeKind::Int, key, &value, sizeof value);
}

void TapeWriter::real(const char* key, double value) {
  put(TapeKind::Real, key, &value, sizeof value);
}

void TapeWriter::flag(const char* key, bool value) {
  const uint64_t number = value ? 1 : 0;
  put(TapeKind::Bool, key, &number, sizeof number);
}

void TapeWriter::object_begin(const char* key) { put(TapeKind::ObjectBegin, key, nullptr, 0); }

void TapeWriter::array_begin(const char* key) { put(TapeKind::ArrayBegin, key, nullptr, 0); }

void TapeWriter::end() { put(TapeKind::End, nullptr, nullptr, 0); }

bool TapeReader::next(TapeNode& node) noexcept {
  if (rest_.size() < kValue) return false;
  node = {};
  node.kind = static_cast<TapeKind>(rest_[0]);
  node.key = load<const char*>(rest_.subspan(kKey));
  const auto length = load<uint32_t>(rest_.subspan(kLength));
  const auto value = rest_.subspan(kValue, length);
  switch (node.kind) {
    case TapeKind::Text:
      node.text = {reinterpret_cast<const char*>(value.data()), value.size()};
      break;
    case TapeKind::Uint:
    case TapeKind::Bool:
      node.number = load<uint64_t>(value);
      break;
    case TapeKind::Int:
      node.signed_number = load<int64_t>(value);
      break;
    case TapeKind::Real:
      node.real = load<double>(value);
      break;
    case TapeKind::ObjectBegin:
    case TapeKind::ArrayBegin:
    case TapeKind::End:
      break;
  }
  rest_ = rest_.subspan(kValue + length);
  return true;
}

}  // namespace pktana::flow
