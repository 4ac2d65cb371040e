// SPDX-License-Identifier: Apache-2.0
#include "filter/kernel_filter.h"

#include <optional>

#include "filter/tag_rewrite.h"

namespace pktana::filter {
namespace {

using Recheck = KernelFilter::Recheck;

constexpr uint16_t kEthernet = 1;
constexpr uint32_t kTagPresent = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT);

/// "A tag was taken out? then `tagged`, else `untagged`." None: too long for the kernel.
std::optional<Program> join(const Program& tagged, const Program& untagged) {
  Program program{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kTagPresent),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
      BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(tagged.size())),
  };
  program.insert(program.end(), tagged.begin(), tagged.end());
  program.insert(program.end(), untagged.begin(), untagged.end());
  if (program.size() > BPF_MAXINSNS) return std::nullopt;
  return program;
}

}  // namespace

Program accept_all(uint32_t snaplen) { return {BPF_STMT(BPF_RET | BPF_K, snaplen)}; }

KernelFilter translate_for_kernel(const Program& program, uint16_t link_type, uint32_t snaplen) {
  const auto untagged = rewrite_for_kernel(program, TagPlace::None);
  if (!untagged || untagged->size() > BPF_MAXINSNS) return {accept_all(snaplen), Recheck::All};
  if (link_type != kEthernet) return {*untagged, Recheck::None};
  if (const auto tagged = rewrite_for_kernel(program, TagPlace::Stripped))
    if (auto both = join(*tagged, *untagged)) return {std::move(*both), Recheck::None};
  if (auto both = join(accept_all(snaplen), *untagged)) return {std::move(*both), Recheck::Tagged};
  return {accept_all(snaplen), Recheck::All};
}

base::Result<KernelFilter> compile_for_kernel(std::string_view expression, uint16_t link_type,
                                              uint32_t snaplen) {
  if (auto checked = check_expression(expression); !checked)
    return base::Unexpected(checked.error());
  const auto program = compile_text(expression, link_type, snaplen);
  if (!program)
    return base::Unexpected(describe_filter_error(expression, link_type, program.error()));
  KernelFilter filter = translate_for_kernel(*program, link_type, snaplen);
  if (filter.recheck != Recheck::None && uses_kernel_data(*program))
    return base::fail_input("packet filter",
                            "'inbound' and 'outbound' can't be joined with so long or so special a "
                            "filter: the kernel can't run it");
  return filter;
}

}  // namespace pktana::filter
