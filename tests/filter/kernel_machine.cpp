// SPDX-License-Identifier: Apache-2.0
#include "filter/kernel_machine.h"

#include <array>
#include <optional>

#include "support/catch.h"

namespace pktana::tests {
namespace {

class Machine {
 public:
  explicit Machine(const KernelPacket& packet) : packet_(packet) {}

  uint32_t run(std::span<const sock_filter> program) {
    for (size_t i = 0; i < program.size(); ++i) {
      const sock_filter& insn = program[i];
      switch (BPF_CLASS(insn.code)) {
        case BPF_RET:
          return BPF_RVAL(insn.code) == BPF_A ? a_ : insn.k;
        case BPF_JMP:
          i += jump(insn);
          break;
        case BPF_ALU:
          calculate(insn);
          break;
        case BPF_ST:
          memory_.at(insn.k) = a_;
          break;
        case BPF_STX:
          memory_.at(insn.k) = x_;
          break;
        case BPF_MISC:
          (BPF_MISCOP(insn.code) == BPF_TAX ? x_ = a_ : a_ = x_);
          break;
        default:
          if (!load(insn)) return 0;
      }
    }
    FAIL("the program runs off its end");
    return 0;
  }

 private:
  size_t jump(const sock_filter& insn) const {
    const uint32_t operand = BPF_SRC(insn.code) == BPF_X ? x_ : insn.k;
    switch (BPF_OP(insn.code)) {
      case BPF_JA:
        return insn.k;
      case BPF_JEQ:
        return a_ == operand ? insn.jt : insn.jf;
      case BPF_JGT:
        return a_ > operand ? insn.jt : insn.jf;
      case BPF_JGE:
        return a_ >= operand ? insn.jt : insn.jf;
      default:
        return (a_ & operand) != 0 ? insn.jt : insn.jf;
    }
  }

  void calculate(const sock_filter& insn) {
    const uint32_t operand = BPF_SRC(insn.code) == BPF_X ? x_ : insn.k;
    switch (BPF_OP(insn.code)) {
      case BPF_ADD:
        a_ += operand;
        break;
      case BPF_SUB:
        a_ -= operand;
        break;
      case BPF_MUL:
        a_ *= operand;
        break;
      case BPF_DIV:
        a_ /= operand;
        break;
      case BPF_MOD:
        a_ %= operand;
        break;
      case BPF_OR:
        a_ |= operand;
        break;
      case BPF_AND:
        a_ &= operand;
        break;
      case BPF_XOR:
        a_ ^= operand;
        break;
      case BPF_LSH:
        a_ <<= operand;
        break;
      case BPF_RSH:
        a_ >>= operand;
        break;
      default:
        a_ = -a_;
    }
  }

  bool load(const sock_filter& insn) {
    uint32_t& target = BPF_CLASS(insn.code) == BPF_LDX ? x_ : a_;
    std::optional<uint32_t> value;
    switch (BPF_MODE(insn.code)) {
      case BPF_IMM:
        value = insn.k;
        break;
      case BPF_MEM:
        value = memory_.at(insn.k);
        break;
      case BPF_LEN:
        value = static_cast<uint32_t>(packet_.bytes.size());
        break;
      case BPF_MSH:
        value = at(insn.k, 1);
        if (value) value = (*value & 15) * 4;
        break;
      case BPF_IND:
        value = at(static_cast<int32_t>(x_ + insn.k), width(insn));
        break;
      default:
        value = absolute(insn);
    }
    target = value.value_or(0);
    return value.has_value();
  }

  std::optional<uint32_t> absolute(const sock_filter& insn) const {
    const auto k = static_cast<int32_t>(insn.k);
    if (k == SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT) return packet_.vlan_tpid != 0;
    if (k == SKF_AD_OFF + SKF_AD_VLAN_TPID) return packet_.vlan_tpid;
    if (k == SKF_AD_OFF + SKF_AD_VLAN_TAG) return packet_.vlan_tci;
    if (k == SKF_AD_OFF + SKF_AD_PKTTYPE) return packet_.packet_type;
    if (k == SKF_AD_OFF + SKF_AD_HATYPE) return packet_.hardware_type;
    if (k == SKF_AD_OFF + SKF_AD_PROTOCOL) return packet_.protocol;
    if (k >= SKF_NET_OFF && k < SKF_AD_OFF)
      return at(k - SKF_NET_OFF + static_cast<int64_t>(packet_.network_offset), width(insn));
    return at(k, width(insn));
  }

  static uint32_t width(const sock_filter& insn) {
    return BPF_SIZE(insn.code) == BPF_W ? 4 : BPF_SIZE(insn.code) == BPF_H ? 2 : 1;
  }

  std::optional<uint32_t> at(int64_t offset, uint32_t count) const {
    if (offset < 0 || static_cast<size_t>(offset) + count > packet_.bytes.size()) return {};
    uint32_t value = 0;
    for (uint32_t i = 0; i < count; ++i)
      value = value << 8 | packet_.bytes[static_cast<size_t>(offset) + i];
    return value;
  }

  const KernelPacket& packet_;
  uint32_t a_ = 0, x_ = 0;
  std::array<uint32_t, BPF_MEMWORDS> memory_{};
};

/// The rules of bpf_check_classic() in net/core/filter.c that a wrong translation would break.
bool kernel_takes(std::span<const sock_filter> program) {
  if (program.empty() || program.size() > BPF_MAXINSNS) return false;
  for (size_t i = 0; i < program.size(); ++i) {
    const sock_filter& insn = program[i];
    if (BPF_CLASS(insn.code) != BPF_JMP) continue;
    const size_t room = program.size() - i - 1;
    if (BPF_OP(insn.code) == BPF_JA ? insn.k >= room : insn.jt >= room || insn.jf >= room)
      return false;
  }
  return BPF_CLASS(program.back().code) == BPF_RET;
}

}  // namespace

uint32_t run_in_kernel(std::span<const sock_filter> program, const KernelPacket& packet) {
  REQUIRE(kernel_takes(program));
  return Machine(packet).run(program);
}

}  // namespace pktana::tests
