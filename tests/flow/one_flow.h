// SPDX-License-Identifier: Apache-2.0
// The memory of one flow, blank, for tests of what works on it.
#pragma once

#include <utility>

#include "flow/flow_ref.h"
#include "support/catch.h"

namespace pktana::flow {

class OneFlow {
 public:
  [[nodiscard]] FlowRef ref() noexcept { return {entry_.hot, entry_.tcp, tail_, ipv6_, pools_}; }
  [[nodiscard]] FlowView view() const noexcept {
    return {entry_.hot, entry_.tcp, tail_, ipv6_, pools_};
  }
  [[nodiscard]] FlowEntry& entry() noexcept { return entry_; }
  [[nodiscard]] const SpillPools& pools() const noexcept { return pools_; }

 private:
  static SpillPools make_pools() {
    auto pools = SpillPools::create(1);
    REQUIRE(pools);
    return std::move(*pools);
  }

  FlowEntry entry_{};
  TailEntry tail_{};
  Ipv6Addresses ipv6_{};
  SpillPools pools_ = make_pools();
};

}  // namespace pktana::flow
