// SPDX-License-Identifier: Apache-2.0
#include "ring/format_reader.h"

namespace pktana::ring {

base::Error FormatReader::cut_short(size_t have, size_t needed) const {
  const char* header = have < header_bytes_ ? "the header of " : "";
  return base::input_error("read capture file",
                           std::string("cut short in ") + header + place() + ": " +
                               std::to_string(have) + " of " + std::to_string(needed) +
                               " bytes are there; the file was probably still being written or was "
                               "copied incompletely");
}

base::Unexpected FormatReader::broken(const std::string& what) const {
  return base::fail_input("read capture file", place() + " " + what);
}

std::string FormatReader::place() const {
  return std::string(unit_) + " " + std::to_string(number_) + " at byte " +
         std::to_string(offset_) + (origin_.decompressed ? " of the decompressed data" : "");
}

}  // namespace pktana::ring
