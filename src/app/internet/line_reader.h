// SPDX-License-Identifier: Apache-2.0
// Lines of a text protocol, taken from stream chunks one after the other; long lines are cut and
// their rest is skipped. For FTP and mail; HTTP has its own for what it shows of bodies.
#pragma once

#include "app/dissector.h"
#include "app/internet/text.h"

namespace pktana::app::internet {

class LineReader {
 public:
  /// The next line of `bytes` from `at` on, which moves behind it. False if its end is not there
  /// yet: the rest is to be shown again.
  /// @param ended no more bytes follow, what is there is a line.
  [[nodiscard]] bool next(Bytes bytes, bool ended, size_t& at, std::string_view& line) noexcept {
    for (;;) {
      const std::string_view text = text_of(bytes.subspan(at));
      std::string_view rest = text;
      const bool whole = take_line(rest, line);
      const bool skipped = skips_;
      is_cut_ = false;
      if (!whole) {
        if (text.empty() || (text.size() < kMaxLineLen && !ended)) return false;
        line = text;
        rest = {};
        is_cut_ = skips_ = text.size() >= kMaxLineLen;
      } else {
        skips_ = false;
      }
      at += text.size() - rest.size();
      if (!skipped) return true;
    }
  }

  /// The line that came last was longer than kMaxLineLen.
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }
  /// A gap: the next line is one that may lack its beginning.
  void reset() noexcept { skips_ = is_cut_ = false; }

  static constexpr size_t kMaxLineLen = 4096;

 private:
  bool skips_ = false;
  bool is_cut_ = false;
};

/// Whether the text may be the beginning of a line that is read whole.
[[nodiscard]] inline bool is_line_so_far(std::string_view text) noexcept {
  return text.size() < LineReader::kMaxLineLen && is_printable_so_far(text);
}

/// A line of a server's reply as FTP and SMTP have it (RFC 959 section 4.2): three digits, then a
/// blank on the last line and a hyphen on those before.
struct ReplyLine {
  unsigned code = 0;
  bool is_last = false;
  std::string_view text;
};

/// False if it doesn't begin with a code.
[[nodiscard]] bool parse_reply_line(std::string_view line, ReplyLine& reply) noexcept;

}  // namespace pktana::app::internet
