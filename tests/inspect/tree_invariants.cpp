// SPDX-License-Identifier: Apache-2.0
#include "inspect/tree_invariants.h"

#include <algorithm>

#include "inspect/dissect.h"

namespace pktana::inspect {
namespace {

bool is_within(size_t offset, size_t length, size_t frame_size) {
  return offset <= frame_size && length <= frame_size - offset;
}

/// A quoted packet lies in its layer's own bytes or behind them: the next layer begins behind it.
size_t end_of_layer(const Tree& tree, size_t index) {
  size_t end = tree.nodes[index].offset + size_t{tree.nodes[index].length};
  for (size_t i = index + 1; i < tree.nodes.size() && tree.nodes[i].depth > 0; ++i)
    if (tree.nodes[i].kind == NodeKind::Layer)
      end = std::max(end, tree.nodes[i].offset + size_t{tree.nodes[i].length});
  return end;
}

}  // namespace

const char* broken_invariant(const Tree& tree, size_t frame_size) {
  size_t covered = 0;
  unsigned depth = 0;
  for (size_t i = 0; i < tree.nodes.size(); ++i) {
    const Node& node = tree.nodes[i];
    if (!is_within(node.offset, node.length, frame_size)) return "a node beyond the frame";
    if (node.depth > depth + (i > 0 ? 1 : 0)) return "a node without a parent";
    if (node.name.empty()) return "a node without a name";
    depth = node.depth;
    if (node.depth > 0) continue;
    if (node.kind != NodeKind::Layer) return "a field outside of a layer";
    if (node.length > 0 && node.offset != covered) return "layers with a gap, or overlapping";
    covered = std::max(covered, end_of_layer(tree, i));
  }
  if (covered != frame_size) return "bytes in no layer";
  for (const Finding& finding : tree.findings)
    if (!is_within(finding.offset, finding.length, frame_size) || finding.why.empty())
      return "a finding beyond the frame, or without a reason";
  return tree.nodes.size() > 2 * kMaxNodes ? "too many nodes" : nullptr;
}

}  // namespace pktana::inspect
