// SPDX-License-Identifier: Apache-2.0
// A distinguished name (X.501, RFC 5280 section 4.1.2.4) as text, in the form that EVE has.
#pragma once

#include <string>

#include "app/dissector.h"

namespace pktana::app::secure {

/// "C=US, O=Example + OU=x, CN=name" of the body of a Name: relative names joined by ", ", values
/// of one by " + "; in the order of the certificate; attributes without a short name as their
/// object identifier; values that are no text in hex. Text of two bytes a character comes out in
/// UTF-8, other text as it is.
[[nodiscard]] std::string name_text(Bytes name);

}  // namespace pktana::app::secure
