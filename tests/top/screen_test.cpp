// SPDX-License-Identifier: Apache-2.0
#include "top/screen.h"

#include <algorithm>
#include <sstream>

#include "support/catch.h"
#include "top/json.h"
#include "top/snapshots.h"

namespace pktana::top {
namespace {

Model two_looks() {
  Model model;
  model.update(snapshot(0, {flow(1, 1000), flow(2, 1000)}));
  model.update(snapshot(1, {flow(1, 2000), flow(2, 9000)}));
  return model;
}

std::string screen(const Model& model, const State& state, const Look& look = {}) {
  return draw(model, state, look).text(false);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Style style_at(const Grid& grid, const std::string& part) {
  const std::vector<std::string> lines = lines_of(grid.text(false));
  for (unsigned row = 0; row < lines.size(); ++row)
    if (const size_t column = lines[row].find(part); column != std::string::npos)
      return grid.at(row, static_cast<unsigned>(column)).style;
  FAIL("not on the screen: " + part);
  return Style::Plain;
}

}  // namespace

TEST_CASE("screen: the smallest one, cell for cell") {
  Look look;
  look.title = "eth0";
  CHECK(screen(two_looks(), {}, look) ==
        R"( pktana top  eth0                                        00:00:01  22:13:21 UTC
 packets/s      90                        █ peak 90  total 110
 bit/s         72k                        █ peak 72k  total 11kB
 flows           2                       ██ 0 new/s  total 2
 drops/s         0                          lost 0  ring 10%
  1 flows  2 talkers  3 protocols  4 applications  5 losses
 SOURCE                DESTINATION           PROTO APP     BIT/S  BYTES  PKTS
 198.18.0.2:40002      198.18.1.1:443        TCP   tls       64k  9.0kB    90
 198.18.0.1:40001      198.18.1.1:443        TCP   tls      8.0k  2.0kB    20













 2 flows
 q quit  ? help  / filter  s sort:rate  r reverse  Enter details  Space pause
)");
}

TEST_CASE("screen: a wider one says more of each flow, a taller one has lists below") {
  const std::string wide = screen(two_looks(), {}, {.columns = 160, .rows = 40});
  CHECK(has(wide, "host2.example"));
  CHECK(has(wide, "DURATION STATE       INTERFACE"));
  CHECK(has(wide, "established eth0"));
  CHECK(has(wide, "TALKERS"));
  CHECK(has(wide, "APPLICATIONS"));
  CHECK(has(wide, "PROTOCOLS"));
  for (const std::string& line : lines_of(wide))
    CHECK(line.size() <= 160 + 200);  // bytes: a block is three
  CHECK_FALSE(has(screen(two_looks(), {}), "TALKERS"));
}

TEST_CASE("screen: below 80x24 there is a message, whatever the size") {
  const std::string small = screen(two_looks(), {}, {.columns = 60, .rows = 20});
  CHECK(has(small, "80x24"));
  CHECK(has(small, "60x20"));
  for (unsigned size = 1; size < 24; ++size)
    CHECK_FALSE(screen(two_looks(), {}, {.columns = size, .rows = size}).empty());
}

TEST_CASE("screen: each page of each size keeps to its cells") {
  Model model;
  std::vector<Flow> flows;
  for (uint64_t id = 1; id <= 200; ++id)
    flows.push_back(flow(id, id * 1000));
  flows[3].src = flows[3].dst = "2001:db8:1111:2222:3333:4444:5555:6666";
  model.update(snapshot(0, {}));
  model.update(snapshot(1, flows));
  State state;
  state.fields = FlowFields{{"src_ip", "198.18.0.1"}, {"bytes", "1000"}};
  for (const auto& [columns, rows] : {std::pair(80U, 24U), {81U, 25U}, {120U, 40U}, {200U, 60U}})
    for (unsigned page = 0; page < kPageCount; ++page)
      for (const bool detailed : {false, true}) {
        state.page = static_cast<Page>(page);
        state.detailed = detailed ? std::optional<uint64_t>(1) : std::nullopt;
        state.cursor = 57;
        const Grid grid = draw(model, state, {.columns = columns, .rows = rows});
        CHECK(grid.columns() == columns);
        CHECK(lines_of(grid.text(false)).size() <= rows);
      }
}

TEST_CASE("screen: the page of the list that the cursor is on") {
  std::vector<Flow> flows;
  for (uint64_t id = 1; id <= 100; ++id)
    flows.push_back(flow(id, id * 1000));
  Model model;
  model.update(snapshot(0, {}));
  model.update(snapshot(1, flows));
  State state;
  state.wanted.sort = Sort::Bytes;
  const std::string first = screen(model, state);
  CHECK(has(first, "198.18.0.100:40100"));
  CHECK(has(first, "100 flows  page 1/7"));
  state.cursor = 99;
  const std::string last = screen(model, state);
  CHECK(has(last, "198.18.0.1:40001"));
  CHECK_FALSE(has(last, "198.18.0.100:40100"));
  CHECK(has(last, "page 7/7"));
}

TEST_CASE("screen: what was lost is red, and so is a ring that is nearly full") {
  Model model = two_looks();
  CHECK(style_at(draw(model, {}, {}), "lost 0") == Style::Plain);
  Snapshot next = snapshot(2, {flow(1, 3000)});
  next.counters.ring_fill = 0.6;
  model.update(next);
  CHECK(style_at(draw(model, {}, {}), "ring 60%") == Style::Warning);
  next.taken_ns += kSecond;
  next.counters.ring_fill = 0.95;
  next.counters.drops = 30;
  next.interfaces = {{.name = "eth0", .packets = 130, .drops = 30}};
  next.ledger = {{.name = "kernel",
                  .total_name = "packets_seen",
                  .total = 130,
                  .parts = {{"captured", 100}, {"ring_drops", 30}}},
                 {.name = "flow", .total_name = "flows_created", .total = 7, .balanced = false}};
  next.troubles = {"/var/log/eve.json: disk full"};
  model.update(next);
  State state;
  const Grid flows = draw(model, state, {});
  CHECK(has(flows.text(false), "lost 30 (50.0%)  ring 95%"));
  CHECK(style_at(flows, "ring 95%") == Style::Bad);
  CHECK(style_at(flows, "5 losses") == Style::Bad);
  state.page = Page::Losses;
  const Grid losses = draw(model, state, {});
  CHECK(style_at(losses, "eth0: 130 packets, 30 dropped (23.1%)") == Style::Bad);
  CHECK(style_at(losses, "= captured 100 + ring_drops 30") == Style::Bad);
  CHECK(style_at(losses, "DOES NOT BALANCE") == Style::Bad);
  CHECK(style_at(losses, "/var/log/eve.json: disk full") == Style::Bad);
}

TEST_CASE("screen: nothing of a packet gets to the terminal as it was") {
  Flow hostile = flow(1, 1000);
  hostile.name =
      "a\x1b[2J\x07\xff\xc2\x9b"
      "31m\xe2\x80\xae"
      "evil\r\n";
  hostile.application = "\x1b]0;x\x07";
  Model model;
  model.update(snapshot(0, {hostile}));
  State state;
  state.fields = FlowFields{{"name", hostile.name}};
  for (const bool utf8 : {true, false})
    for (const std::optional<uint64_t> detailed : {std::optional<uint64_t>(), {1}}) {
      state.detailed = detailed;
      const std::string text =
          draw(model, state, {.columns = 200, .rows = 40, .utf8 = utf8}).text(false);
      CHECK(has(text, R"(a\u001b[2J\u0007\u00ff)"));
      CHECK(std::none_of(text.begin(), text.end(),
                         [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; }));
      CHECK_FALSE(has(text, "\xc2\x9b"));
      CHECK_FALSE(has(text, "\xe2\x80\xae"));  // turns the direction of writing
      if (!utf8)
        CHECK(std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }));
    }
}

