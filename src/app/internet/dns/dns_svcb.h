// SPDX-License-Identifier: Apache-2.0
// Service bindings and certification authorities in presentation form: what clients learn of a
// server before they talk to it (ALPN, address hints, ECH).
#pragma once

#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet::dns {

/// SVCB and HTTPS (RFC 9460): `1 svc.example. alpn=h3,h2 ipv4hint=192.0.2.1`. False if malformed.
[[nodiscard]] bool svcb_text(const Message& message, const Record& record, Name& text) noexcept;

/// CAA (RFC 8659): `0 issue "ca.example"`. False if malformed.
[[nodiscard]] bool caa_text(const Record& record, Name& text) noexcept;

}  // namespace pktana::app::internet::dns
