// SPDX-License-Identifier: Apache-2.0
#include "filter/packet_filter.h"

#include <algorithm>
#include <cstring>

#include "filter/error_place.h"

namespace pktana::filter {
namespace {

constexpr size_t kTagOffset = 12;
constexpr size_t kTagBytes = 4;
constexpr size_t kMaxHeaderLenX = 60;  // `ldx 4*([k]&0xf)`
/// A longer frame (merged by GRO) is looked at as if it were cut here.
constexpr size_t kMaxTaggedBytes = 65536 + 64;

bool is_packet_load(const sock_filter& insn) noexcept {
  const auto mode = BPF_MODE(insn.code);
  return (BPF_CLASS(insn.code) == BPF_LD && (mode == BPF_ABS || mode == BPF_IND)) ||
         (BPF_CLASS(insn.code) == BPF_LDX && mode == BPF_MSH);
}

bool is_kernel_data_load(const sock_filter& insn) noexcept {
  return is_packet_load(insn) && insn.k >= static_cast<uint32_t>(SKF_LL_OFF);
}

/// Index register from anything but an IP header length.
bool sets_free_index(const sock_filter& insn) noexcept {
  if (BPF_CLASS(insn.code) == BPF_LDX) return BPF_MODE(insn.code) != BPF_MSH;
  return BPF_CLASS(insn.code) == BPF_MISC && BPF_MISCOP(insn.code) == BPF_TAX;
}

size_t reach(const Program& program) noexcept {
  if (std::any_of(program.begin(), program.end(), sets_free_index)) return kMaxTaggedBytes;
  size_t furthest = 0;
  for (const sock_filter& insn : program) {
    if (!is_packet_load(insn)) continue;
    const size_t index = BPF_MODE(insn.code) == BPF_IND ? kMaxHeaderLenX : 0;
    furthest = std::max(furthest, size_t{insn.k} + index + sizeof(uint32_t));
  }
  return std::min(furthest, kMaxTaggedBytes);
}

}  // namespace

PacketFilter::PacketFilter(Program program) noexcept
    : program_(std::move(program)), reach_bytes_(reach(program_)) {}

base::Result<void> check_expression(std::string_view expression) {
  if (expression.size() > kMaxExpressionBytes)
    return base::fail_input("packet filter",
                            "longer than " + std::to_string(kMaxExpressionBytes) + " bytes");
  if (expression.find('\0') != std::string_view::npos)
    return base::fail_input("packet filter", "holds a zero byte");
  return {};
}

bool uses_kernel_data(std::span<const sock_filter> program) noexcept {
  return std::any_of(program.begin(), program.end(), is_kernel_data_load);
}

base::Error describe_filter_error(std::string_view expression, uint16_t link_type,
                                  std::string_view message) {
  constexpr std::string_view kPrefix = "can't parse filter expression: ";
  if (message.starts_with(kPrefix)) message.remove_prefix(kPrefix.size());
  std::string detail(message);
  if (const auto place = find_error_place(expression, link_type))
    detail.append("\n").append(draw_caret(expression, *place));
  return base::input_error("packet filter", std::move(detail));
}

base::Result<PacketFilter> PacketFilter::compile(std::string_view expression, uint16_t link_type,
                                                 uint32_t snaplen) {
  if (auto checked = check_expression(expression); !checked)
    return base::Unexpected(checked.error());
  auto program = compile_text(expression, link_type, snaplen);
  if (!program)
    return base::Unexpected(describe_filter_error(expression, link_type, program.error()));
  if (uses_kernel_data(*program))
    return base::fail_input("packet filter",
                            "'inbound' and 'outbound' work only in a live capture on named "
                            "interfaces: the direction is not in the packet's bytes");
  return PacketFilter(std::move(*program));
}

bool PacketFilter::matches_with_tag(const Frame& frame) const noexcept {
  const base::Bytes captured = frame.captured;
  if (captured.size() < kTagOffset) return run_program(program_, captured, frame.wire_len);
  uint8_t whole[kMaxTaggedBytes];  // only the bytes in reach are written and read
  std::memcpy(whole, captured.data(), kTagOffset);
  base::store_be<uint16_t>(whole + kTagOffset, frame.vlan_tpid);
  base::store_be<uint16_t>(whole + kTagOffset + 2, frame.vlan_tci);
  const size_t wanted = std::max(reach_bytes_, kTagOffset + kTagBytes) - kTagOffset - kTagBytes;
  const size_t rest = std::min(captured.size() - kTagOffset, wanted);
  std::memcpy(whole + kTagOffset + kTagBytes, captured.data() + kTagOffset, rest);
  return run_program(program_, {whole, kTagOffset + kTagBytes + rest}, frame.wire_len);
}

bool PacketFilter::rejects_all() const noexcept {
  return program_.size() == 1 && program_[0].code == (BPF_RET | BPF_K) && program_[0].k == 0;
}

}  // namespace pktana::filter
