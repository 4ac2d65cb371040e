// SPDX-License-Identifier: Apache-2.0
// A made-up /proc and /sys for tests of the doctor, in a directory that goes with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <net/if.h>

#include "cli/doctor/host_facts.h"
#include "cli/doctor/system_files.h"

namespace pktana::cli::tests {

class Machine {
 public:
  Machine() {
    std::string name = (std::filesystem::temp_directory_path() / "pktana-doctor-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    root_ = name;
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() { std::filesystem::remove_all(root_); }

  void file(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }

  [[nodiscard]] SystemFiles files() const { return SystemFiles(root_); }

 private:
  std::string root_;
};

/// An interface that is up and has its link.
inline LinkFacts link_named(const std::string& name, unsigned index = 1) {
  LinkFacts link;
  link.interface.name = name;
  link.interface.index = index;
  link.interface.flags = IFF_UP | IFF_RUNNING;
  return link;
}

}  // namespace pktana::cli::tests
