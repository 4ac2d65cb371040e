// SPDX-License-Identifier: Apache-2.0
// DCE/RPC over TCP: a call and its answer are one dcerpc event. Over UDP (C706 12.5.3.1) it is
// recognised only.
#include <algorithm>
#include <vector>

#include "app/enterprise/dcerpc/dcerpc_message.h"
#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "dcerpc";
constexpr size_t kLook = 4096;  ///< of each fragment; the rest is arguments
constexpr size_t kMaxOpen = 16;

class Dcerpc {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_UDP) return kDone;
    if (chunk.bytes.size() < kDcerpcHeader) return wait_for(chunk, kDcerpcHeader);
    const auto header = parse_dcerpc_header(chunk.bytes);
    if (!header) return kDone;
    const size_t whole = header->fragment_len;
    const size_t needed = std::min(whole, kLook);
    if (chunk.bytes.size() < needed && !chunk.ended) return more(0, needed);
    const Bytes fragment = chunk.bytes.first(std::min(whole, chunk.bytes.size()));
    if (is_dcerpc_request(header->type))
      ask(flow, chunk, *header, fragment);
    else if (header->type != DcerpcType::Auth3)
      answer(flow, chunk, *header, fragment);
    return more(whole);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    for (const Open& open : open_)
      show(flow, open, nullptr, ts_ns);
    open_.clear();
  }

 private:
  struct Open {
    DcerpcHeader header;
    uint8_t direction = PKTANA_TO_SERVER;
    std::vector<DcerpcInterface> interfaces;
    std::optional<uint16_t> opnum;
    uint32_t fragments = 0, stub = 0;
    uint32_t answer_fragments = 0, answer_stub = 0;
  };

  void ask(const Flow& flow, const Chunk& chunk, const DcerpcHeader& header,
           Bytes fragment) noexcept {
    if (header.type == DcerpcType::Request && !header.is_first) {
      const auto open = find(header.call_id);
      if (open == open_.end()) return;
      ++open->fragments;
      open->stub += dcerpc_stub_len(header);
      return;
    }
    if (open_.size() == kMaxOpen) {
      show(flow, open_.front(), nullptr, chunk.ts_ns);
      open_.erase(open_.begin());
    }
    Open open{.header = header, .direction = chunk.direction};
    if (header.type == DcerpcType::Bind) open.interfaces = parse_dcerpc_contexts(header, fragment);
    if (header.type == DcerpcType::Request) {
      open.opnum = parse_dcerpc_opnum(header, fragment);
      open.interfaces = bound_;
      open.fragments = 1;
      open.stub = dcerpc_stub_len(header);
    } else if (header.type == DcerpcType::Bind) {
      bound_ = open.interfaces;
    }
    open_.push_back(std::move(open));
  }

  void answer(const Flow& flow, const Chunk& chunk, const DcerpcHeader& header,
              Bytes fragment) noexcept {
    const auto open = find(header.call_id);
    if (open == open_.end()) return;
    if (header.type == DcerpcType::BindAck) {
      const std::vector<uint16_t> results = parse_dcerpc_results(header, fragment);
      const size_t count = std::min(results.size(), open->interfaces.size());
      for (size_t i = 0; i < count; ++i)
        open->interfaces[i].result = results[i];
      bound_ = open->interfaces;
    }
    if (header.type == DcerpcType::Response) {
      ++open->answer_fragments;
      open->answer_stub += dcerpc_stub_len(header);
      if (!header.is_last) return;
    }
    show(flow, *open, &header, chunk.ts_ns);
    open_.erase(open);
  }

  [[nodiscard]] std::vector<Open>::iterator find(uint32_t call_id) noexcept {
    return std::find_if(open_.begin(), open_.end(),
                        [&](const Open& one) { return one.header.call_id == call_id; });
  }

  static void show(const Flow& flow, const Open& open, const DcerpcHeader* reply,
                   int64_t ts_ns) noexcept {
    if (!flow.wants(kEvent)) return;
    Event event = flow.event(kEvent, open.direction, ts_ns);
    event.text("request", dcerpc_type_text(open.header.type));
    event.text("response", reply == nullptr ? "UNREPLIED" : dcerpc_type_text(reply->type));
    event.number("call_id", open.header.call_id);
    event.text("rpc_version", open.header.minor == 0 ? "5.0" : "5.1");
    if (open.opnum) {
      Object request = event.object("req");
      request.number("opnum", *open.opnum);
      request.number("frag_cnt", open.fragments);
      request.number("stub_data_size", open.stub);
    }
    if (open.answer_fragments > 0) {
      Object answer = event.object("res");
      answer.number("frag_cnt", open.answer_fragments);
      answer.number("stub_data_size", open.answer_stub);
    }
    if (!open.interfaces.empty()) show_interfaces(event, open.interfaces);
  }

  static void show_interfaces(Event& event,
                              const std::vector<DcerpcInterface>& interfaces) noexcept {
    Array array = event.array("interfaces");
    for (const DcerpcInterface& one : interfaces) {
      Object object = array.object(nullptr);
      object.text("uuid", one.uuid);
      object.text("version", std::to_string(one.major) + "." + std::to_string(one.minor));
      if (one.result) object.number("ack_result", *one.result);
    }
  }

  std::vector<Open> open_;
  std::vector<DcerpcInterface> bound_;
};

pktana_match dcerpc_fragment(Bytes bytes) noexcept {
  if (bytes[0] != 5 || (bytes.size() > 1 && bytes[1] > 1)) return PKTANA_NO;
  if (bytes.size() < kDcerpcHeader) return PKTANA_MAYBE;
  const auto header = parse_dcerpc_header(bytes);
  return header && header->fragment_len > kDcerpcHeader ? PKTANA_YES : PKTANA_NO;
}

/// Version 4: header of 80 bytes whose last length is that of what follows.
bool is_datagram(Bytes bytes) noexcept {
  constexpr size_t kHeader = 80, kLength = 74;
  constexpr uint8_t kLastType = 9;
  if (bytes.size() < kHeader || bytes[0] != 4 || bytes[1] > kLastType) return false;
  const uint8_t order = bytes[4];
  if ((order != 0x10 && order != 0x00) || bytes[5] > 3 || bytes[6] != 0) return false;
  const uint16_t len = order == 0x10 ? le16(bytes, kLength) : be16(bytes, kLength);
  return len == bytes.size() - kHeader;
}

pktana_match dcerpc(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, dcerpc_fragment);
  return is_datagram(probe.latest()) ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {135, 593, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kDcerpc = dissector_of<Dcerpc>({.name = "dcerpc",
                                                       .events = kEvents,
                                                       .tcp_ports = kPorts,
                                                       .udp_ports = kPorts,
                                                       .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                                      probed<dcerpc>);

}  // namespace pktana::app::enterprise
