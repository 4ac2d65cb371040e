// SPDX-License-Identifier: Apache-2.0
#include "query/line_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <simdjson.h>

#include "base/time_text.h"
#include "query/part_reader.h"

namespace pktana::query {

namespace ondemand = simdjson::ondemand;
using filter::Field;
using filter::FieldType;
using filter::LogPlace;
using filter::Values;

static_assert(PartReader::kPadding >= simdjson::SIMDJSON_PADDING);

struct LineValues::Parsers {
  ondemand::parser on_demand;
  simdjson::dom::parser whole;
};

LineValues::LineValues(const std::vector<const Field*>& fields)
    : parsers_(std::make_unique<Parsers>()), nodes_(1) {
  for (const Field* field : fields)
    for (const std::string_view path : field->log.paths)
      if (!path.empty()) add_path(path);
}

LineValues::~LineValues() = default;

void LineValues::add_path(std::string_view path) {
  if (find_slot(path) != nullptr) return;
  uint32_t node = 0;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const std::string_view key = path.substr(begin, end - begin);
    const auto& children = nodes_[node].children;
    const auto known = std::find_if(children.begin(), children.end(),
                                    [&](uint32_t child) { return nodes_[child].key == key; });
    if (known != children.end()) {
      node = *known;
    } else {
      const auto child = static_cast<uint32_t>(nodes_.size());
      nodes_[node].children.push_back(child);
      nodes_.push_back({.key = key, .slot = -1, .children = {}});
      node = child;
    }
    begin = end + 1;
  }
  nodes_[node].slot = static_cast<int>(slots_.size());
  slots_.push_back({.path = path, .count = 0, .raw = {}});
}

const LineValues::Slot* LineValues::find_slot(std::string_view path) const noexcept {
  for (const Slot& slot : slots_)
    if (slot.path == path) return &slot;
  return nullptr;
}

/// One pass over a line: fills the slots, leaves as soon as each key of the line's own was met.
struct LineValues::Walk {
  LineValues& values;

  /// @return an error of the parser, if there was one.
  simdjson::error_code object(ondemand::object object, const Node& node) {
    size_t wanted = node.children.size();
    for (auto entry : object) {
      ondemand::field field;
      if (const auto error = std::move(entry).get(field)) return error;
      const Node* child = find(node, field.key());
      if (child == nullptr) continue;
      if (const auto error = value(field.value(), *child)) return error;
      if (--wanted == 0) break;
    }
    return simdjson::SUCCESS;
  }

  const Node* find(const Node& node, const ondemand::raw_json_string& key) const {
    for (const uint32_t child : node.children)
      if (key == values.nodes_[child].key) return &values.nodes_[child];
    return nullptr;
  }

