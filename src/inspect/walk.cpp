// SPDX-License-Identifier: Apache-2.0
#include "inspect/walk.h"

#include <fmt/format.h>

#include "inspect/dissect.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr unsigned kMaxQuotes = 4;
constexpr size_t kShownPayload = 256;

}  // namespace

size_t Walk::add(Node node) {
  node.depth = static_cast<uint8_t>(std::min(depth, 255U));
  tree_.nodes.push_back(std::move(node));
  return tree_.nodes.size() - 1;
}

void Walk::add(Finding finding) {
  if (tree_.findings.size() < kMaxNodes) tree_.findings.push_back(std::move(finding));
}

bool Walk::is_full() const noexcept { return tree_.nodes.size() >= kMaxNodes; }

void Walk::add_payload() {
  if (left() > 0) {
    add({.name = "payload",
         .kind = NodeKind::Layer,
         .offset = static_cast<uint32_t>(at_),
         .length = static_cast<uint32_t>(left()),
         .text = printable_octets(rest().first(std::min(left(), kShownPayload))),
         .meaning = fmt::format("{} bytes", left())});
  }
  if (is_cut() && !is_quote())
    add(Finding{.severity = Severity::Note,
                .layer = "payload",
                .code = "cut",
                .offset = static_cast<uint32_t>(end_),
                .why = fmt::format("the last {} bytes were not captured", sent_end_ - end_)});
  at_ = end_;
}

void Walk::quote(Next first, size_t length) {
  if (length == 0 || left() == 0) return;
  const size_t outer_end = end_;
  const size_t outer_sent_end = sent_end_;
  const IpContext outer_ip = ip;
  const unsigned outer_depth = depth;
  end_ = std::min(end_, at_ + length);
  sent_end_ = end_;
  const size_t behind = end_;
  depth = outer_depth + 1;
  ++quotes_;
  run(quotes_ > kMaxQuotes ? Next{} : first);
  --quotes_;
  depth = outer_depth;
  ip = outer_ip;
  at_ = behind;
  end_ = outer_end;
  sent_end_ = outer_sent_end;
}

void Walk::run(Next next) {
  const size_t last = end_;
  while (next.dissect != nullptr && layers_ < kMaxLayers && !is_full()) {
    ++layers_;
    next = next.dissect(*this, next.number);
  }
  if (next.dissect != nullptr && left() > 0)
    add(Finding{.severity = Severity::Warning,
                .layer = "payload",
                .code = "too_deep",
                .offset = static_cast<uint32_t>(at_),
                .why = fmt::format("more than {} layers or {} fields: the rest is not read",
                                   kMaxLayers, kMaxNodes)});
  add_payload();
  if (last > end_) {
    add({.name = "padding",
         .kind = NodeKind::Layer,
         .offset = static_cast<uint32_t>(end_),
         .length = static_cast<uint32_t>(last - end_),
         .text = printable_octets(frame_.subspan(end_, std::min(last - end_, kShownPayload))),
         .meaning = fmt::format("{} bytes behind the length that the packet says", last - end_)});
  }
}

}  // namespace pktana::inspect
