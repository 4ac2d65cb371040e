// SPDX-License-Identifier: Apache-2.0
// Search filters of LDAP (RFC 4511 section 4.5.1.7) as text (RFC 4515): "(&(a=b)(!(c=*)))".
#include <string>
#include <vector>

#include "app/ber.h"
#include "app/enterprise/ldap/ldap_message.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kMaxText = 2048;
constexpr size_t kMaxDepth = 16;

enum FilterTag : uint8_t {
  kAnd = 0xa0,
  kOr = 0xa1,
  kNot = 0xa2,
  kEquality = 0xa3,
  kSubstrings = 0xa4,
  kGreater = 0xa5,
  kLess = 0xa6,
  kPresent = 0x87,
  kApproximate = 0xa8,
  kExtensible = 0xa9,
};

std::string_view take(BerReader& reader, uint8_t tag = kBerOctets) noexcept {
  return text_of(reader.take(tag).value_or(Bytes{}));
}

void add_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : value) {
    if (c != '*' && c != '(' && c != ')' && c != '\\' && c != '\0') {
      out += c;
      continue;
    }
    out += '\\';
    out += kDigits[static_cast<uint8_t>(c) >> 4];
    out += kDigits[static_cast<uint8_t>(c) & 0x0f];
  }
}

/// "attribute", the sign, the value.
void add_condition(std::string& out, Bytes value, std::string_view sign) {
  BerReader reader(value);
  out += take(reader);
  out += sign;
  add_escaped(out, take(reader));
}

void add_substrings(std::string& out, Bytes value) {
  constexpr uint8_t kInitial = 0x80, kFinal = 0x82;
  BerReader reader(value);
  out += take(reader);
  out += '=';
  BerReader parts(reader.take(kBerSequence).value_or(Bytes{}));
  BerElement part;
  uint8_t last = 0;
  while (out.size() < kMaxText && parts.next(part)) {
    if (part.tag != kInitial) out += '*';
    add_escaped(out, text_of(part.value));
    last = part.tag;
  }
  if (last != kFinal) out += '*';
}

void add_extensible(std::string& out, Bytes value) {
  constexpr uint8_t kRule = 0x81, kType = 0x82, kValue = 0x83, kOfNames = 0x84;
  BerReader reader(value);
  const std::string_view rule = take(reader, kRule);
  out += take(reader, kType);
  const std::string_view wanted = take(reader, kValue);
  const Bytes names = reader.take(kOfNames).value_or(Bytes{});
  if (!names.empty() && names[0] != 0) out += ":dn";
  if (!rule.empty()) out.append(":").append(rule);
  out += ":=";
  add_escaped(out, wanted);
}

void add_leaf(std::string& out, const BerElement& filter) {
  switch (filter.tag) {
    case kEquality:
      return add_condition(out, filter.value, "=");
    case kGreater:
      return add_condition(out, filter.value, ">=");
    case kLess:
      return add_condition(out, filter.value, "<=");
    case kApproximate:
      return add_condition(out, filter.value, "~=");
    case kSubstrings:
      return add_substrings(out, filter.value);
    case kExtensible:
      return add_extensible(out, filter.value);
    case kPresent:
      out += text_of(filter.value);
      out += "=*";
      return;
    default:
      out += '?';
  }
}

char sign_of(uint8_t tag) noexcept { return tag == kAnd ? '&' : tag == kOr ? '|' : '!'; }

}  // namespace

std::string ldap_filter_text(uint8_t tag, Bytes value) {
  std::string out;
  std::vector<BerReader> open;
  const auto begin = [&](const BerElement& filter) {
    out += '(';
    if (filter.tag == kAnd || filter.tag == kOr || filter.tag == kNot) {
      out += sign_of(filter.tag);
      return open.emplace_back(filter.value), void();
    }
    add_leaf(out, filter);
    out += ')';
  };
  begin({.tag = tag, .value = value});
  while (!open.empty()) {
    BerElement inner;
    const bool has_room = out.size() < kMaxText && open.size() < kMaxDepth;
    if (has_room && open.back().next(inner)) {
      begin(inner);
      continue;
    }
    out += ')';
    open.pop_back();
  }
  return out;
}

}  // namespace pktana::app::enterprise
