// SPDX-License-Identifier: Apache-2.0
// Builds one event after the other from the calls of a dissector, whatever order they come in: what
// makes no sense is counted and left out, what is too long is cut.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "flow/app_summary.h"
#include "flow/app_tape.h"

namespace pktana::app {

/// One thread.
class EventBuilder {
 public:
  static constexpr size_t kMaxTapeBytes = 12 * 1024;

  /// @param wanted false: the calls up to finish() are checked, but nothing is built.
  void begin(const char* name, bool to_client, bool wanted);
  /// The event, whose one reference is the caller's; null if it was not wanted or none was begun.
  [[nodiscard]] const flow::AppEvent* finish() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return open_; }
  /// A dissector returned in the middle of an event: it is dropped and counted.
  void abandon() noexcept;

  void object_begin(const char* key);
  void object_end() { close(Level::Object); }
  void array_begin(const char* key);
  void array_end() { close(Level::Array); }
  void text(const char* key, std::string_view value);
  void number(const char* key, uint64_t value);
  void signed_number(const char* key, int64_t value);
  void real(const char* key, double value);
  void flag(const char* key, bool value);
  void number_beside(const char* key, uint64_t value);
  /// Ended by object_end().
  void object_beside_begin(const char* key);

  /// Calls that made no sense, since the beginning.
  [[nodiscard]] uint64_t misuses() const noexcept { return misuses_; }

 private:
  enum class Level : uint8_t { Object, Array };

  /// Whether a value under this key may stand here; counts if not.
  [[nodiscard]] bool may_put(const char* key) noexcept;
  /// Whether so many bytes more still fit; else the event is cut here.
  [[nodiscard]] bool fits(size_t bytes) noexcept;
  void open(Level level, const char* key);
  void close(Level level);
  [[nodiscard]] flow::TapeWriter tape() noexcept {
    return flow::TapeWriter(beside_ ? aside_ : own_);
  }

  // Of the open event; their memory serves all events, one after the other.
  std::vector<uint8_t> own_;    ///< AppEvent::tape
  std::vector<uint8_t> aside_;  ///< AppEvent::beside
  const char* name_ = nullptr;
  bool to_client_ = false;
  bool cut_ = false;
  bool wanted_ = false;
  std::array<Level, flow::kMaxTapeDepth> levels_{};
  unsigned depth_ = 0;     ///< open objects and arrays within the event
  unsigned left_out_ = 0;  ///< of those, the innermost ones that are not on the tape
  bool open_ = false;
  bool beside_ = false;  ///< the open objects are beside the event
  uint64_t misuses_ = 0;
};

}  // namespace pktana::app
