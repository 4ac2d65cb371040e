// SPDX-License-Identifier: Apache-2.0
// Whether bytes are a DNS message: with the port's word for it, or by nothing but their structure.
#pragma once

#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet::dns {

/// On a DNS port: a sane header, and a first question or record that can be read as far as it is
/// there.
[[nodiscard]] bool looks_like_dns(Bytes message) noexcept;

/// On any port: one question of a known type and class, names of printable labels, header fields
/// that fit each other, every record readable, and nothing behind the last one.
[[nodiscard]] bool is_surely_dns(Bytes message) noexcept;

}  // namespace pktana::app::internet::dns
