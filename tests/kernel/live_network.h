// SPDX-License-Identifier: Apache-2.0
// A network of a test's own: a fresh network namespace for the calling thread, with veth pairs in
// it that carry nothing but what the test sends. It goes with the object, and with the process
// however that ends.
#pragma once

#include <memory>
#include <string>

#include "base/fd.h"

namespace pktana::tests {

class LiveNetwork {
 public:
  /// None: no right to make a namespace (or to open packet sockets in it). Then the test case is
  /// marked as skipped with the reason; where the environment variable CI is set, that is a
  /// failure.
  [[nodiscard]] static std::unique_ptr<LiveNetwork> create();
  ~LiveNetwork();

  /// Two interfaces; what is sent on one is received on the other. Both up, no addresses, no IPv6.
  void add_pair(const std::string& sender, const std::string& receiver);
  /// A shell command; fails the test case when it fails. @return its standard output.
  std::string run(const std::string& command);
  void set_up(const std::string& interface_name, bool up);

 private:
  explicit LiveNetwork(base::Fd before) noexcept;

  base::Fd before_;  ///< the namespace to return to
};

/// User and system time of the calling thread so far.
[[nodiscard]] double thread_cpu_seconds();

}  // namespace pktana::tests
