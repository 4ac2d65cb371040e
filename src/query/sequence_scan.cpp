// SPDX-License-Identifier: Apache-2.0
#include "query/sequence_scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include <simdjson.h>

namespace pktana::query {
namespace {

/// A quote inside a text value has a backslash before it, so that none of these can be a part of
/// one.
constexpr std::array<std::string_view, 3> kNumberMembers{
    R"("pktana":{"schema":1,"seq":)",    // EVE
    R"(,"sequence":)",                   // ECS, OCSF
    R"("pktana":{"schema":1,"stream":)"  // a header
};
constexpr size_t kHeaderKind = 2;

std::optional<uint64_t> number_at(std::string_view line, size_t at) noexcept {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  return number;
}

size_t find_member(std::string_view line, std::string_view member) noexcept {
  const void* place = ::memmem(line.data(), line.size(), member.data(), member.size());
  if (place == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(place) - line.data()) + member.size();
}

uint64_t member_number(std::string_view line, std::string_view member) noexcept {
  const size_t at = find_member(line, member);
  return at == std::string_view::npos ? 0 : number_at(line, at).value_or(0);
}

/// What may stand in messages as it is.
bool is_stream_id(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
}

bool is_json(std::string_view line) {
  simdjson::dom::parser parser;
  return parser.parse(line.data(), line.size()).error() == simdjson::SUCCESS;
}

}  // namespace

void SequenceScan::scan(std::string_view lines) {
  facts_.bytes += lines.size();
  for (size_t at = 0; at < lines.size();) {
    const auto* newline =
        static_cast<const char*>(std::memchr(lines.data() + at, '\n', lines.size() - at));
    if (newline == nullptr) return;
    const auto end = static_cast<size_t>(newline - lines.data());
    look_at(lines.substr(at, end - at), end + 1 == lines.size());
    at = end + 1;
  }
}

void SequenceScan::scan_tail(std::string_view tail) {
  facts_.bytes += tail.size();
  if (is_json(tail))
    look_at(tail, false);
  else
    facts_.has_tail = true;
}

void SequenceScan::look_at(std::string_view line, bool last) {
  const uint64_t number = facts_.lines++;
  if (line.empty()) return;
  const bool is_object = line.front() == '{' && line.back() == '}';
  if ((!is_object || last) && !is_json(line)) {
    facts_.torn.push_back(number);
    return;
  }
  for (size_t tried = 0; tried < kNumberMembers.size(); ++tried) {
    const size_t kind = (kind_ + tried) % kNumberMembers.size();
    const size_t at = find_member(line, kNumberMembers[kind]);
    if (at == std::string_view::npos) continue;
    if (kind == kHeaderKind) {
      add_header(line);
      return;
    }
    if (const auto seq = number_at(line, at)) {
      kind_ = kind;
      add_record(*seq);
      return;
    }
  }
  ++facts_.unnumbered;
}

void SequenceScan::add_record(uint64_t seq) {
  ++facts_.records;
  std::vector<SequenceRun>& runs = facts_.segments.back().runs;
  if (!runs.empty() && runs.back().last + 1 == seq)
    runs.back().last = seq;
  else
    runs.push_back({.first = seq, .last = seq});
}

void SequenceScan::add_header(std::string_view line) {
  const size_t at = find_member(line, kNumberMembers[kHeaderKind]) + 1;
  const size_t end = line.find('"', at);
  if (end == std::string_view::npos || !is_stream_id(line.substr(at, end - at))) return;
  SequenceSegment& segment = facts_.segments.emplace_back();
  segment.header = LogHeader{.stream = std::string(line.substr(at, end - at)),
                             .file_sequence = member_number(line, R"("file_sequence":)"),
                             .first_seq = member_number(line, R"("first_seq":)")};
}

SequenceFacts SequenceScan::take() { return std::exchange(facts_, {}); }

}  // namespace pktana::query
