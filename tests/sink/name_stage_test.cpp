// SPDX-License-Identifier: Apache-2.0
#include "sink/name_stage.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

using flow::AppEvent;
using flow::AppSummary;
using flow::FlowRecord;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = kSampleStartNs;

/// A DNS client is told that `address` is called `name`.
FlowRecord told(const char* client, const char* address, const char* name, int64_t at_ns = kNow) {
  FlowRecord record = udp_record();
  set_addresses(record, client, "9.9.9.9");
  record.end_ns = at_ns;
  auto event = std::make_unique<AppEvent>();
  auto& learned = event->learned.emplace();
  FlowRecord parsed = record;
  set_addresses(parsed, address, address);
  learned.ip_version = parsed.ip_version;
  learned.address = parsed.src;
  learned.name = name;
  learned.ttl_s = 60;
  record.event = event.release();
  return record;
}

FlowRecord flow_to(const char* client, const char* server, int64_t start_ns = kNow + kSecond) {
  FlowRecord record = tcp_record();
  set_addresses(record, client, server);
  record.start_ns = start_ns;
  return record;
}

/// Gives back what came out.
class Stage {
 public:
  std::vector<FlowRecord> pass(const std::vector<FlowRecord>& records) {
    const auto out = stage.pass(records);
    kept_.insert(kept_.end(), out.begin(), out.end());
    return {out.begin(), out.end()};
  }
  std::string name_of(const FlowRecord& record) {
    const auto out = pass({record});
    REQUIRE(out.size() == 1);
    return out[0].app == nullptr ? "" : out[0].app->name;
  }
  ~Stage() { flow::drop_belongings(kept_); }

  NameStage stage{{.secret = *base::HashSecret::from_hex("7e57")}};

 private:
  std::vector<FlowRecord> kept_;
};

}  // namespace

TEST_CASE("names: a flow is named after the answer that its client had") {
  Stage run;
  CHECK(run.pass({told("10.0.0.1", "192.0.2.7", "www.example")}).empty());
  CHECK(run.stage.learned() == 1);
  const auto out = run.pass({flow_to("10.0.0.1", "192.0.2.7", kNow + 12 * kSecond)});
  REQUIRE(out[0].app != nullptr);
  CHECK(out[0].app->name == "www.example");
  CHECK(out[0].app->name_source == flow::NameSource::DnsAnswer);
  CHECK(out[0].app->name_age_s == 12);
  CHECK_FALSE(out[0].app->name_ambiguous);
}

TEST_CASE("names: what one client was told says nothing of another's flows") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "www.example")});
  CHECK(run.name_of(flow_to("10.0.0.2", "192.0.2.7")).empty());
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.8")).empty());
}

TEST_CASE("names: an answer that came after the flow began is not about it") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "www.example", kNow + 2 * kSecond)});
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", kNow)).empty());
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", kNow + 2 * kSecond)) == "www.example");
}

TEST_CASE("names: an answer that is told again still names flows from before that") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "www.example", kNow),
            told("10.0.0.1", "192.0.2.7", "www.example", kNow + 100 * kSecond)});
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", kNow + 50 * kSecond)) == "www.example");
}

TEST_CASE("names: an address with several has the one told last, and says so") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "a.example", kNow),
            told("10.0.0.1", "192.0.2.7", "b.example", kNow + kSecond)});
  const auto out = run.pass({flow_to("10.0.0.1", "192.0.2.7", kNow + 2 * kSecond)});
  CHECK(out[0].app->name == "b.example");
  CHECK(out[0].app->name_ambiguous);
}

TEST_CASE("names: of many names of an address the oldest are forgotten") {
  Stage run;
  for (int i = 0; i < 10; ++i)
    run.pass({told("10.0.0.1", "192.0.2.7", std::string(1, static_cast<char>('a' + i)).c_str(),
                   kNow + i * kSecond)});
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", kNow + 9 * kSecond)) == "j");
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", kNow + 5 * kSecond)).empty());
}

TEST_CASE("names: an old answer is no name any more") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "www.example")});
  const int64_t last = kNow + NameStage::kLeastHoldNs;
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", last)) == "www.example");
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.2.7", last + 1)).empty());
}

