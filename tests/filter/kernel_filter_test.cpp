// SPDX-License-Identifier: Apache-2.0
#include "filter/kernel_filter.h"

#include <algorithm>
#include <set>
#include <string>

#include "filter/filter_frames.h"
#include "filter/kernel_machine.h"
#include "filter/tag_rewrite.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using filter::KernelFilter;
using Recheck = KernelFilter::Recheck;

constexpr uint16_t kEthernet = 1, kRaw = 101;

bool takes(const KernelFilter& filter, const tests::WireFrame& frame) {
  return tests::run_in_kernel(
             filter.program,
             {.bytes = frame.live, .vlan_tpid = frame.vlan_tpid, .vlan_tci = frame.vlan_tci}) != 0;
}

KernelFilter compile(const std::string& expression) {
  auto filter = filter::compile_for_kernel(expression, kEthernet);
  REQUIRE(filter);
  return std::move(*filter);
}

/// "The source address is none of ...", cut to so many instructions.
filter::Program long_program(size_t size) {
  filter::Program program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26)};
  for (uint32_t i = 0; program.size() < size; ++i) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, i, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
  }
  program.resize(size - 1);
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 96));
  return program;
}

std::string wide_expression(int hosts) {
  std::string text = "host 10.0.0.0";
  for (int i = 1; i < hosts; ++i)
    text += " or host 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
  return text;
}

}  // namespace

TEST_CASE("kernel filter: decides as the file filter does on the same traffic") {
  for (const std::string& expression : tests::filter_expressions()) {
    const auto file = filter::PacketFilter::compile(expression, kEthernet);
    REQUIRE(file);
    const KernelFilter kernel = compile(expression);
    for (const auto& frame : tests::filter_frames()) {
      const bool wanted = file->matches(
          {.captured = frame.wire, .wire_len = static_cast<uint32_t>(frame.wire.size())});
      const bool unexamined = kernel.recheck == Recheck::All ||
                              (kernel.recheck == Recheck::Tagged && frame.vlan_tpid != 0);
      INFO(expression << " on " << frame.name);
      CHECK(takes(kernel, frame) == (wanted || unexamined));
    }
  }
}

TEST_CASE("kernel filter: what people write needs no second look in user space") {
  for (const char* expression :
       {"udp port 53", "not vlan", "vlan 5", "vlan 5 and vlan 7", "vlan 5 and udp port 53",
        "not udp port 53", "tcp[tcpflags] & tcp-syn != 0", "host 198.18.0.1", "greater 100",
        "ether[14] & 0xe0 != 0", "vlan and tcp[tcpflags] & tcp-syn != 0", "ip6 and tcp port 80",
        "udp port 53 or (vlan and udp port 53)", "net 10.0.0.0/8 and not port 22"}) {
    INFO(expression);
    CHECK(compile(expression).recheck == Recheck::None);
  }
}

TEST_CASE("kernel filter: what can't be translated for tagged frames lets them through") {
  CHECK(compile("ether[12:4] = 0x81000005").recheck == Recheck::Tagged);
  CHECK(compile("ether[ether[0]] = 0").recheck == Recheck::Tagged);
}

TEST_CASE("kernel filter: a program with a loop or too long a one is left to user space") {
  CHECK(compile("ip6 protochain 17").recheck == Recheck::All);
  const KernelFilter doubled =
      filter::translate_for_kernel(long_program(2500), kEthernet, filter::kDefaultSnaplen);
  CHECK(doubled.recheck == Recheck::Tagged);
  CHECK(doubled.program.size() <= BPF_MAXINSNS);
  const KernelFilter too_long =
      filter::translate_for_kernel(long_program(5000), kEthernet, filter::kDefaultSnaplen);
  CHECK(too_long.recheck == Recheck::All);
  CHECK(too_long.program.size() == 1);
}

TEST_CASE("kernel filter: a wide filter's long jumps still land") {
  const std::string expression = "vlan and (" + wide_expression(100) + " or host 198.18.0.1)";
  const auto file = filter::PacketFilter::compile(expression, kEthernet);
  REQUIRE(file);
  const KernelFilter kernel = compile(expression);
  for (const auto& frame : tests::filter_frames()) {
    INFO(frame.name);
    const bool unexamined = kernel.recheck != Recheck::None && frame.vlan_tpid != 0;
    CHECK(takes(kernel, frame) ==
          (unexamined || file->matches({.captured = frame.wire,
                                        .wire_len = static_cast<uint32_t>(frame.wire.size())})));
  }
}

TEST_CASE("kernel filter: accepts the snap length, with and without an expression") {
  const auto frames = tests::filter_frames();
  const auto filter = filter::compile_for_kernel("arp", kEthernet, 96);
  REQUIRE(filter);
  CHECK(tests::run_in_kernel(filter->program, {.bytes = frames[0].live}) == 96);
  CHECK(tests::run_in_kernel(filter::accept_all(128), {.bytes = frames[0].live}) == 128);
}

TEST_CASE("kernel filter: the direction can be asked of the kernel") {
  const KernelFilter filter = compile("inbound and udp port 53");
  CHECK(filter.recheck == Recheck::None);
  const auto refused = filter::compile_for_kernel("outbound and ip6 protochain 17", kEthernet);
  CHECK_FALSE(refused);
}

TEST_CASE("kernel filter: a link without VLAN tags takes the program as it is") {
  const auto filter = filter::compile_for_kernel("udp port 53", kRaw);
  const auto bytes = filter::compile_text("udp port 53", kRaw, filter::kDefaultSnaplen);
  REQUIRE(filter);
  REQUIRE(bytes);
  CHECK(filter->program.size() == bytes->size());
}

TEST_CASE("kernel filter: a wrong expression is refused as for files") {
  const auto filter = filter::compile_for_kernel("tcp prot 80", kEthernet);
  REQUIRE_FALSE(filter);
  CHECK(filter.error().detail.find("^~~~") != std::string::npos);
}
