// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_request.h"

#include <array>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "base/nearest.h"

namespace pktana::daemon {
namespace {

using engine::ListingOptions;
using Element = simdjson::dom::element;

template <typename T>
using Word = std::pair<std::string_view, T>;

constexpr std::array<Word<ListingOptions::Sort>, 5> kSorts{
    {{"bytes", ListingOptions::Sort::Bytes},
     {"packets", ListingOptions::Sort::Packets},
     {"start", ListingOptions::Sort::Start},
     {"last", ListingOptions::Sort::Last},
     {"duration", ListingOptions::Sort::Duration}}};
constexpr std::array<Word<ListingOptions::By>, 6> kBys{
    {{"src_ip", ListingOptions::By::Source},
     {"dest_ip", ListingOptions::By::Destination},
     {"ip", ListingOptions::By::Host},
     {"dest_port", ListingOptions::By::Port},
     {"proto", ListingOptions::By::Protocol},
     {"app_proto", ListingOptions::By::Application}}};
constexpr std::array<Word<LogLevel>, 4> kLevels{{{"debug", LogLevel::Debug},
                                                 {"info", LogLevel::Info},
                                                 {"warning", LogLevel::Warning},
                                                 {"error", LogLevel::Error}}};

constexpr size_t kMaxWithFields = 100;  ///< flows of an answer

base::Unexpected refuse(std::string message) { return base::fail_input("", std::move(message)); }

base::Result<std::string_view> text_of(std::string_view key, const Element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return text;
  return refuse(std::string(key) + " must be a text");
}

template <typename T, size_t N>
base::Result<T> word_of(std::string_view key, const Element& value,
                        const std::array<Word<T>, N>& words) {
  const auto text = text_of(key, value);
  if (!text) return base::Unexpected(text.error());
  std::string list;
  for (const auto& [word, meaning] : words) {
    if (word == *text) return meaning;
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return refuse(std::string(key) + " is not one of " + list);
}

base::Result<void> take_limit(const Element& value, ControlRequest& request) {
  uint64_t limit = 0;
  if (value.get_uint64().get(limit) != simdjson::SUCCESS || limit == 0 ||
      limit > ListingOptions::kMaxFlows)
    return refuse("limit must be 1 to " + std::to_string(ListingOptions::kMaxFlows));
  request.listing.limit = limit;
  return {};
}

/// A number or a text, which the answer carries again.
base::Result<void> take_id(const Element& value, ControlRequest& request) {
  constexpr size_t kMaxBytes = 64;
  if (!value.is_uint64() && !value.is_string()) return refuse("id must be a number or a text");
  request.id = simdjson::minify(value);
  if (request.id.size() > kMaxBytes) return refuse("id is longer than 64 bytes");
  return {};
}

template <typename T, typename To>
base::Result<void> put(const base::Result<T>& from, To& to) {
  if (!from) return base::Unexpected(from.error());
  to = *from;
  return {};
}

base::Result<void> take(std::string_view key, const Element& value, ControlRequest& request) {
  if (key == "command") return put(text_of(key, value), request.command);
  if (key == "id") return take_id(value, request);
  if (key == "where") return put(text_of(key, value), request.listing.where);
  if (key == "limit") return take_limit(value, request);
  if (key == "sort") return put(word_of(key, value, kSorts), request.listing.sort);
  if (key == "by") return put(word_of(key, value, kBys), request.listing.by);
  if (key == "level") return put(word_of(key, value, kLevels), request.level);
  if (key == "fields") {
    if (value.get_bool().get(request.fields) == simdjson::SUCCESS) return {};
    return refuse("fields must be true or false");
  }
  static const std::vector<std::string> kKeys{"command", "id", "where", "limit",
                                              "sort",    "by", "level", "fields"};
  const std::string shown(key.substr(0, 40));
  return refuse("there is no key '" + shown + "'" + base::suggestion(shown, kKeys));
}

}  // namespace

struct ControlRequestReader::Parser {
  simdjson::dom::parser parser{kMaxBytes};
};

ControlRequestReader::ControlRequestReader() : parser_(std::make_unique<Parser>()) {}
ControlRequestReader::~ControlRequestReader() = default;

base::Result<ControlRequest> ControlRequestReader::read(std::string_view line) {
  constexpr size_t kMaxDepth = 4;
  ControlRequest request;
  simdjson::dom::object object;
  if (parser_->parser.allocate(kMaxBytes, kMaxDepth) != simdjson::SUCCESS ||
      parser_->parser.parse(line.data(), line.size()).get_object().get(object) != simdjson::SUCCESS)
    return refuse("a request is a JSON object on a line, as {\"command\":\"status\"}");
  for (const auto& [key, value] : object)
    if (auto taken = take(key, value, request); !taken) return base::Unexpected(taken.error());
  if (request.command.empty()) return refuse("a request has a command");
  if (request.fields && request.listing.limit > kMaxWithFields)
    return refuse("with fields, limit must be " + std::to_string(kMaxWithFields) + " at most");
  return request;
}

base::Result<ControlReply> read_reply(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  bool ok = false;
  if (parser.parse(line.data(), line.size()).get_object().get(object) != simdjson::SUCCESS ||
      object["ok"].get_bool().get(ok) != simdjson::SUCCESS)
    return refuse("what answers there is no pktana");
  std::string_view text;
  if (!ok) {
    if (object["error"].get_string().get(text) != simdjson::SUCCESS) text = "it says not why";
    return refuse(std::string(text));
  }
  ControlReply reply;
  Element result;
  if (object["result"].get(result) != simdjson::SUCCESS) return reply;
  reply.result = simdjson::minify(result);
  if (result["text"].get_string().get(text) == simdjson::SUCCESS) reply.text = std::string(text);
  for (const char* list : {"flows", "talkers", "ledger"}) {
    simdjson::dom::array items;
    if (result[list].get_array().get(items) != simdjson::SUCCESS) continue;
    reply.is_list = true;
    for (const Element item : items)
      reply.items.push_back(simdjson::minify(item));
  }
  return reply;
}

}  // namespace pktana::daemon
