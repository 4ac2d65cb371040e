// SPDX-License-Identifier: Apache-2.0
#include "filter/pcap_compiler.h"

#include <cstddef>
#include <memory>

#include <pcap/pcap.h>

namespace pktana::filter {
namespace {

constexpr std::string_view kRejectsAll = "expression rejects all packets";

// The kernel's and libpcap's instruction are one and the same struct under two names.
static_assert(sizeof(sock_filter) == sizeof(bpf_insn));
static_assert(offsetof(sock_filter, code) == offsetof(bpf_insn, code));
static_assert(offsetof(sock_filter, jt) == offsetof(bpf_insn, jt));
static_assert(offsetof(sock_filter, jf) == offsetof(bpf_insn, jf));
static_assert(offsetof(sock_filter, k) == offsetof(bpf_insn, k));

struct CloseHandle {
  void operator()(pcap_t* handle) const noexcept { ::pcap_close(handle); }
};

/// LINKTYPE_ (as in files) to DLT_ (as in the API); they differ where the systems' own numbers did
/// (pcap-common.c of libpcap).
int to_dlt(uint16_t link_type) noexcept {
  switch (link_type) {
    case 100:
      return DLT_ATM_RFC1483;
    case 101:
      return DLT_RAW;
    case 102:
      return DLT_SLIP_BSDOS;
    case 103:
      return DLT_PPP_BSDOS;
    case 104:
      return DLT_C_HDLC;
    case 106:
      return DLT_ATM_CLIP;
    default:
      return link_type;
  }
}

}  // namespace

tl::expected<Program, std::string> compile_text(std::string_view expression, uint16_t link_type,
                                                uint32_t snaplen) {
  const std::unique_ptr<pcap_t, CloseHandle> handle(
      ::pcap_open_dead(to_dlt(link_type), static_cast<int>(snaplen)));
  if (!handle) return tl::unexpected(std::string("out of memory"));
  bpf_program compiled{};
  const std::string text(expression);
  if (::pcap_compile(handle.get(), &compiled, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    const std::string_view message = ::pcap_geterr(handle.get());
    if (message == kRejectsAll) return Program{BPF_STMT(BPF_RET | BPF_K, 0)};
    return tl::unexpected(std::string(message));
  }
  Program program;
  program.reserve(compiled.bf_len);
  for (unsigned i = 0; i < compiled.bf_len; ++i) {
    const bpf_insn& from = compiled.bf_insns[i];
    program.push_back({from.code, from.jt, from.jf, from.k});
  }
  ::pcap_freecode(&compiled);
  return program;
}

bool run_program(const Program& program, base::Bytes captured, uint32_t wire_len) noexcept {
  const auto* first = reinterpret_cast<const bpf_insn*>(program.data());
  return ::bpf_filter(first, captured.data(), wire_len, static_cast<unsigned>(captured.size())) !=
         0;
}

std::string describe_link_type(uint16_t link_type) {
  const char* description = ::pcap_datalink_val_to_description(to_dlt(link_type));
  return description != nullptr ? description : "link type " + std::to_string(link_type);
}

}  // namespace pktana::filter
