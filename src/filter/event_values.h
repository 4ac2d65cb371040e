// SPDX-License-Identifier: Apache-2.0
// Fields of application events, looked up in the event's tape by the path that they have in a log.
#pragma once

#include "filter/field.h"

namespace pktana::filter {

/// Adds what the record's event has under the field's paths; nothing if it is of another kind, or
/// no event. Elements of arrays each give a value. Cost: one walk over the event, no allocation.
void get_event_values(const Field& field, const RecordView& view, Values& out) noexcept;

}  // namespace pktana::filter
