// SPDX-License-Identifier: Apache-2.0
#include "inspect/layer.h"

#include <bit>

#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

std::string hex_number(uint64_t value, const Field& field) {
  const unsigned bits = field.mask != 0 ? static_cast<unsigned>(std::popcount(field.mask))
                                        : static_cast<unsigned>(field.length * 8);
  return fmt::format("0x{:0{}x}", value, (bits + 3) / 4);
}

std::string octets_text(const Field& field, base::Bytes bytes) {
  switch (field.show) {
    case Show::Mac:
      return mac_text(bytes);
    case Show::Ipv4:
      return ipv4_text(bytes);
    case Show::Ipv6:
      return ipv6_text(bytes);
    default:
      return hex_text(bytes);
  }
}

bool is_number(Show show) noexcept {
  return show != Show::Mac && show != Show::Ipv4 && show != Show::Ipv6 && show != Show::Octets;
}

std::string meaning_of(const Field& field, uint64_t value) {
  switch (field.show) {
    case Show::EtherType:
      return std::string(ethertype_name(static_cast<uint16_t>(value)));
    case Show::Words:
      return fmt::format("{} bytes", value * 4);
    case Show::Eights:
      return fmt::format("{} bytes", value * 8);
    case Show::Dscp:
      return std::string(dscp_name(static_cast<uint8_t>(value)));
    case Show::IpProtocol:
      return std::string(ip_protocol_name(static_cast<uint8_t>(value)));
    case Show::Port: {
      const std::string_view service = port_service(static_cast<uint16_t>(value));
      return service.empty() ? std::string() : std::string(service) + "?";
    }
    default:
      return std::string(name_of(field.names, value));
  }
}

}  // namespace

Layer::Layer(Walk& walk, std::string_view name)
    : walk_(walk), name_(name), begin_(walk.at()), depth_(walk.depth), bytes_(walk.rest()) {
  node_ = walk_.add({.name = name, .kind = NodeKind::Layer, .offset = frame_offset(0)});
  ++walk_.depth;
}

base::Bytes Layer::bytes(size_t offset, size_t length) const noexcept {
  if (offset >= size()) return {};
  return bytes_.subspan(offset, std::min(length, size() - offset));
}

uint64_t Layer::number(size_t offset, size_t length) const noexcept {
  if (!has(offset, length)) return 0;
  uint64_t value = 0;
  for (size_t i = 0; i < length; ++i)
    value = value << 8 | bytes_[offset + i];
  return value;
}

bool Layer::fields(Fields table, size_t base) {
  size_t parent = node_;
  for (const Field& field : table) {
    if (!has(base + field.offset, field.length)) {
      truncated(field.name, base + field.offset + field.length);
      return false;
    }
    if (field.show == Show::Flag)
      add_flag(field, base, parent);
    else
      parent = add(field, base);
  }
  return true;
}

size_t Layer::add(const Field& field, size_t base) {
  const size_t offset = base + field.offset;
  Node node{.name = field.name,
            .offset = frame_offset(offset),
            .length = field.length,
            .mask = field.mask};
  if (!is_number(field.show)) {
    node.text = octets_text(field, bytes(offset, field.length));
    return walk_.add(std::move(node));
  }
  node.value_kind = ValueKind::Number;
  node.number = number(offset, field.length);
  if (field.mask != 0) node.number = (node.number & field.mask) >> std::countr_zero(field.mask);
  const bool hex = field.show == Show::Hex || field.show == Show::EtherType;
  node.text = hex ? hex_number(node.number, field) : std::to_string(node.number);
  node.meaning = meaning_of(field, node.number);
  return walk_.add(std::move(node));
}

void Layer::add_flag(const Field& field, size_t base, size_t parent) {
  const bool set = (number(base + field.offset, field.length) & field.mask) != 0;
  if (set && parent != node_) {
    std::string& list = walk_.node(parent).meaning;
    list += (list.empty() ? "" : ", ") + std::string(field.name);
  }
  ++walk_.depth;
  walk_.add({.name = field.name,
             .value_kind = ValueKind::Flag,
             .offset = frame_offset(base + field.offset),
             .length = field.length,
             .mask = field.mask,
             .number = set ? 1U : 0U,
             .text = set ? "yes" : "no"});
  --walk_.depth;
}

size_t Layer::add_text(std::string_view name, size_t offset, size_t length, std::string text) {
  return walk_.add({.name = name,
                    .offset = frame_offset(offset),
                    .length = static_cast<uint32_t>(bytes(offset, length).size()),
                    .text = std::move(text)});
}

size_t Layer::add_number(std::string_view name, size_t offset, size_t length, uint64_t number) {
  const size_t node = add_text(name, offset, length, std::to_string(number));
  walk_.node(node).value_kind = ValueKind::Number;
  walk_.node(node).number = number;
  return node;
}

size_t Layer::open(std::string_view name, size_t offset, size_t length, std::string meaning) {
  const size_t node = add_text(name, offset, length, {});
  mean(node, std::move(meaning));
  ++walk_.depth;
  return node;
}

void Layer::find(Severity severity, std::string_view code, Place place, std::string why) {
  walk_.add(Finding{.severity = severity,
                    .layer = name_,
                    .code = code,
                    .offset = frame_offset(std::min(place.offset, size())),
                    .length = static_cast<uint32_t>(bytes(place.offset, place.length).size()),
                    .why = std::move(why)});
}

void Layer::note(std::string_view code, Place place, std::string why) {
  find(Severity::Note, code, place, std::move(why));
}

void Layer::warn(std::string_view code, Place place, std::string why) {
  find(Severity::Warning, code, place, std::move(why));
}

void Layer::error(std::string_view code, Place place, std::string why) {
  find(Severity::Error, code, place, std::move(why));
}

void Layer::truncated(std::string_view what, size_t end) {
  const bool captured = walk_.is_cut() || walk_.is_quote();
  std::string why = captured
                        ? fmt::format("{} is not captured: it ends {} bytes behind what there is",
                                      what, end - std::min(end, size()))
                        : fmt::format("no room for {}: the packet ends {} bytes before it does",
                                      what, end - std::min(end, size()));
  if (walk_.is_quote())
    note("truncated", {size(), 0}, std::move(why));
  else
    error("truncated", {size(), 0}, std::move(why));
}

void Layer::end(size_t header_length) {
  const size_t length = std::min(header_length, size());
  walk_.node(node_).length = static_cast<uint32_t>(length);
  walk_.depth = depth_;
  walk_.skip(begin_ + length - walk_.at());
}

Next Layer::stop() {
  end(size());
  return {};
}

}  // namespace pktana::inspect
