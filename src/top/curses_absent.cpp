// SPDX-License-Identifier: Apache-2.0
// Without ncurses there is no terminal, only --once.
#include "top/front.h"

namespace pktana::top {

base::Result<void> run_terminal(std::unique_ptr<Source>, const FrontOptions&, std::atomic<bool>&) {
  return base::fail_input("show a screen",
                          "this pktana was built without ncurses: use --once, or build it with "
                          "libncurses-dev");
}

}  // namespace pktana::top
