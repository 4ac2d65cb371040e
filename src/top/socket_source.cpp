// SPDX-License-Identifier: Apache-2.0
#include "top/socket_source.h"

#include "base/clock.h"
#include "daemon/control_call.h"
#include "daemon/control_text.h"
#include "top/live_source.h"

namespace pktana::top {
namespace {

/// As the socket calls it.
std::string sort_word(Sort sort) {
  using Listing = engine::ListingOptions::Sort;
  switch (listing_sort(sort)) {
    case Listing::Bytes:
      return "bytes";
    case Listing::Packets:
      return "packets";
    case Listing::Start:
      return "start";
    case Listing::Duration:
      return "duration";
    case Listing::Last:
      break;
  }
  return "last";
}

std::string where_member(const std::string& where) {
  return where.empty() ? "" : ",\"where\":" + daemon::json_text(where);
}

}  // namespace

base::Result<std::string> SocketSource::ask(const std::string& command,
                                            const std::string& members) {
  const std::string request = R"({"command":")" + command + "\"" + members + "}";
  auto reply = daemon::call_daemon(path_, request, &cancelled_);
  if (!reply) return base::Unexpected(reply.error());
  return std::move(reply->result);
}

base::Result<void> SocketSource::add_talkers(const std::string& where, Snapshot& snapshot) {
  if (snapshot.is_whole()) {
    sum_up_talkers(snapshot);
    return {};
  }
  const std::pair<const char*, std::vector<Talker>*> lists[] = {
      {"ip", &snapshot.hosts},
      {"proto", &snapshot.protocols},
      {"app_proto", &snapshot.applications}};
  for (const auto& [by, list] : lists) {
    const auto answer =
        ask("top", where + ",\"by\":\"" + by + "\",\"limit\":" + std::to_string(kMaxTalkers));
    if (!answer) return base::Unexpected(answer.error());
    auto talkers = reader_.talkers(*answer, by);
    if (!talkers) return base::Unexpected(talkers.error());
    *list = std::move(*talkers);
  }
  return {};
}

base::Result<Snapshot> SocketSource::fetch(const Wanted& wanted) {
  Snapshot snapshot{.where = wanted.where};
  const std::string where = where_member(wanted.where);
  const auto flows = ask("flows", where + ",\"sort\":\"" + sort_word(wanted.sort) +
                                      "\",\"limit\":" + std::to_string(kMaxFlows));
  if (!flows) return base::Unexpected(flows.error());
  if (auto read = reader_.flows(*flows, snapshot); !read) return base::Unexpected(read.error());
  if (auto added = add_talkers(where, snapshot); !added) return base::Unexpected(added.error());
  const auto ledger = ask("ledger");
  if (!ledger) return base::Unexpected(ledger.error());
  if (auto read = reader_.ledger(*ledger, snapshot); !read) return base::Unexpected(read.error());
  const auto status = ask("status");
  if (!status) return base::Unexpected(status.error());
  snapshot.taken_ns = base::monotonic_ns();
  snapshot.time_ns = base::realtime_ns();
  if (auto read = reader_.status(*status, snapshot); !read) return base::Unexpected(read.error());
  return snapshot;
}

base::Result<FlowFields> SocketSource::fields(uint64_t flow_id) {
  const auto answer = ask("flows", ",\"where\":\"flow_id == " + std::to_string(flow_id) +
                                       "\",\"limit\":1,\"fields\":true");
  if (!answer) return base::Unexpected(answer.error());
  return reader_.fields(*answer);
}

}  // namespace pktana::top