TEST_CASE("names: a better name stays, what else is known of the flow stays too") {
  Stage run;
  run.pass({told("10.0.0.1", "192.0.2.7", "cdn.example")});
  FlowRecord named = flow_to("10.0.0.1", "192.0.2.7");
  auto app = std::make_unique<AppSummary>();
  app->name = "www.example";
  app->name_source = flow::NameSource::TlsSni;
  named.app = app.release();
  CHECK(run.name_of(named) == "www.example");

  FlowRecord unnamed = flow_to("10.0.0.1", "192.0.2.7");
  auto prints = std::make_unique<AppSummary>();
  prints->fingerprints = {{"ja3", "0123"}};
  unnamed.app = prints.release();
  const auto out = run.pass({unnamed});
  CHECK(out[0].app->name == "cdn.example");
  REQUIRE(out[0].app->fingerprints.size() == 1);
}

TEST_CASE("names: IPv6 addresses have names as well") {
  Stage run;
  run.pass({told("2001:db8::1", "2001:db8::2", "six.example")});
  CHECK(run.stage.learned() == 1);
}

TEST_CASE("names: of more addresses than there is room for the oldest goes") {
  Stage run;
  const auto address = [](size_t i) {
    return "10." + std::to_string(i >> 16) + '.' + std::to_string(i >> 8 & 255) + '.' +
           std::to_string(i & 255);
  };
  for (size_t i = 0; i <= NameStage::kMaxPairs; ++i)
    run.pass({told("10.0.0.1", address(i).c_str(), "x")});
  CHECK(run.name_of(flow_to("10.0.0.1", address(0).c_str())).empty());
  CHECK(run.name_of(flow_to("10.0.0.1", address(1).c_str())) == "x");
}

TEST_CASE("names: a pair that is told of again is not the oldest any more") {
  Stage run;
  const auto tell = [&run](size_t i) {
    const std::string address = "192.0." + std::to_string(i >> 8) + '.' + std::to_string(i & 255);
    const std::string client = "10." + std::to_string(i >> 8) + ".0.1";
    run.pass({told(client.c_str(), address.c_str(), "x")});
  };
  for (size_t i = 0; i < NameStage::kMaxPairs; ++i)
    tell(i);
  tell(0);
  tell(NameStage::kMaxPairs - 1);
  run.pass({told("10.0.0.1", "198.18.0.1", "new"), told("10.0.0.1", "198.18.0.2", "new")});
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.0.0")) == "x");
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.0.1")).empty());
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.0.2")).empty());
  CHECK(run.name_of(flow_to("10.0.0.1", "192.0.0.3")) == "x");
  CHECK(run.name_of(flow_to("10.0.0.1", "198.18.0.1")) == "new");
}

TEST_CASE("names: an index finds what is in, whatever went before") {
  PairIndex index;
  std::map<uint32_t, uint32_t> hashes;  // by entry
  std::mt19937 random(7);
  // Few homes, some at the end of the table: long runs, which wrap around.
  const auto find = [&](uint32_t entry, uint32_t hash) {
    return index.find(hash, [entry](uint32_t one) { return one == entry; });
  };
  for (int i = 0; i < 20000; ++i) {
    const auto entry = static_cast<uint32_t>(random() % 200);
    const auto in = hashes.find(entry);
    if (in != hashes.end()) {
      REQUIRE(find(entry, in->second) == entry);
      index.erase(in->second, entry);
      REQUIRE(find(entry, in->second) == PairIndex::kNone);
      hashes.erase(in);
    } else {
      const auto hash = static_cast<uint32_t>((random() % 40 << 17) - random() % 30);
      index.insert(hash, entry);
      hashes[entry] = hash;
    }
  }
  for (const auto& [entry, hash] : hashes)
    REQUIRE(find(entry, hash) == entry);
}

TEST_CASE("names: records pass untouched while nobody was told anything") {
  NameStage stage{{}};
  const std::vector<FlowRecord> records{tcp_record(), udp_record()};
  const auto out = stage.pass(records);
  CHECK(out.data() == records.data());
  CHECK(out.size() == 2);
}

}  // namespace pktana::sink
