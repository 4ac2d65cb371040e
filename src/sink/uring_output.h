// SPDX-License-Identifier: Apache-2.0
// Output to a regular file through io_uring: formatting goes on while the kernel writes. Its .cpp
// is the one file that knows liburing.
#pragma once

#include <memory>
#include <span>

#include "base/fd.h"
#include "sink/output.h"

namespace pktana::sink {

/// Nothing (and `fd` untouched) when io_uring is not to be had: too old or forbidden (containers,
/// kernel.io_uring_disabled), or no memory for a ring. The ring can do nothing but write to this
/// file (and to the one it is switched to); seccomp does not see what a ring does, so it is
/// restricted from the start.
/// @param buffers registered with the kernel where RLIMIT_MEMLOCK allows, else written from as is.
[[nodiscard]] std::unique_ptr<RegularFile> try_uring_output(base::Fd& fd, bool sync,
                                                            std::span<char> buffers);

}  // namespace pktana::sink