TEST_CASE("grid: a locale without UTF-8 has the levels of a sparkline in ASCII") {
  Grid grid(12, 1, false);
  grid.put({.row = 0, .column = 0, .width = 8}, "▁▂▃▄▅▆▇█");
  CHECK(grid.text(false) == ".:-=+*#@\n");
}

TEST_CASE("grid: what is too long is cut at its end, or in its middle") {
  Grid grid(20, 3, true);
  grid.put({.row = 0, .column = 0, .width = 6}, "abcdefghij");
  grid.put({.row = 1, .column = 0, .width = 10}, "2001:db8::1:443", Style::Plain, Align::Ends);
  CHECK(grid.put({.row = 2, .column = 4, .width = 100}, "right", Style::Plain, Align::Right) == 20);
  CHECK(grid.text(false) == "abcde…\n200…:1:443\n               right\n");
  CHECK(grid.put({.row = 9, .column = 0, .width = 5}, "away") == 0);
}

TEST_CASE("grid: with colour each change of style is a sequence, without there is none") {
  Grid grid(10, 2, true);
  grid.put({.row = 0, .column = 0, .width = 10}, "ab", Style::Bad);
  grid.put({.row = 0, .column = 3, .width = 10}, "c");
  CHECK(grid.text(true) == "\x1b[1;31mab\x1b[0m c\n");
  CHECK(grid.text(false) == "ab c\n");
}

TEST_CASE("screen: the expression that is typed, and what is wrong with it") {
  State state;
  state.prompt = "dest_port ==";
  state.complaint = "the expression breaks off\n  dest_port ==\n              ^";
  const std::string text = screen(two_looks(), state);
  CHECK(has(text, " where: dest_port ==_\n"));
  CHECK(has(text, "\n               ^\n"));
  state.prompt = std::string(200, 'x') + "end";
  CHECK(has(screen(two_looks(), state), "xxend_"));
}

TEST_CASE("json: rates, flows in their order, and talkers") {
  const std::string text = json_of(two_looks(), {});
  CHECK(text.starts_with(R"({"packets":110,"bytes":11000,"drops":0,"ring_fill":0.100,)"));
  CHECK(has(text, R"("packets_per_second":90,"bytes_per_second":9000,)"));
  CHECK(has(text, R"("flows":[{"flow_id":2,"in_iface":"eth0","src_ip":"198.18.0.2",)"));
  CHECK(has(text, R"("talkers":[{"name":"198.18.1.1","bytes_per_second":9000,)"));
}

}  // namespace pktana::top
