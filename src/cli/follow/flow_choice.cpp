// SPDX-License-Identifier: Apache-2.0
#include "cli/follow/flow_choice.h"

#include "base/units.h"

namespace pktana::cli {
namespace {

constexpr uint64_t kMaxFlowId = (uint64_t{1} << 53) - 1;
constexpr std::string_view kCommunityVersion = "1:";

base::Unexpected refuse(const std::string& text) {
  return base::fail_input("",
                          "'" + text +
                              "' is no flow: give its flow_id, its community_id, or its ends as in "
                              "10.0.0.1:40000-10.0.0.2:80");
}

}  // namespace

base::Result<FlowChoice::End> FlowChoice::parse_end(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return base::fail_input("", "no port");
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = filter::parse_address(host);
  const auto port = base::parse_count(std::string(text.substr(colon + 1)), 0, 65535);
  if (!address || !port) return base::fail_input("", "no address and port");
  return End{.address = *address, .port = static_cast<uint16_t>(*port)};
}

base::Result<FlowChoice> FlowChoice::parse(const std::string& text) {
  FlowChoice choice;
  if (const auto id = base::parse_count(text, 1, kMaxFlowId); id) {
    choice.flow_id_ = *id;
    return choice;
  }
  if (text.starts_with(kCommunityVersion) && text.ends_with('=')) {
    choice.kind_ = Kind::CommunityId;
    choice.community_id_ = text;
    return choice;
  }
  const size_t dash = text.find('-');
  if (dash == std::string::npos) return refuse(text);
  const auto one = parse_end(std::string_view(text).substr(0, dash));
  const auto other = parse_end(std::string_view(text).substr(dash + 1));
  if (!one || !other) return refuse(text);
  choice.kind_ = Kind::Ends;
  choice.one_ = *one;
  choice.other_ = *other;
  return choice;
}

bool FlowChoice::means(const flow::FlowRecord& record,
                       std::string_view community_id) const noexcept {
  if (kind_ == Kind::FlowId) return record.flow_id == flow_id_;
  if (kind_ == Kind::CommunityId) return community_id == community_id_;
  const auto src = filter::Address::from_bytes(record.src.data(), record.ip_version);
  const auto dst = filter::Address::from_bytes(record.dst.data(), record.ip_version);
  const auto is = [](const End& end, const filter::Address& address, uint16_t port) {
    return end.address == address && end.port == port;
  };
  return (is(one_, src, record.src_port) && is(other_, dst, record.dst_port)) ||
         (is(other_, src, record.src_port) && is(one_, dst, record.dst_port));
}

}  // namespace pktana::cli
