// SPDX-License-Identifier: Apache-2.0
// The checks of `pktana doctor`, one function each, in one file per area. Pure but for the files
// that they are given: they look at facts and say what these do to a capture.
#pragma once

#include "cli/doctor/finding.h"
#include "cli/doctor/host_facts.h"
#include "cli/doctor/system_files.h"

namespace pktana::cli {

// kernel_checks.cpp
[[nodiscard]] Finding check_kernel(const HostFacts& facts);
[[nodiscard]] Finding check_rights(const HostFacts& facts, const SystemFiles& files);
[[nodiscard]] Finding check_io_uring(const HostFacts& facts, const SystemFiles& files);
[[nodiscard]] Finding check_landlock(const HostFacts& facts);
[[nodiscard]] Finding check_btf(const SystemFiles& files);
[[nodiscard]] Finding check_clock_source(const SystemFiles& files);
[[nodiscard]] Finding check_bpf_jit(const SystemFiles& files);

// memory_checks.cpp
[[nodiscard]] Finding check_memlock(const HostFacts& facts);
[[nodiscard]] Finding check_ring_memory(const Plan& plan, size_t interfaces,
                                        const SystemFiles& files);
[[nodiscard]] Finding check_huge_pages(const SystemFiles& files);
[[nodiscard]] Finding check_filter_memory(const SystemFiles& files);
[[nodiscard]] Finding check_backlog(const SystemFiles& files);
[[nodiscard]] Finding check_disk(const HostFacts& facts);

// link_checks.cpp; each fills `interface` itself
[[nodiscard]] Finding check_link_state(const LinkFacts& link);
[[nodiscard]] Finding check_offloads(const LinkFacts& link);
[[nodiscard]] Finding check_rx_ring(const LinkFacts& link, const SystemFiles& files);
[[nodiscard]] Finding check_rx_queues(const LinkFacts& link, unsigned cpus);
[[nodiscard]] Finding check_irq_spread(const LinkFacts& link, unsigned cpus,
                                       const SystemFiles& files);

// duplicate_checks.cpp
/// @param chosen names of the interfaces that are captured together; "any" stands for all.
[[nodiscard]] Finding check_duplicates(const std::vector<std::string>& chosen,
                                       const HostFacts& facts, const SystemFiles& files);

/// All of them: the machine first, then each interface that the plan names; without any, those
/// that are up and no loopback. An interface that is not there is a Fail.
[[nodiscard]] Findings run_checks(const Plan& plan, const HostFacts& facts,
                                  const SystemFiles& files);

}  // namespace pktana::cli
