// SPDX-License-Identifier: Apache-2.0
#include "engine/flow_listing.h"

#include <algorithm>
#include <map>

#include "support/catch.h"
#include "support/flow_packets.h"
#include "support/record_collector.h"

namespace pktana::engine {
namespace {

using support::conversation;
using support::from_client;

/// Knows of flows to an even conversation that they are TLS, and to whom.
class NamingHook final : public flow::PayloadHook {
 public:
  ~NamingHook() override {
    for (const auto& [slot, summary] : summaries_)
      if (summary->drop_reference()) delete summary;
  }
  bool on_packet(flow::Slot slot, const flow::FlowPacket& packet, flow::Direction,
                 flow::HookedFlow&) noexcept override {
    if (packet.wire_len % 2 != 0) return false;
    auto* summary = new flow::AppSummary;
    summary->name = "host" + std::to_string(packet.wire_len) + ".example";
    summaries_[slot] = summary;
    return false;
  }
  void describe(flow::Slot slot, flow::FlowRecord& record) noexcept override {
    const auto found = summaries_.find(slot);
    if (found == summaries_.end()) return;
    record.app_proto = "tls";
    record.app = found->second;
    record.app->take_reference();
  }
  void on_end(flow::Slot, int64_t, flow::HookedFlow&) noexcept override {}
  void release(flow::Slot) noexcept override {}

  [[nodiscard]] bool is_anything_shared() const {
    return std::any_of(summaries_.begin(), summaries_.end(),
                       [](const auto& entry) { return entry.second->is_shared(); });
  }

 private:
  std::map<flow::Slot, flow::AppSummary*> summaries_;
};

/// Flows 1 to `count`; flow N has a packet of 100 + N bytes.
struct Table {
  support::RecordCollector records = {};
  NamingHook hook = {};
  base::Result<flow::FlowShard> shard;

  explicit Table(uint32_t count)
      : shard(flow::FlowShard::create(
            {.max_flows = 64, .secret = support::test_secret(), .hook = &hook}, records)) {
    for (uint32_t number = 1; number <= count; ++number)
      shard->update(from_client(conversation(number), {.wire_len = 100 + number}));
  }

  [[nodiscard]] FlowListing list(const ListingOptions& options) const {
    auto slice = ListingSlice::create(options, {}, 64);
    REQUIRE(slice);
    while (!(*slice)->step(*shard, 1'000'000'000)) {
    }
    return {options, {*slice}};
  }
};

std::string text_of(const std::vector<FieldText>& fields, std::string_view name) {
  for (const FieldText& field : fields)
    if (field.name == name) return field.text;
  return "absent";
}

}  // namespace

TEST_CASE("listing: live flows have what the application layer knows, and give it back") {
  const Table table(6);
  {
    const FlowListing listing = table.list({.limit = 3});
    const ListingResult result = listing.result();
    REQUIRE(result.flows.size() == 3);
    CHECK(result.matched == 6);
    CHECK(result.flows[0].app_proto == std::string_view("tls"));
    CHECK(result.flows[0].app->name == "host106.example");
    CHECK(result.flows[1].app == nullptr);
    CHECK(table.hook.is_anything_shared());
  }
  CHECK_FALSE(table.hook.is_anything_shared());
}

TEST_CASE("listing: an expression on the application finds live flows") {
  const Table table(6);
  CHECK(table.list({.where = "app_proto == tls"}).result().matched == 3);
  CHECK(table.list({.where = "name == host104.example"}).result().matched == 1);
  CHECK(table.list({.where = "not app_proto"}).result().matched == 3);
}

TEST_CASE("listing: talkers by application, those of none among them") {
  const Table table(5);
  const auto talkers = table.list({.by = ListingOptions::By::Application}).result().talkers;
  REQUIRE(talkers.size() == 2);
  CHECK(talkers[0].row.application == nullptr);
  CHECK(talkers[0].row.bytes == 101 + 103 + 105);
  CHECK(talkers[1].row.application == std::string_view("tls"));
  CHECK(talkers[1].flows == 2);
}

TEST_CASE("listing: the fields of a flow are those of expressions, as these take them") {
  const Table table(2);
  const FlowListing listing = table.list({.where = "bytes == 102"});
  const ListingResult result = listing.result();
  REQUIRE(result.flows.size() == 1);
  const std::vector<FieldText> fields = listing.fields_of(result.flows[0]);
  CHECK(text_of(fields, "src_ip") == "10.0.0.2");
  CHECK(text_of(fields, "dest_port") == "443");
  CHECK(text_of(fields, "proto") == "TCP");
  CHECK(text_of(fields, "bytes") == "102");
  CHECK(text_of(fields, "duration") == "0s");
  CHECK(text_of(fields, "start") == "2023-11-14T22:13:20.000000+0000");
  CHECK(text_of(fields, "app_proto") == "tls");
  CHECK(text_of(fields, "name") == "host102.example");
  CHECK(text_of(fields, "end_reason") == "absent");
  for (const FieldText& field : fields) {
    INFO(field.name);
    CHECK(filter::find_field(field.name) != nullptr);
  }
}

TEST_CASE("listing: fields of IPv6 addresses and of TCP flags") {
  Table table(0);
  table.shard->update(from_client(support::conversation6(7), {.wire_len = 99, .tcp_flags = 0x12}));
  const FlowListing listing = table.list({});
  const std::vector<FieldText> fields = listing.fields_of(listing.result().flows.at(0));
  CHECK(text_of(fields, "src_ip").starts_with("2001:db8"));
  CHECK(text_of(fields, "tcp.flags") == "syn ack");
}

}  // namespace pktana::engine
