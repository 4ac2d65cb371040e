// SPDX-License-Identifier: Apache-2.0
#include "filter/event_values.h"

#include <algorithm>

#include "flow/app_tape.h"

namespace pktana::filter {
namespace {

using flow::TapeKind;
using flow::TapeNode;

constexpr size_t kMaxComponents = 4;  ///< of a path, the event's name among them
constexpr int kElsewhere = -1;

/// "tls.ja3.hash" in its parts.
struct Path {
  explicit Path(std::string_view text) noexcept {
    while (!text.empty() && count < kMaxComponents) {
      const size_t dot = std::min(text.find('.'), text.size());
      component[count++] = text.substr(0, dot);
      text.remove_prefix(std::min(dot + 1, text.size()));
    }
  }
  std::array<std::string_view, kMaxComponents> component;
  size_t count = 0;
};

void add_value(const Field& field, const TapeNode& node, Values& out) noexcept {
  const bool text = field.type == FieldType::Text;
  switch (node.kind) {
    case TapeKind::Text:
      if (text) out.add_text(node.text);
      break;
    case TapeKind::Uint:
    case TapeKind::Bool:
      if (!text) out.add_count(node.number);
      break;
    case TapeKind::Int:
      if (!text) out.add_number(node.signed_number);
      break;
    default:
      break;
  }
}

/// Where a node lies on the path: how many of its components lead there.
class Place {
 public:
  explicit Place(const Path& path) noexcept : path_(path) { open_[0] = 1; }

  /// Of the node that comes next.
  [[nodiscard]] int of(const TapeNode& node) const noexcept {
    const int around = open_[depth_];
    if (node.key == nullptr || around == kElsewhere) return around;
    const auto next = static_cast<size_t>(around);
    return next < path_.count && path_.component[next] == node.key ? around + 1 : kElsewhere;
  }
  void enter(int place) noexcept {
    if (depth_ + 1 < open_.size()) open_[++depth_] = place;
  }
  void leave() noexcept {
    if (depth_ > 0) --depth_;
  }

 private:
  const Path& path_;
  std::array<int, flow::kMaxTapeDepth + 2> open_{};
  size_t depth_ = 0;
};

void walk(const Field& field, const Path& path, const flow::AppEvent& event, Values& out) noexcept {
  Place place(path);
  flow::TapeReader reader(event.tape);
  for (TapeNode node; reader.next(node);) {
    if (node.kind == TapeKind::End) {
      place.leave();
      continue;
    }
    const int at = place.of(node);
    if (node.kind == TapeKind::ObjectBegin || node.kind == TapeKind::ArrayBegin)
      place.enter(at);
    else if (at == static_cast<int>(path.count))
      add_value(field, node, out);
  }
}

}  // namespace

void get_event_values(const Field& field, const RecordView& view, Values& out) noexcept {
  const flow::AppEvent* event = view.record.event;
  if (event == nullptr || event->name == nullptr) return;
  for (const std::string_view text : field.log.paths) {
    const Path path(text);
    if (path.count < 2 || path.component[0] != event->name) continue;
    walk(field, path, *event, out);
    if (out.count > 0 && field.log.combine == LogPlace::Combine::First) return;
  }
}

}  // namespace pktana::filter
