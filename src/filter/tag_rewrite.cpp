// SPDX-License-Identifier: Apache-2.0
#include "filter/tag_rewrite.h"

#include <algorithm>
#include <array>
#include <limits>

namespace pktana::filter {
namespace {

constexpr uint32_t kTpidOffset = 12;
constexpr uint32_t kTciOffset = 14;
constexpr uint32_t kTagEnd = 16;
constexpr uint32_t kTagBytes = 4;
constexpr uint32_t kTpid = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TPID);
constexpr uint32_t kTci = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TAG);
constexpr auto kKernelData = static_cast<uint32_t>(SKF_LL_OFF);
constexpr uint32_t kMaxJump = std::numeric_limits<uint8_t>::max();
/// The kernel takes no other tags out of a frame (eth_type_vlan in include/linux/if_vlan.h).
constexpr std::array<uint32_t, 2> kStrippedTpids{0x8100, 0x88a8};
/// No packet has so many bytes; a larger index register has wrapped.
constexpr uint32_t kBeyondAnyPacket = 1U << 24;

bool is_jump(const sock_filter& insn) noexcept { return BPF_CLASS(insn.code) == BPF_JMP; }

bool is_conditional(const sock_filter& insn) noexcept {
  return is_jump(insn) && BPF_OP(insn.code) != BPF_JA;
}

bool changes_accumulator(const sock_filter& insn) noexcept {
  switch (BPF_CLASS(insn.code)) {
    case BPF_LD:
    case BPF_ALU:
      return true;
    case BPF_MISC:
      return BPF_MISCOP(insn.code) == BPF_TXA;
    default:
      return false;
  }
}

bool index_is_header_length(const Program& program) noexcept {
  return std::none_of(program.begin(), program.end(), [](const sock_filter& insn) {
    const auto cls = BPF_CLASS(insn.code);
    return (cls == BPF_LDX && BPF_MODE(insn.code) != BPF_MSH) ||
           (cls == BPF_MISC && BPF_MISCOP(insn.code) == BPF_TAX);
  });
}

bool compare(const sock_filter& insn, uint32_t accumulator) noexcept {
  switch (BPF_OP(insn.code)) {
    case BPF_JEQ:
      return accumulator == insn.k;
    case BPF_JGT:
      return accumulator > insn.k;
    case BPF_JGE:
      return accumulator >= insn.k;
    default:
      return (accumulator & insn.k) != 0;
  }
}

/// What a jump does once the accumulator is known to hold a stripped tag's TPID.
enum class Outcome : uint8_t { Open, True, False };

Outcome outcome_on_tpid(const sock_filter& jump) noexcept {
  if (BPF_SRC(jump.code) == BPF_X) return Outcome::Open;
  const bool first = compare(jump, kStrippedTpids[0]);
  if (first != compare(jump, kStrippedTpids[1])) return Outcome::Open;
  return first ? Outcome::True : Outcome::False;
}

class Rewriter {
 public:
  Rewriter(const Program& from, TagPlace place)
      : from_(from), place_(place), checks_index_(!index_is_header_length(from)) {}

  std::optional<Program> run() {
    if (!find_reachable()) return std::nullopt;
    for (size_t i = 0; i < from_.size(); ++i) {
      new_index_[i] = to_.size();
      if (reach_[i] != Reach::No && !emit(i)) return std::nullopt;
    }
    for (size_t number = 0; number < jumps_.size(); ++number)
      if (!link(number)) return std::nullopt;
    return std::move(to_);
  }

 private:
  enum class Reach : uint8_t {
    No,
    WithTpid,  ///< on every way here the accumulator holds the TPID
    Yes,
  };

  /// All jumps go forward, so one pass in order sees every way to an instruction before the
  /// instruction itself.
  bool find_reachable() {
    reach_.assign(from_.size(), Reach::No);
    outcome_.assign(from_.size(), Outcome::Open);
    new_index_.assign(from_.size(), 0);
    if (!from_.empty()) reach_[0] = Reach::Yes;
    for (size_t i = 0; i < from_.size(); ++i) {
      const sock_filter& insn = from_[i];
      if (reach_[i] == Reach::No || BPF_CLASS(insn.code) == BPF_RET) continue;
      if (is_conditional(insn)) {
        if (reach_[i] == Reach::WithTpid) outcome_[i] = outcome_on_tpid(insn);
        if (outcome_[i] != Outcome::False && !arrive(i + 1 + insn.jt, reach_[i])) return false;
        if (outcome_[i] != Outcome::True && !arrive(i + 1 + insn.jf, reach_[i])) return false;
      } else if (is_jump(insn)) {
        if (!arrive(i + 1 + size_t{insn.k}, reach_[i])) return false;
      } else if (!arrive(i + 1, after(insn, reach_[i]))) {
        return false;
      }
    }
    return true;
  }