  simdjson::error_code value(ondemand::value value, const Node& node) {
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::object: {
        mark(node);
        ondemand::object inside;
        if (const auto error = value.get_object().get(inside)) return error;
        return object(inside, node);
      }
      case ondemand::json_type::array: {
        if (!node.children.empty() || node.slot < 0) mark(node);
        ondemand::array list;
        if (const auto error = value.get_array().get(list)) return error;
        return array(list, node);
      }
      default:
        return scalar(value, type, node);
    }
  }

  simdjson::error_code array(ondemand::array list, const Node& node) {
    for (auto entry : list) {
      ondemand::value one;
      if (const auto error = std::move(entry).get(one)) return error;
      if (const auto error = value(one, node)) return error;
    }
    return simdjson::SUCCESS;
  }

  /// An object or a list is no value but that something is there.
  void mark(const Node& node) {
    add(node, {.kind = Raw::Kind::Flag, .whole = 1, .real = 0, .text = {}});
  }
  void add(const Node& node, const Raw& raw) {
    if (node.slot < 0) return;
    Slot& slot = values.slots_[static_cast<size_t>(node.slot)];
    if (slot.count < slot.raw.size()) slot.raw[slot.count++] = raw;
  }

  simdjson::error_code scalar(ondemand::value value, ondemand::json_type type, const Node& node) {
    if (node.slot < 0) return simdjson::SUCCESS;
    Raw raw;
    if (type == ondemand::json_type::string) {
      if (const auto error = value.get_string().get(raw.text)) return error;
      add(node, raw);
    } else if (type == ondemand::json_type::boolean) {
      bool flag = false;
      if (const auto error = value.get_bool().get(flag)) return error;
      add(node, {.kind = Raw::Kind::Flag,
                 .whole = flag ? 1 : 0,
                 .real = 0,
                 .text = flag ? "true" : "false"});
    } else if (type == ondemand::json_type::number) {
      return number(value, node);
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code number(ondemand::value value, const Node& node) {
    Raw raw;
    raw.text = value.raw_json_token();
    raw.text = raw.text.substr(0, raw.text.find_first_not_of("0123456789+-.eE"));
    const char* const end = raw.text.data() + raw.text.size();
    const auto whole = std::from_chars(raw.text.data(), end, raw.whole);
    raw.kind = Raw::Kind::Whole;
    if (whole.ec != std::errc() || whole.ptr != end) {
      raw.kind = Raw::Kind::Real;
      const auto real = std::from_chars(raw.text.data(), end, raw.real);
      if (real.ec != std::errc() || real.ptr != end) return simdjson::NUMBER_ERROR;
    }
    add(node, raw);
    return simdjson::SUCCESS;
  }
};

bool LineValues::parse(std::string_view line) noexcept {
  for (Slot& slot : slots_)
    slot.count = 0;
  ondemand::document document;
  const simdjson::padded_string_view padded(line, line.size() + PartReader::kPadding);
  if (parsers_->on_demand.iterate(padded).get(document) != simdjson::SUCCESS) return false;
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;
  return Walk{*this}.object(object, nodes_[0]) == simdjson::SUCCESS;
}

bool LineValues::is_whole(std::string_view line) noexcept {
  simdjson::dom::object object;
  return parsers_->whole.parse(line.data(), line.size(), true).get(object) == simdjson::SUCCESS;
}

namespace {

int64_t to_whole(double real) noexcept {
  constexpr double kHighest = 9.2e18;
  if (!(real > -kHighest && real < kHighest)) return real > 0 ? INT64_MAX : INT64_MIN;
  return std::llround(real);
}

int64_t scaled(int64_t whole, int64_t scale) noexcept {
  int64_t value = 0;
  if (__builtin_mul_overflow(whole, scale, &value)) return whole < 0 ? INT64_MIN : INT64_MAX;
  return value;
}

/// tcp_flags are hex text in EVE.
bool read_hex(std::string_view text, int64_t& value) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  return error == std::errc() && stop == end;
}

/// What a text says as a value of the field's type. False: nothing.
bool read_text(const Field& field, std::string_view text, filter::Value& value) noexcept {
  value.text = text;
  switch (field.type) {
    case FieldType::Text:
      return true;
    case FieldType::Word:
      value.number = filter::find_word(field, text);
      return true;
    case FieldType::Address: {
      const auto address = filter::parse_address(text);
      if (address) value.address = *address;
      return address.has_value();
    }
    case FieldType::Time: {
      const auto time = base::parse_time(text);
      if (time) value.number = time->first_ns;
      return time.has_value();
    }
    case FieldType::TcpFlags:
      return read_hex(text, value.number);
    default:
      return false;
  }
}

}  // namespace

void LineValues::get(const Field& field, Values& out) const noexcept {
  const LogPlace& place = field.log;
  int64_t sum = 0;
  bool any = false;
  for (const std::string_view path : place.paths) {
    const Slot* slot = path.empty() ? nullptr : find_slot(path);
    if (slot == nullptr) continue;
    for (unsigned i = 0; i < slot->count && out.count < Values::kMax; ++i) {
      const Raw& raw = slot->raw[i];
      filter::Value& value = out.value[out.count];
      value.text = raw.text;
      bool good = true;
      if (raw.kind == Raw::Kind::Text)
        good = read_text(field, raw.text, value);
      else if (raw.kind == Raw::Kind::Real)
        value.number = to_whole(raw.real * static_cast<double>(place.scale));
      else
        value.number = scaled(raw.whole, place.scale);
      if (!good) continue;
      any = true;
      if (place.combine == LogPlace::Combine::Sum)
        sum += value.number;
      else
        ++out.count;
    }
    if (any && place.combine == LogPlace::Combine::First) return;
  }
  if (!any || place.combine != LogPlace::Combine::Sum) return;
  out.value[0].text = {};
  out.value[0].number = sum;
  out.count = 1;
}

}  // namespace pktana::query
