// SPDX-License-Identifier: Apache-2.0
#include "app/toy_dissectors.h"

#include <charconv>
#include <string>

#include "app/dissector.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

constexpr const char* kToyEvents[] = {"toy", nullptr};
constexpr const char* kOtherEvents[] = {"other", nullptr};
constexpr uint16_t kSilentPorts[] = {7777, 0};

pktana_match begins_with(const pktana_probe* raw, std::string_view word) {
  const Probe probe(*raw);
  bool open = false;
  for (const Bytes bytes : {probe.to_server(), probe.to_client()}) {
    const std::string_view text = text_of(bytes);
    if (text.starts_with(word)) return PKTANA_YES;
    open |= word.starts_with(text);
  }
  return open ? PKTANA_MAYBE : PKTANA_NO;
}

pktana_match probe_toy(const pktana_probe* raw) { return begins_with(raw, "TOY "); }
pktana_match probe_other(const pktana_probe* raw) { return begins_with(raw, "OTHER"); }
pktana_match probe_silent(const pktana_probe* raw) { return begins_with(raw, "SILENT"); }
pktana_match probe_late(const pktana_probe* raw) {
  return Probe(*raw).latest().size() < 8 ? PKTANA_MAYBE : PKTANA_NO;
}
pktana_match probe_fallback(const pktana_probe* raw) {
  return text_of(Probe(*raw).latest()).starts_with("left") ? PKTANA_YES : PKTANA_NO;
}

uint64_t number_behind(std::string_view line, std::string_view word) {
  uint64_t number = 0;
  std::from_chars(line.data() + word.size(), line.data() + line.size(), number);
  return number;
}

class Toy {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    const std::string_view text = text_of(chunk.bytes);
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      if (chunk.ended) flow.event("toy", chunk.direction, chunk.ts_ns).text("end", text);
      return more(0);
    }
    return on_line(flow, chunk, text.substr(0, end));
  }

  pktana_step on_gap(Flow flow, uint8_t direction, uint64_t missing) noexcept {
    flow.event("toy", direction, 0).number("gap", missing);
    return more(0);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    flow.event("toy", PKTANA_TO_SERVER, ts_ns).flag("over", true);
  }

 private:
  pktana_step on_line(Flow flow, const Chunk& chunk, std::string_view line) noexcept {
    const uint64_t used = line.size() + 1;
    if (line == "done") return kDone;
    if (line == "reject") return kReject;
    if (line.starts_with("skip ")) return more(used + number_behind(line, "skip "));
    if (line.starts_with("need ")) return more(used, number_behind(line, "need "));
    if (line.starts_with("name ")) flow.set_name(line.substr(5), PKTANA_NAME_OTHER);
    if (line.starts_with("expect "))
      flow.expect(PKTANA_TCP, false, static_cast<uint16_t>(number_behind(line, "expect ")),
                  "other");
    if (line.starts_with("change")) {
      flow.change_protocol(line == "change other" ? "other" : nullptr);
      return change(used);
    }
    auto event = flow.event("toy", chunk.direction, chunk.ts_ns);
    event.text("line", line);
    event.number_beside("at", chunk.offset);
    return more(used);
  }
};

class Other {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    flow.event("other", chunk.direction, chunk.ts_ns).text("bytes", text_of(chunk.bytes));
    return more(chunk.bytes.size());
  }
};

constexpr uint32_t kBoth = PKTANA_ON_TCP | PKTANA_ON_UDP;
constexpr pktana_dissector kToy = dissector_of<Toy>(
    {.name = "toy", .events = kToyEvents, .protocols = kBoth, .flags = PKTANA_SETS_ATTRIBUTES},
    probe_toy);
constexpr pktana_dissector kOther =
    dissector_of<Other>({.name = "other", .events = kOtherEvents, .protocols = kBoth}, probe_other);
constexpr pktana_dissector kLate = recogniser({.name = "late"}, probe_late);
constexpr pktana_dissector kSilent =
    recogniser({.name = "silent", .tcp_ports = kSilentPorts, .protocols = kBoth}, probe_silent);
constexpr pktana_dissector kFallback =
    recogniser({.name = "fallback", .flags = PKTANA_FALLBACK, .priority = 1}, probe_fallback);

}  // namespace

const Registry& toy_registry() {
  static const Registry registry = [] {
    Registry made;
    for (const pktana_dissector* one : {&kFallback, &kToy, &kOther, &kLate, &kSilent})
      REQUIRE(made.add(*one, nullptr));
    return made;
  }();
  return registry;
}

}  // namespace pktana::app
