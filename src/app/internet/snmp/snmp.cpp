// SPDX-License-Identifier: Apache-2.0
// The snmp dissector: every message an event.
#include "app/internet/dissectors.h"
#include "app/internet/snmp/snmp_message.h"

namespace pktana::app::internet {

namespace {

using snmp::Message;

constexpr uint16_t kPorts[] = {161, 162, 0};
constexpr const char* kEvents[] = {"snmp", nullptr};
constexpr unsigned kMaxVariables = 256;  // shown in one event

void write_variables(Event& event, Bytes bindings) noexcept {
  Reader reader(bindings);
  Bytes binding;
  Bytes name;
  Array array = event.array("vars");
  for (unsigned i = 0; i < kMaxVariables && reader.left() > 0; ++i) {
    if (!snmp::read_tagged(reader, snmp::Sequence, binding)) return;
    Reader fields(binding);
    if (snmp::read_tagged(fields, snmp::ObjectId, name))
      array.add(snmp::object_id_text(name).view());
  }
}

void write_trap(Event& event, const Message& message) noexcept {
  event.text_if("trap_type", snmp::generic_trap_name(message.generic_trap));
  event.text("trap_oid", snmp::object_id_text(message.enterprise).view());
  event.text("trap_address", address_text(message.agent_address).view());
}

void write_pdu(Event& event, const Message& message) noexcept {
  event.text("pdu_type", snmp::pdu_name(message.pdu_tag));
  if (message.is_trap_v1) write_trap(event, message);
  if (!message.bindings.empty()) write_variables(event, message.bindings);
}

class SnmpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    if (!flow.wants("snmp")) return kDone;
    Message message;
    if (!snmp::parse_message(chunk.bytes, message)) return more(0);
    Event event = flow.event("snmp", chunk.direction, chunk.ts_ns);
    event.number("version", message.version);
    if (message.is_encrypted)
      event.text("pdu_type", "encrypted");
    else
      write_pdu(event, message);
    if (message.version == 3)
      event.text("usm", message.user);
    else
      event.text("community", message.community);
    return more(0);
  }
};

pktana_match probe_snmp(const pktana_probe* raw) noexcept {
  Message message;
  return snmp::parse_message(Probe(*raw).latest(), message) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kSnmp = dissector_of<SnmpFlow>(
    {.name = "snmp", .events = kEvents, .udp_ports = kPorts, .protocols = PKTANA_ON_UDP},
    probe_snmp);

}  // namespace pktana::app::internet
