// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error that names the failed operation. Used by everything that talks to
// the kernel, a file or a configuration. Packets do not use it: a bad packet is data (see
// parse/parse_error.h). This is the one header of ours that knows tl::expected.
#pragma once

#include <string>
#include <system_error>
#include <utility>

#include <tl/expected.hpp>

namespace pktana::base {

/// What failed and why. `operation` names the call or the step ("open", "mmap ring"), `detail` the
/// object and the mend.
struct Error {
  std::error_code code;
  std::string operation;
  std::string detail;
};

/// "operation: detail: reason", the parts that are there.
[[nodiscard]] std::string to_string(const Error& error);

/// Error from an errno value that was taken on the line after the failed call.
[[nodiscard]] Error errno_error(int errno_value, std::string operation, std::string detail = {});

/// Error that has no errno: bad input, a broken file, an impossible request.
[[nodiscard]] Error input_error(std::string operation, std::string detail);

template <typename T>
using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

/// return fail(errno, "open", path);
[[nodiscard]] inline Unexpected fail(int errno_value, std::string operation,
                                     std::string detail = {}) {
  return Unexpected(errno_error(errno_value, std::move(operation), std::move(detail)));
}

[[nodiscard]] inline Unexpected fail_input(std::string operation, std::string detail) {
  return Unexpected(input_error(std::move(operation), std::move(detail)));
}

}  // namespace pktana::base
