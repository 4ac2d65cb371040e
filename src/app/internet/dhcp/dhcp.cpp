// SPDX-License-Identifier: Apache-2.0
// The dhcp dissector: every message an event, with the fields of EVE's extended form.
#include <iterator>

#include "app/internet/dhcp/dhcp_message.h"
#include "app/internet/dissectors.h"
#include "app/internet/text.h"

namespace pktana::app::internet {

namespace {

using dhcp::Message;
using dhcp::Option;

constexpr uint16_t kPorts[] = {67, 68, 0};
constexpr const char* kEvents[] = {"dhcp", nullptr};

std::string_view type_name(uint8_t type) noexcept {
  constexpr std::string_view kNames[] = {"unknown", "discover", "offer",   "request", "decline",
                                         "ack",     "nak",      "release", "inform"};
  return kNames[type < std::size(kNames) ? type : 0];
}

std::string_view parameter_name(uint8_t code) noexcept {
  switch (code) {
    case dhcp::SubnetMask:
      return "subnet_mask";
    case dhcp::Routers:
      return "router";
    case dhcp::DnsServers:
      return "dns_server";
    case 15:
      return "domain";
    case 35:
      return "arp_timeout";
    case 42:
      return "ntp_server";
    case 66:
      return "tftp_server_name";
    case 150:
      return "tftp_server_ip";
    default:
      return {};
  }
}

void write_addresses(Event& event, const char* key, Bytes data) noexcept {
  Array array = event.array(key);
  for (size_t at = 0; at + 4 <= data.size(); at += 4)
    array.add(address_text(data.subspan(at, 4)).view());
}

void write_parameters(Event& event, Bytes data) noexcept {
  Array array = event.array("params");
  for (const uint8_t code : data) {
    const std::string_view name = parameter_name(code);
    FixedText<4> number;
    number.add_decimal(code);
    array.add(name.empty() ? number.view() : name);
  }
}

// RFC 2132 section 9.14: a hardware type and address, mostly.
void write_client_id(Event& event, Bytes data) noexcept {
  constexpr size_t kEthernetIdLen = 7;
  const bool is_address = data.size() == kEthernetIdLen && data[0] == 1;
  event.text("client_id", colon_hex(is_address ? data.subspan(1) : data).view());
}

void write_number(Event& event, const char* key, Bytes data) noexcept {
  if (data.size() == 4) event.number(key, base::load_be<uint32_t>(data.data()));
}

void write_address(Event& event, const char* key, Bytes data) noexcept {
  if (data.size() == 4) event.text(key, address_text(data).view());
}

void write_option(Event& event, const Option& option) noexcept {
  switch (option.code) {
    case dhcp::MessageType:
      if (option.data.size() == 1) event.text("dhcp_type", type_name(option.data[0]));
      return;
    case dhcp::Hostname:
      return event.text("hostname", text_of(option.data));
    case dhcp::ClientId:
      return write_client_id(event, option.data);
    case dhcp::ParameterList:
      return write_parameters(event, option.data);
    case dhcp::VendorClass:
      return event.text("vendor_class_identifier", text_of(option.data));
    case dhcp::RequestedIp:
      return write_address(event, "requested_ip", option.data);
    case dhcp::SubnetMask:
      return write_address(event, "subnet_mask", option.data);
    case dhcp::Routers:
      return write_addresses(event, "routers", option.data);
    case dhcp::DnsServers:
      return write_addresses(event, "dns_servers", option.data);
    case dhcp::LeaseTime:
      return write_number(event, "lease_time", option.data);
    case dhcp::RenewalTime:
      return write_number(event, "renewal_time", option.data);
    case dhcp::RebindingTime:
      return write_number(event, "rebinding_time", option.data);
    default:
      return;
  }
}

// An option that comes twice is shown once.
void write_options(Event& event, const Message& message) noexcept {
  bool seen[256] = {};
  dhcp::OptionWalk walk(message);
  Option option;
  while (walk.next(option)) {
    if (!seen[option.code]) write_option(event, option);
    seen[option.code] = true;
  }
}

class DhcpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    const Message message(chunk.bytes);
    if (!flow.wants("dhcp")) return kDone;
    if (!message.is_valid()) return more(0);
    Event event = flow.event("dhcp", chunk.direction, chunk.ts_ns);
    event.text("type", message.is_reply() ? "reply" : "request");
    event.number("id", message.id());
    event.text("client_mac", colon_hex(message.client_mac()).view());
    event.text("assigned_ip", address_text(message.assigned_ip()).view());
    event.text("client_ip", address_text(message.client_ip()).view());
    if (message.is_reply()) {
      event.text("relay_ip", address_text(message.relay_ip()).view());
      event.text("next_server_ip", address_text(message.next_server_ip()).view());
    }
    write_options(event, message);
    return more(0);
  }
};

pktana_match probe_dhcp(const pktana_probe* raw) noexcept {
  return Message(Probe(*raw).latest()).is_valid() ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kDhcp = dissector_of<DhcpFlow>(
    {.name = "dhcp", .events = kEvents, .udp_ports = kPorts, .protocols = PKTANA_ON_UDP},
    probe_dhcp);

}  // namespace pktana::app::internet
