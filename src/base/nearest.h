// SPDX-License-Identifier: Apache-2.0
// "did you mean ...?": the known word that is nearest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pktana::base {

/// The candidate with the least edits (insert, delete, replace, swap two neighbours), if they are
/// few for its length. Empty: none is near.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean X?" or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string> candidates);

}  // namespace pktana::base
