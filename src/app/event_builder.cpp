// SPDX-License-Identifier: Apache-2.0
#include "app/event_builder.h"

#include "flow/event_pool.h"

namespace pktana::app {
namespace {

/// What a node takes beside its text, with room for the ends of all open levels.
constexpr size_t kNodeBytes = 24;
/// Deeper levels than this can't be counted any more: they end the event.
constexpr unsigned kMaxLeftOut = 1U << 16;

}  // namespace

void EventBuilder::begin(const char* name, bool to_client, bool wanted) {
  if (open_ || name == nullptr) {
    ++misuses_;
    abandon();
    if (name == nullptr) return;
  }
  open_ = true;
  beside_ = false;
  depth_ = 0;
  left_out_ = 0;
  wanted_ = wanted;
  if (!wanted) return;
  name_ = name;
  to_client_ = to_client;
  cut_ = false;
  own_.clear();
  aside_.clear();
}

const flow::AppEvent* EventBuilder::finish() noexcept {
  if (!open_) {
    ++misuses_;
    return nullptr;
  }
  if (depth_ > 0 || left_out_ > 0) {
    ++misuses_;
    left_out_ = 0;
    for (; depth_ > 0; --depth_)
      if (wanted_) tape().end();
  }
  open_ = false;
  if (!wanted_) return nullptr;
  flow::AppEvent* const event = flow::EventPool::take();
  event->name = name_;
  event->to_client = to_client_;
  event->cut = cut_;
  event->tape.assign(own_.begin(), own_.end());
  event->beside.assign(aside_.begin(), aside_.end());
  return event;
}

void EventBuilder::abandon() noexcept {
  if (!open_) return;
  ++misuses_;
  open_ = false;
}

bool EventBuilder::may_put(const char* key) noexcept {
  if (!open_) {
    ++misuses_;
    return false;
  }
  if (left_out_ > 0) return false;
  const bool in_array = depth_ > 0 && levels_[depth_ - 1] == Level::Array;
  if (in_array == (key == nullptr)) return wanted_;
  ++misuses_;
  return false;
}

bool EventBuilder::fits(size_t bytes) noexcept {
  if (own_.size() + aside_.size() + bytes + kNodeBytes * (depth_ + 1) <= kMaxTapeBytes) return true;
  cut_ = true;
  return false;
}

void EventBuilder::open(Level level, const char* key) {
  if (!open_ || left_out_ > kMaxLeftOut) {
    ++misuses_;
    return;
  }
  if (left_out_ > 0 || depth_ == levels_.size()) {
    ++left_out_;
    cut_ = true;
    return;
  }
  const bool in_array = depth_ > 0 && levels_[depth_ - 1] == Level::Array;
  if (in_array != (key == nullptr)) {
    ++misuses_;
    ++left_out_;
    return;
  }
  if (wanted_ && !fits(kNodeBytes)) {
    ++left_out_;
    return;
  }
  levels_[depth_++] = level;
  if (!wanted_) return;
  if (level == Level::Object)
    tape().object_begin(key);
  else
    tape().array_begin(key);
}

void EventBuilder::close(Level level) {
  if (left_out_ > 0) {
    --left_out_;
    return;
  }
  if (!open_ || depth_ == 0 || levels_[depth_ - 1] != level) {
    ++misuses_;
    return;
  }
  --depth_;
  if (wanted_) tape().end();
  if (depth_ == 0) beside_ = false;
}

void EventBuilder::object_begin(const char* key) { open(Level::Object, key); }
void EventBuilder::object_beside_begin(const char* key) {
  if (depth_ > 0 || left_out_ > 0) {
    ++misuses_;
    ++left_out_;
    return;
  }
  beside_ = true;
  open(Level::Object, key);
  if (depth_ == 0) beside_ = false;
}
void EventBuilder::array_begin(const char* key) { open(Level::Array, key); }

void EventBuilder::text(const char* key, std::string_view value) {
  if (may_put(key) && fits(kNodeBytes + value.size())) tape().text(key, value);
}

void EventBuilder::number(const char* key, uint64_t value) {
  if (may_put(key) && fits(kNodeBytes)) tape().number(key, value);
}

void EventBuilder::signed_number(const char* key, int64_t value) {
  if (may_put(key) && fits(kNodeBytes)) tape().signed_number(key, value);
}

void EventBuilder::real(const char* key, double value) {
  if (may_put(key) && fits(kNodeBytes)) tape().real(key, value);
}

void EventBuilder::flag(const char* key, bool value) {
  if (may_put(key) && fits(kNodeBytes)) tape().flag(key, value);
}

void EventBuilder::number_beside(const char* key, uint64_t value) {
  if (!open_ || beside_ || key == nullptr) {
    ++misuses_;
    return;
  }
  if (wanted_ && fits(kNodeBytes)) flow::TapeWriter(aside_).number(key, value);
}

}  // namespace pktana::app
