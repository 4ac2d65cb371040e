// SPDX-License-Identifier: Apache-2.0
// All that a flow record says, by the names of flow expressions: for people who look at one flow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/field.h"

namespace pktana::engine {

struct FieldText {
  std::string_view name;  ///< of the field, for good
  std::string text;       ///< raw bytes of packets may be in it; several values have ", " between
};

/// The fields that have a value, in the order of `pktana fields`, each as an expression takes it.
/// What only a finished flow or an event has is left out.
[[nodiscard]] std::vector<FieldText> field_texts(const filter::RecordView& view);

}  // namespace pktana::engine
