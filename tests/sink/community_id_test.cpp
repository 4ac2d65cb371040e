// SPDX-License-Identifier: Apache-2.0
#include "sink/community_id.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <simdjson.h>

#include "sample_records.h"
#include "support/catch.h"
#include "support/skip.h"

namespace pktana::sink {
namespace {

std::string id_of(CommunityId& community_id, const flow::FlowRecord& record) {
  char text[CommunityId::kTextBytes];
  REQUIRE(community_id.put(text, record) == text + sizeof text);
  return {text, sizeof text};
}

/// A tuple of the specification's baseline; for ICMP its ports are the type and the code, or the
/// type that answers.
flow::FlowRecord record_of(const simdjson::dom::object& tuple) {
  flow::FlowRecord record;
  record.protocol = static_cast<uint8_t>(uint64_t(tuple["proto"]));
  set_addresses(record, std::string(std::string_view(tuple["saddr"])).c_str(),
                std::string(std::string_view(tuple["daddr"])).c_str());
  if (tuple["sport"].is_null()) return record;
  const auto sport = static_cast<uint16_t>(uint64_t(tuple["sport"]));
  const auto dport = static_cast<uint16_t>(uint64_t(tuple["dport"]));
  record.src_port = sport;
  record.dst_port = dport;
  record.icmp_type = static_cast<uint8_t>(sport);
  record.icmp_code = static_cast<uint8_t>(dport);
  return record;
}

size_t check_baseline(const std::filesystem::path& file, uint16_t seed) {
  auto community_id = CommunityId::create(seed);
  REQUIRE(community_id);
  simdjson::dom::parser parser;
  size_t count = 0;
  for (const simdjson::dom::object tuple : simdjson::dom::array(parser.load(file.string()))) {
    INFO("tuple " << count << " of " << file);
    CHECK(id_of(*community_id, record_of(tuple)) == std::string_view(tuple["communityid"]));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("community id: all tuples of the specification's baselines") {
  const char* shared = std::getenv("PKTANA_SHARED");
  const auto folder = std::filesystem::path(shared == nullptr ? "" : shared) / "schemas";
  if (!std::filesystem::exists(folder)) {
    support::skip_case("no Community ID baselines, see PKTANA_SHARED");
    return;
  }
  CHECK(check_baseline(folder / "community-id-baseline.json", 0) == 23);
  CHECK(check_baseline(folder / "community-id-baseline-seed1.json", 1) == 23);
}

TEST_CASE("community id: a known connection, in both directions") {
  auto community_id = CommunityId::create(0);
  REQUIRE(community_id);
  flow::FlowRecord record = tcp_record();
  set_addresses(record, "128.232.110.120", "66.35.250.204");
  record.src_port = 34855;
  CHECK(id_of(*community_id, record) == "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  std::swap(record.src, record.dst);
  std::swap(record.src_port, record.dst_port);
  CHECK(id_of(*community_id, record) == "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
}

TEST_CASE("community id: a record leaves nothing behind for the next one") {
  auto community_id = CommunityId::create(0);
  REQUIRE(community_id);
  const std::string first = id_of(*community_id, tcp_record());
  const std::string other = id_of(*community_id, ping_record());
  CHECK(other == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  CHECK(id_of(*community_id, tcp_record()) == first);
}

}  // namespace pktana::sink
