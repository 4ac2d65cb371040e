// SPDX-License-Identifier: Apache-2.0
#include "cli/split/splitter.h"

#include <cstdio>
#include <cstring>

#include "flow/protocol_name.h"
#include "sink/text.h"

namespace pktana::cli {
namespace {

/// A flow and its parts, in one number.
uint64_t key_of(const flow::FlowRecord& record) noexcept {
  return record.flow_id * 31 + record.continuation;
}

std::string address_text(const uint8_t* address, uint8_t ip_version) {
  char text[64];
  return {text, static_cast<size_t>(sink::put_address(text, address, ip_version) - text)};
}

std::string end_text(const uint8_t* address, const flow::FlowRecord& record, uint16_t port) {
  return address_text(address, record.ip_version) + (port != 0 ? "." + std::to_string(port) : "");
}

}  // namespace

void AppSurvey::on_final(const flow::FlowRecord& record) {
  apps_[key_of(record)] = record.app_proto;
}

std::string AppSurvey::app_of(const flow::FlowRecord& record) const {
  const auto found = apps_.find(key_of(record));
  if (found == apps_.end() || found->second == nullptr) return "none";
  return std::strcmp(found->second, "failed") == 0 ? "unknown" : found->second;
}

base::Result<std::unique_ptr<Splitter>> Splitter::open(const SplitOptions& options) {
  auto files = SplitFiles::open(options.directory, options.format, options.overwrite);
  if (!files) return base::Unexpected(files.error());
  return std::unique_ptr<Splitter>(new Splitter(options, std::move(*files)));
}

void Splitter::on_interface(uint16_t source_id, const ring::FileInterface& interface) {
  files_.describe({.source_id = source_id,
                   .link_type = interface.link_type,
                   .snap_length = interface.snap_length,
                   .nanoseconds = interface.nanoseconds,
                   .name = interface.name});
}

std::string Splitter::group_of(const flow::FlowRecord& record) {
  switch (options_.by) {
    case SplitOptions::By::Src:
      return address_text(record.src.data(), record.ip_version);
    case SplitOptions::By::App:
      return survey_.app_of(record);
    case SplitOptions::By::Flow:
      break;
  }
  char number[24];
  (void)std::snprintf(number, sizeof number, "%06llu", static_cast<unsigned long long>(++flows_));
  return std::string(number) + "-" + std::string(flow::protocol_name(record.protocol)) + "-" +
         end_text(record.src.data(), record, record.src_port) + "-" +
         end_text(record.dst.data(), record, record.dst_port);
}

uint32_t Splitter::label_of(const flow::FlowRecord& begun) {
  std::string group = group_of(begun);
  const auto [place, is_new] = labels_.try_emplace(group, static_cast<uint32_t>(groups_.size()));
  if (is_new) groups_.push_back({.name = std::move(group), .file = {}});
  return place->second;
}

void Splitter::put(const sink::SavedPacket& packet, uint32_t label) noexcept {
  Group& group = groups_[label];
  if (!group.file) group.file = files_.add(group.name);
  files_.put(*group.file, packet);
}

}  // namespace pktana::cli
