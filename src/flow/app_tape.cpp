// SPDX-License-Identifier: Apache-2.0
#include "flow/app_tape.h"

#include <array>
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

/// The head of a node, and room for a value of eight bytes behind it.
using SmallNode = std::array<uint8_t, kValue + sizeof(uint64_t)>;

SmallNode head_of(TapeKind kind, const char* key, size_t len) noexcept {
  SmallNode node;
  const auto length = static_cast<uint32_t>(len);
  node[0] = static_cast<uint8_t>(kind);
  std::memcpy(&node[kKey], &key, sizeof key);
  std::memcpy(&node[kLength], &length, sizeof length);
  return node;
}

template <typename T>
void put_small(std::vector<uint8_t>& tape, TapeKind kind, const char* key, T value) {
  static_assert(sizeof value == sizeof(uint64_t));
  SmallNode node = head_of(kind, key, sizeof value);
  std::memcpy(&node[kValue], &value, sizeof value);
  tape.insert(tape.end(), node.begin(), node.end());
}

void put_mark(std::vector<uint8_t>& tape, TapeKind kind, const char* key) {
  const SmallNode node = head_of(kind, key, 0);
  tape.insert(tape.end(), node.begin(), node.begin() + kValue);
}

}  // namespace

void TapeWriter::text(const char* key, std::string_view value) {
  const SmallNode node = head_of(TapeKind::Text, key, value.size());
  tape_.insert(tape_.end(), node.begin(), node.begin() + kValue);
  tape_.insert(tape_.end(), value.begin(), value.end());
}

void TapeWriter::number(const char* key, uint64_t value) {
  put_small(tape_, TapeKind::Uint, key, value);
}

void TapeWriter::signed_number(const char* key, int64_t value) {
  put_small(tape_, TapeKind::Int, key, value);
}

void TapeWriter::real(const char* key, double value) {
  put_small(tape_, TapeKind::Real, key, value);
}

void TapeWriter::flag(const char* key, bool value) {
  put_small(tape_, TapeKind::Bool, key, uint64_t{value ? 1U : 0U});
}

void TapeWriter::object_begin(const char* key) { put_mark(tape_, TapeKind::ObjectBegin, key); }

void TapeWriter::array_begin(const char* key) { put_mark(tape_, TapeKind::ArrayBegin, key); }

void TapeWriter::end() { put_mark(tape_, TapeKind::End, nullptr); }

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