  Reach after(const sock_filter& insn, Reach before) const noexcept {
    const bool loads_tpid = insn.code == (BPF_LD | BPF_H | BPF_ABS) && insn.k == kTpidOffset;
    if (loads_tpid && place_ == TagPlace::Stripped) return Reach::WithTpid;
    return changes_accumulator(insn) ? Reach::Yes : before;
  }

  /// False: the jump leaves the program, or goes backwards (its offset then is a huge number).
  bool arrive(size_t target, Reach with) {
    if (target >= from_.size()) return false;
    reach_[target] = reach_[target] == Reach::No || reach_[target] == with ? with : Reach::Yes;
    return true;
  }

  bool emit(size_t i) {
    const sock_filter& insn = from_[i];
    if (is_jump(insn)) {
      jumps_.push_back(to_.size());
      origin_.push_back(i);
      return put(insn);
    }
    const auto mode = BPF_MODE(insn.code);
    if (BPF_CLASS(insn.code) == BPF_LD && mode == BPF_ABS) return emit_absolute(insn);
    if (BPF_CLASS(insn.code) == BPF_LD && mode == BPF_IND) return emit_indirect(insn);
    if (BPF_CLASS(insn.code) == BPF_LDX && mode == BPF_MSH) return emit_shifted(insn, 1);
    if (mode == BPF_LEN && BPF_CLASS(insn.code) == BPF_LD) {
      put(insn);
      return place_ == TagPlace::None || put(BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, kTagBytes));
    }
    const bool loads_len_to_x = BPF_CLASS(insn.code) == BPF_LDX && mode == BPF_LEN;
    return !(loads_len_to_x && place_ == TagPlace::Stripped) && put(insn);
  }

  bool emit_absolute(const sock_filter& insn) {
    if (place_ == TagPlace::None || insn.k >= kKernelData) return put(insn);
    const auto size = BPF_SIZE(insn.code);
    const bool in_tpid = insn.k < kTciOffset;
    const sock_filter load = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, in_tpid ? kTpid : kTci);
    if (size == BPF_H && (insn.k == kTpidOffset || insn.k == kTciOffset)) return put(load);
    if (size == BPF_B && insn.k >= kTpidOffset && insn.k < kTagEnd) {
      put(load);
      return insn.k % 2 == 0 ? put(BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 8))
                             : put(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff));
    }
    return emit_shifted(insn, size == BPF_W ? 4 : size == BPF_H ? 2 : 1);
  }

  bool emit_indirect(const sock_filter& insn) {
    if (checks_index_) {  // the accumulator is free: the load is about to replace it
      put(BPF_STMT(BPF_MISC | BPF_TXA, 0));
      put(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kBeyondAnyPacket, 0, 1));
      put(BPF_STMT(BPF_RET | BPF_K, 0));
    }
    if (place_ == TagPlace::Stripped && insn.k < kTagEnd) return false;
    return emit_shifted(insn, 0);
  }

  /// A load that lies wholly before or wholly behind the tag.
  bool emit_shifted(const sock_filter& insn, uint32_t size) {
    if (place_ == TagPlace::None || insn.k + size <= kTpidOffset) return put(insn);
    if (insn.k < kTagEnd) return false;
    sock_filter moved = insn;
    moved.k -= kTagBytes;
    return put(moved);
  }

  bool put(const sock_filter& insn) {
    to_.push_back(insn);
    return true;
  }

  /// Points a jump to where its targets have gone.
  bool link(size_t number) {
    const size_t position = jumps_[number];
    const size_t i = origin_[number];
    const sock_filter& old = from_[i];
    const auto distance = [&](size_t target) { return new_index_[target] - position - 1; };
    if (!is_conditional(old)) {
      to_[position].k = static_cast<uint32_t>(distance(i + 1 + old.k));
      return true;
    }
    if (outcome_[i] != Outcome::Open) {
      const size_t target = i + 1 + (outcome_[i] == Outcome::True ? old.jt : old.jf);
      to_[position] = BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(distance(target)));
      return true;
    }
    const size_t on_true = distance(i + 1 + old.jt);
    const size_t on_false = distance(i + 1 + old.jf);
    to_[position].jt = static_cast<uint8_t>(on_true);
    to_[position].jf = static_cast<uint8_t>(on_false);
    return on_true <= kMaxJump && on_false <= kMaxJump;
  }

  const Program& from_;
  TagPlace place_;
  bool checks_index_;
  Program to_;
  std::vector<Reach> reach_;
  std::vector<Outcome> outcome_;
  std::vector<size_t> new_index_;  ///< by old index
  std::vector<size_t> jumps_;      ///< new positions of jumps, and beside them
  std::vector<size_t> origin_;     ///< their old ones
};

}  // namespace

std::optional<Program> rewrite_for_kernel(const Program& program, TagPlace place) {
  return Rewriter(program, place).run();
}

}  // namespace pktana::filter
