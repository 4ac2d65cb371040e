// SPDX-License-Identifier: Apache-2.0
// Objects of DNP3 application fragments (IEEE 1815-2012 clause 4.2.2 and annex A): their headers,
// and the points of those whose layout is known. Pure apart from the event.
#pragma once

#include "app/dissector.h"

namespace pktana::app::enterprise {

enum class Dnp3Content : uint8_t {
  HeadersOnly,  ///< a request that names objects without their data (READ)
  WithData,
};

/// Writes "objects", where there is one.
/// @param bytes  behind the function code, and the indications of a response.
/// @return whether all of it could be followed: a layout that is not known ends the walk.
[[nodiscard]] bool show_dnp3_objects(Fields& out, Bytes bytes, Dnp3Content content) noexcept;

}  // namespace pktana::app::enterprise
