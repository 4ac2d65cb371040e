// SPDX-License-Identifier: Apache-2.0
#include "inspect/dissect.h"

#include <fmt/format.h>

#include "inspect/protocols.h"
#include "inspect/walk.h"

namespace pktana::inspect {
namespace {

/// A tag that the kernel took out of the frame: it has no bytes.
void add_stripped_tag(Walk& walk, const parse::StrippedVlan& tag) {
  if (tag.tpid == 0) return;
  walk.add(
      {.name = "stripped_vlan",
       .kind = NodeKind::Layer,
       .meaning = fmt::format("id {}, taken out of the frame by the kernel", tag.tci & 0xFFF)});
}

}  // namespace

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::Note:
      return "note";
    case Severity::Warning:
      return "warning";
    case Severity::Error:
      return "error";
  }
  return "unknown";
}

Tree dissect(const parse::Frame& frame) {
  const size_t captured = frame.captured.size();
  Walk walk(frame.captured, std::max<size_t>(captured, frame.wire_len));
  add_stripped_tag(walk, frame.stripped);
  walk.run({dissect_link, frame.link_type});
  return walk.take_tree();
}

}  // namespace pktana::inspect
