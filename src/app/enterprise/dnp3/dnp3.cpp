// SPDX-License-Identifier: Apache-2.0
// DNP3 over TCP and UDP: one dnp3 event for each application fragment, of requests and of
// responses; frames of the link layer alone tell nothing.
#include <array>
#include <vector>

#include "app/enterprise/dnp3/dnp3_frame.h"
#include "app/enterprise/dnp3/dnp3_objects.h"
#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "dnp3";
constexpr size_t kMaxFragment = 4096;

enum ApplicationFunction : uint8_t {
  kRead = 1,
  kWrite = 2,
  kDirectOperateNoAck = 6,
  kResponse = 129,
  kUnsolicited = 130,
};

void show_control(Fields& out, uint8_t control) noexcept {
  Object object = out.object("control");
  object.flag("dir", (control & 0x80) != 0);
  object.flag("pri", (control & 0x40) != 0);
  object.flag("fcb", (control & 0x20) != 0);
  object.flag("fcv", (control & 0x10) != 0);
  object.number("function_code", control & 0x0f);
}

void show_indications(Fields& out, uint8_t first, uint8_t second) noexcept {
  constexpr auto kNames = std::to_array<const char*>(
      {"all_stations", "class_1_events", "class_2_events", "class_3_events", "need_time",
       "local_control", "device_trouble", "device_restart", "no_func_code_support",
       "object_unknown", "parameter_error", "event_buffer_overflow", "already_executing",
       "config_corrupt", "reserved_2", "reserved_1"});
  Object iin = out.object("iin");
  const unsigned bits = first | unsigned{second} << 8;
  if (bits == 0) return;
  Array indicators = iin.array("indicators");
  for (size_t i = 0; i < kNames.size(); ++i)
    if ((bits >> i & 1) != 0) indicators.add(kNames[i]);
}

bool is_response(uint8_t function) noexcept {
  return function == kResponse || function == kUnsolicited;
}

Dnp3Content content_of(uint8_t function) noexcept {
  const bool has_data =
      is_response(function) || (function >= kWrite && function <= kDirectOperateNoAck);
  return has_data ? Dnp3Content::WithData : Dnp3Content::HeadersOnly;
}

/// @param fragment  two bytes at least, four of a response.
void show_application(Fields& out, Bytes fragment) noexcept {
  const uint8_t control = fragment[0];
  Object application = out.object("application");
  {
    Object object = application.object("control");
    object.flag("fir", (control & 0x80) != 0);
    object.flag("fin", (control & 0x40) != 0);
    object.flag("con", (control & 0x20) != 0);
    object.flag("uns", (control & 0x10) != 0);
    object.number("sequence", control & 0x0f);
  }
  const uint8_t function = fragment[1];
  application.number("function_code", function);
  const Bytes objects = fragment.subspan(is_response(function) ? 4 : 2);
  application.flag("complete", show_dnp3_objects(application, objects, content_of(function)));
}

class Dnp3 {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_UDP) {
      take_datagram(flow, chunk);
      return more(0);
    }
    if (chunk.bytes.size() < kDnp3Header) return wait_for(chunk, kDnp3Header);
    const size_t whole = dnp3_frame_length(chunk.bytes);
    if (whole == 0) return kDone;
    if (chunk.bytes.size() < whole) return wait_for(chunk, whole);
    take(flow, chunk, chunk.bytes.first(whole));
    return more(whole);
  }

 private:
  void take_datagram(const Flow& flow, const Chunk& chunk) noexcept {
    Bytes rest = chunk.bytes;
    while (rest.size() >= kDnp3Header) {
      const size_t whole = dnp3_frame_length(rest);
      if (whole == 0 || whole > rest.size()) return;
      take(flow, chunk, rest.first(whole));
      rest = rest.subspan(whole);
    }
  }

  /// Puts segments of the transport function (clause 8) together.
  void take(const Flow& flow, const Chunk& chunk, Bytes bytes) noexcept {
    constexpr uint8_t kFirst = 0x40, kFinal = 0x80;
    const auto frame = parse_dnp3_frame(bytes);
    if (!frame || frame->user_len == 0) return;
    std::vector<uint8_t>& fragment = fragments_[chunk.direction];
    const Bytes user = frame->user_data();
    if ((user[0] & kFirst) != 0)
      fragment.clear();
    else if (fragment.empty())
      return;  // its beginning is missing
    if (fragment.size() + user.size() > kMaxFragment) return fragment.clear();
    fragment.insert(fragment.end(), user.begin() + 1, user.end());
    if ((user[0] & kFinal) == 0) return;
    const size_t least = fragment.size() > 1 && is_response(fragment[1]) ? 4 : 2;
    if (fragment.size() >= least && flow.wants(kEvent)) show(flow, chunk, *frame, fragment);
    fragment.clear();
  }

  static void show(const Flow& flow, const Chunk& chunk, const Dnp3Frame& frame,
                   Bytes fragment) noexcept {
    const uint8_t function = fragment[1];
    Event event = flow.event(kEvent, chunk.direction, chunk.ts_ns);
    event.text("type", function == kResponse      ? "response"
                       : function == kUnsolicited ? "unsolicited_response"
                                                  : "request");
    show_control(event, frame.control);
    event.number("src", frame.src);
    event.number("dst", frame.dst);
    show_application(event, fragment);
    if (is_response(function)) show_indications(event, fragment[2], fragment[3]);
  }

  std::array<std::vector<uint8_t>, 2> fragments_;
};

pktana_match dnp3_frame(Bytes bytes) noexcept {
  const pktana_match match = begins_with(bytes, "\x05\x64");
  if (match != PKTANA_YES) return match;
  if (bytes.size() < kDnp3Header) return PKTANA_MAYBE;
  return dnp3_frame_length(bytes) != 0 ? PKTANA_YES : PKTANA_NO;
}

pktana_match dnp3(const Probe& probe) noexcept { return either(probe, dnp3_frame); }

constexpr uint16_t kPorts[] = {20000, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kDnp3 = dissector_of<Dnp3>({.name = "dnp3",
                                                   .events = kEvents,
                                                   .tcp_ports = kPorts,
                                                   .udp_ports = kPorts,
                                                   .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                  probed<dnp3>);

}  // namespace pktana::app::enterprise
