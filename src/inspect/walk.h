// SPDX-License-Identifier: Apache-2.0
// The state of a dissection: the frame, how far it has been read, and the tree that grows. Made by
// dissect(), handed to the function of each protocol, which adds a Layer and says what comes next.
#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "inspect/tree.h"

namespace pktana::inspect {

class Walk;

/// What the bytes behind a header are: the function that reads them, with a number that it may
/// need (an EtherType, an IP protocol). No function: payload.
struct Next {
  Next (*dissect)(Walk& walk, uint32_t number) = nullptr;
  uint32_t number = 0;
};

/// The IP packet that the walk is in, for the checksums and ports of what it carries.
struct IpContext {
  uint8_t version = 0;   ///< 0 = none
  uint8_t protocol = 0;  ///< of the payload
  bool is_fragment = false;
  uint8_t src[16] = {};  ///< network order; IPv4 in the first 4 bytes
  uint8_t dst[16] = {};  ///< the final one, of a source-routed packet
};

class Walk {
 public:
  /// @param sent length on the wire, at least frame.size().
  Walk(base::Bytes frame, size_t sent) noexcept
      : frame_(frame), end_(frame.size()), sent_end_(sent) {}

  [[nodiscard]] base::Bytes frame() const noexcept { return frame_; }
  [[nodiscard]] size_t at() const noexcept { return at_; }    ///< the next byte
  [[nodiscard]] size_t end() const noexcept { return end_; }  ///< behind the layer's captured bytes
  [[nodiscard]] size_t left() const noexcept { return end_ - at_; }
  [[nodiscard]] size_t sent_left() const noexcept { return sent_end_ - at_; }
  /// Something that was sent is not there.
  [[nodiscard]] bool is_cut() const noexcept { return end_ < sent_end_; }
  [[nodiscard]] base::Bytes rest() const noexcept { return frame_.subspan(at_, left()); }

  void skip(size_t n) noexcept { at_ += std::min(n, left()); }
  /// The layer ends `n` bytes from here; what is behind is padding. One beyond it changes nothing.
  void limit(size_t n) noexcept {
    end_ = std::min(end_, at_ + n);
    sent_end_ = std::min(sent_end_, std::max(at_ + n, end_));
  }

  /// Appends below the open layer or group. @return its index for node().
  size_t add(Node node);
  void add(Finding finding);
  /// Lifetime: until the next add().
  [[nodiscard]] Node& node(size_t index) noexcept { return tree_.nodes[index]; }
  [[nodiscard]] bool is_full() const noexcept;

  /// Dissects `length` bytes from here as a packet inside of the open layer (an ICMP error's
  /// quote) and goes behind them. Its checksums are not verified and its lengths may go beyond.
  void quote(Next first, size_t length);
  [[nodiscard]] bool is_quote() const noexcept { return quotes_ > 0; }

  /// Reads layers from `next` on, to the end of the present bytes.
  void run(Next next);

  [[nodiscard]] Tree take_tree() noexcept { return std::move(tree_); }

  IpContext ip;
  unsigned depth = 0;  ///< of the next node
  uint32_t link_type = 0;

 private:
  void add_payload();

  base::Bytes frame_;
  size_t at_ = 0;
  size_t end_;
  size_t sent_end_;
  unsigned layers_ = 0;
  unsigned quotes_ = 0;
  Tree tree_;
};

}  // namespace pktana::inspect
