// SPDX-License-Identifier: Apache-2.0
#include "top/model.h"

#include "support/catch.h"
#include "top/figures.h"
#include "top/snapshots.h"

namespace pktana::top {
namespace {

std::vector<uint64_t> ids(const std::vector<const Flow*>& flows) {
  std::vector<uint64_t> all;
  for (const Flow* one : flows)
    all.push_back(one->id);
  return all;
}

const Flow& flow_of(const Model& model, uint64_t id) {
  for (const Flow& one : model.now().flows)
    if (one.id == id) return one;
  FAIL("no such flow");
  return model.now().flows.front();
}

}  // namespace

TEST_CASE("model: rates are between two snapshots") {
  Model model;
  CHECK(model.is_empty());
  model.update(snapshot(0, {flow(1, 1000)}));
  CHECK_FALSE(model.has_rates());
  model.update(snapshot(2, {flow(1, 5000), flow(2, 600)}));
  REQUIRE(model.has_rates());
  CHECK(model.rates().packets == (56 - 10) / 2.0);
  CHECK(model.rates().bytes == (5600 - 1000) / 2.0);
  CHECK(model.rates().new_flows == 0.5);
  CHECK(model.rates().drops == 0);
  CHECK(model.packets().size() == 1);
  CHECK(model.flows() == History{1, 2});
}

TEST_CASE("model: a flow has the rate since it was last seen, a new one since it is there") {
  Model model;
  model.update(snapshot(0, {flow(1, 1000), flow(2, 1000)}));
  CHECK_FALSE(flow_of(model, 1).rate);
  model.update(snapshot(1, {flow(1, 3000)}));
  CHECK(flow_of(model, 1).rate == 2000);
  model.update(snapshot(4, {flow(1, 3000), flow(2, 5000), flow(3, 600)}));
  CHECK(flow_of(model, 1).rate == 0);
  CHECK(flow_of(model, 2).rate == 1000);  // 4000 bytes in the 4 seconds since it was listed
  CHECK(flow_of(model, 3).rate == 200);
}

TEST_CASE("model: a flow that was perhaps only not listed has no rate, unless it is younger") {
  Model model;
  Snapshot part = snapshot(0, {flow(1, 1000)});
  part.flows_matched = 7;
  model.update(part);
  Flow old = flow(2, 9000);
  old.start_ns = kBegin - kSecond;
  Flow young = flow(3, 800);
  young.start_ns = kBegin + kSecond / 2;
  Snapshot next = snapshot(1, {flow(1, 1000), old, young});
  next.flows_matched = 9;
  model.update(next);
  CHECK_FALSE(flow_of(model, 2).rate);
  CHECK(flow_of(model, 3).rate == 800);
  // So it is for another filter, whatever the one before it listed.
  Snapshot filtered = snapshot(2, {old});
  filtered.where = "dest_port == 443";
  Model other;
  other.update(snapshot(1, {}));
  other.update(filtered);
  CHECK_FALSE(flow_of(other, 2).rate);
}

TEST_CASE("model: talkers have the rates of their flows") {
  Model model;
  model.update(snapshot(0, {flow(1, 1000), flow(2, 1000)}));
  model.update(snapshot(1, {flow(1, 1500), flow(2, 3000)}));
  const auto& hosts = model.now().hosts;
  REQUIRE(hosts.size() == 3);
  CHECK(hosts[0].name == "198.18.1.1");
  CHECK(hosts[0].rate == 2500);
  CHECK(hosts[0].bytes == 4500);
  CHECK(hosts[0].flows == 2);
  CHECK(hosts[1].name == "198.18.0.2");
  CHECK(hosts[1].rate == 2000);
  CHECK(model.now().applications[0].name == "tls");
  CHECK(model.now().applications[0].rate == 2500);
}

TEST_CASE("model: two snapshots that are hardly apart leave the rates as they are") {
  Model model;
  model.update(snapshot(0, {flow(1, 1000)}));
  model.update(snapshot(1, {flow(1, 2000)}));
  Snapshot soon = snapshot(1, {flow(1, 9000)});
  soon.taken_ns += 10'000'000;
  model.update(soon);
  CHECK(model.rates().bytes == 1000);
  CHECK(model.packets().size() == 1);
  CHECK(model.now().counters.bytes == 9000);
}

TEST_CASE("model: a daemon that began anew gives no rate below zero") {
  Model model;
  model.update(snapshot(0, {flow(1, 100000)}));
  model.update(snapshot(1, {flow(1, 100)}));
  CHECK(model.rates().bytes == 0);
  CHECK(flow_of(model, 1).rate == 0);
}

TEST_CASE("model: flows are in the order that is asked for") {
  Model model;
  model.update(snapshot(0, {flow(1, 300), flow(2, 200), flow(3, 100)}));
  model.update(snapshot(1, {flow(1, 300), flow(2, 250), flow(3, 200)}));
  CHECK(ids(model.sorted_flows(Sort::Bytes, false)) == std::vector<uint64_t>{1, 2, 3});
  CHECK(ids(model.sorted_flows(Sort::Bytes, true)) == std::vector<uint64_t>{3, 2, 1});
  CHECK(ids(model.sorted_flows(Sort::Rate, false)) == std::vector<uint64_t>{3, 2, 1});
  CHECK(ids(model.sorted_flows(Sort::Duration, false)) == std::vector<uint64_t>{3, 2, 1});
  CHECK(ids(model.sorted_flows(Sort::Last, false)) == std::vector<uint64_t>{3, 2, 1});
  CHECK(ids(model.sorted_flows(Sort::Start, false)) == std::vector<uint64_t>{1, 2, 3});
}

TEST_CASE("model: what is kept of the past has an end") {
  Model model;
  for (int64_t second = 0; second < 600; ++second)
    model.update(snapshot(second, {flow(1, static_cast<uint64_t>(second))}));
  CHECK(model.packets().size() == Model::kMaxHistory);
  CHECK(model.flows().size() == Model::kMaxHistory);
}

TEST_CASE("figures: a sparkline ends with the newest value, and is as high as the highest") {
  CHECK(sparkline({1, 2, 4, 8}, 6) == "  ▁▂▄█");
  CHECK(sparkline({8, 0, 8}, 2) == " █");
  CHECK(sparkline({0, 0}, 2) == "  ");
  CHECK(sparkline({0.001, 1000}, 2) == "▁█");  // what is not nothing shows
  CHECK(sparkline({}, 3) == "   ");
}

TEST_CASE("figures: numbers are short, and what is not nothing does not look like it") {
  CHECK(bits_text(1000) == "8.0k");
  CHECK(percent_text(1, 100'000) == "<0.01%");
  CHECK(percent_text(1, 200) == "0.50%");
  CHECK(percent_text(1, 4) == "25.0%");
  CHECK(percent_text(0, 0) == "-");
  CHECK(duration_text(1'550'000'000) == "1.6s");
  CHECK(span_text(3723 * kSecond) == "01:02:03");
  CHECK(clock_text(kBegin) == "22:13:20 UTC");
  CHECK(bar(1, 1000, 10) == "█");
  CHECK(bar(5, 10, 4) == "██");
}

}  // namespace pktana::top
