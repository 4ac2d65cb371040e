// SPDX-License-Identifier: Apache-2.0
// Every capture of ../shared/captures gives the packets, bytes and times that capinfos and tshark
// found.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <simdjson.h>

#include "config.h"
#include "ring/capture_file.h"
#include "support/catch.h"
#include "support/skip.h"

namespace pktana::ring {
namespace {

namespace fs = std::filesystem;

struct Totals {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t captured_bytes = 0;
  int64_t first_ns = 0;
  int64_t last_ns = 0;
  bool ends_in_error = false;
};

Totals totals_of(const fs::path& path) {
  Totals totals;
  auto file = CaptureFile::open({.path = path});
  while (file) {
    const auto batch = (*file)->next_batch();
    totals.ends_in_error = !batch;
    if (!batch || batch->state == Batch::State::End) return totals;
    for (const PacketRef& ref : batch->packets) {
      const bool first = totals.packets++ == 0;
      totals.bytes += ref.wire_len;
      totals.captured_bytes += ref.captured_len;
      totals.first_ns = first ? ref.ts_ns : std::min(totals.first_ns, ref.ts_ns);
      totals.last_ns = first ? ref.ts_ns : std::max(totals.last_ns, ref.ts_ns);
    }
  }
  totals.ends_in_error = true;
  return totals;
}

/// "1500000080.25" in ns; none for "n/a".
std::optional<int64_t> to_ns(std::string_view seconds) {
  int64_t ns = 0;
  int digits_behind_point = -1;
  for (const char c : seconds) {
    if (c == '.') {
      digits_behind_point = 0;
    } else if (c >= '0' && c <= '9') {
      ns = ns * 10 + (c - '0');
      if (digits_behind_point >= 0) ++digits_behind_point;
    } else {
      return std::nullopt;
    }
  }
  for (int digits = std::max(digits_behind_point, 0); digits < 9; ++digits)
    ns *= 10;
  return ns;
}

struct Oracle {
  Totals totals;
  std::optional<int64_t> first_ns;
  std::optional<int64_t> last_ns;
};

Oracle oracle_of(simdjson::dom::element json) {
  const simdjson::dom::element tshark = json["tshark"];
  Oracle oracle;
  oracle.totals.packets = tshark["packets"].get_uint64();
  oracle.totals.bytes = tshark["bytes"].get_uint64();
  oracle.totals.captured_bytes = tshark["captured_bytes"].get_uint64();
  oracle.totals.ends_in_error = tshark["status"].get_string().value() != "ok";
  std::string_view time;
  if (!json["file"]["capinfos"]["Start time"].get(time)) oracle.first_ns = to_ns(time);
  if (!json["file"]["capinfos"]["End time"].get(time)) oracle.last_ns = to_ns(time);
  return oracle;
}

/// Where the oracle is wrong, and what is right.
void correct(const std::string& name, Oracle& oracle) {
  // tshark counts custom blocks as packets; capinfos, like us, doesn't.
  if (name == "pcapng/ngtest_be-advanced-test102.pcapng") {
    oracle.totals = {.packets = 5, .bytes = 1480, .captured_bytes = 798};
  }
  if (name == "pcapng/ngtest_le-difficult-test202.pcapng") {
    oracle.totals = {.packets = 8, .bytes = 2304, .captured_bytes = 1040};
  }
  // if_tsresol is 2^-10 s, 200 ticks = 0.1953125 s; capinfos prints two digits of it.
  if (name == "pcapng/gopacket_le-test902.pcapng") {
    oracle.first_ns = oracle.last_ns = 1519128000195312500;
  }
  // Record 2 claims 1409179648 captured bytes. tshark takes the garbage for a header of another
  // pcap variant and makes one packet of it; tcpdump, like us, gives one packet and an error.
  if (name == "malformed/suricata_fuzz.pcap") {
    oracle.totals = {.packets = 1, .bytes = 188, .captured_bytes = 188, .ends_in_error = true};
  }
}

std::optional<fs::path> captures_folder() {
  const char* shared = std::getenv("PKTANA_SHARED");
  const fs::path folder = fs::path(shared != nullptr ? shared : "../shared") / "captures";
  if (fs::is_directory(folder)) return folder;
  CHECK(std::getenv("CI") == nullptr);
  support::skip_case("no captures in " + folder.string() + ", see PKTANA_SHARED");
  return std::nullopt;
}

void check_capture(const std::string& name, const fs::path& path, const Oracle& oracle) {
  CAPTURE(name);
  const Totals totals = totals_of(path);
  CHECK(totals.packets == oracle.totals.packets);
  CHECK(totals.bytes == oracle.totals.bytes);
  CHECK(totals.captured_bytes == oracle.totals.captured_bytes);
  CHECK(totals.ends_in_error == oracle.totals.ends_in_error);
  if (oracle.first_ns) CHECK(totals.first_ns == *oracle.first_ns);
  if (oracle.last_ns) CHECK(totals.last_ns == *oracle.last_ns);
}

TEST_CASE("captures: packets, bytes and times are those of the oracles") {
  const auto folder = captures_folder();
  if (!folder) return;
  const std::string suffix = ".oracle.json";
  simdjson::dom::parser parser;
  size_t captures = 0;
  for (const auto& entry : fs::recursive_directory_iterator(*folder)) {
    std::string path = entry.path();
    if (!path.ends_with(suffix)) continue;
    ++captures;
    const simdjson::dom::element json = parser.load(path);
    path.resize(path.size() - suffix.size());
    if (!PKTANA_HAVE_ZLIB && path.ends_with(".gz")) continue;
    const std::string name = fs::relative(path, *folder);
    Oracle oracle = oracle_of(json);
    correct(name, oracle);
    check_capture(name, path, oracle);
  }
  CHECK(captures == 314);
}

}  // namespace
}  // namespace pktana::ring
