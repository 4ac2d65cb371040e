// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace pktana::base {

std::string to_string(const Error& error) {
  std::string text = error.operation;
  if (!error.detail.empty()) text += (text.empty() ? "" : ": ") + error.detail;
  if (error.code) text += (text.empty() ? "" : ": ") + error.code.message();
  return text;
}

Error errno_error(int errno_value, std::string operation, std::string detail) {
  return Error{std::error_code(errno_value, std::generic_category()), std::move(operation),
               std::move(detail)};
}

Error input_error(std::string operation, std::string detail) {
  return Error{std::error_code(), std::move(operation), std::move(detail)};
}

}  // namespace pktana::base
