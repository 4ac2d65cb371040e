// SPDX-License-Identifier: Apache-2.0
#include "cli/print_text.h"

#include "cli/line_output.h"
#include "cli/log.h"

namespace pktana::cli {

ExitStatus print_text(std::string_view text) {
  auto output = LineOutput::open("-");
  if (!output) return kFailed;
  output->write(text);
  output->flush();
  const std::optional<base::Error>& error = output->error();
  if (!error || error->code == std::errc::broken_pipe) return kDone;
  log_error(*error);
  return kFailed;
}

}  // namespace pktana::cli
