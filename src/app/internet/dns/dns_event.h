// SPDX-License-Identifier: Apache-2.0
// DNS messages as events: EVE's dns (version 3), mdns and llmnr.
#pragma once

#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet::dns {

/// Fields of a dns event. `tx_id`: number of the message in its flow.
void write_dns(Event& event, const Message& message, uint64_t tx_id) noexcept;
/// Fields of an mdns event (RFC 6762).
void write_mdns(Event& event, const Message& message) noexcept;
/// Fields of an llmnr event (RFC 4795).
void write_llmnr(Event& event, const Message& message, uint64_t tx_id) noexcept;

/// Tells the host which addresses the answers name: the queried name where CNAMEs lead from it to
/// the address, else the record's own.
void learn_names(const Flow& flow, const Message& message) noexcept;

}  // namespace pktana::app::internet::dns
