// SPDX-License-Identifier: Apache-2.0
// The AUTHENTICATE message of NTLM (MS-NLMP 2.2.1.3), wherever it lies in a security blob: who logs
// in from where. Used by SMB and DCERPC.
#pragma once

#include <optional>
#include <string>

#include "app/dissector.h"

namespace pktana::app::enterprise {

struct Ntlmssp {
  std::string domain, user, host;
  std::string version;  ///< "10.0 build 19041 rev 15"; empty if it is not told
};

/// @param blob  SPNEGO token, or NTLM alone; may be cut.
/// @return nothing if there is no AUTHENTICATE message whose fields lie within the blob.
[[nodiscard]] std::optional<Ntlmssp> find_ntlmssp(Bytes blob) noexcept;

}  // namespace pktana::app::enterprise
