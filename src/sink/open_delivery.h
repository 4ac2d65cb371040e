// SPDX-License-Identifier: Apache-2.0
// Which way an output's lines go, by its options.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sink/delivery.h"
#include "sink/log_directory.h"
#include "sink/log_keeper.h"
#include "sink/output_options.h"
#include "sink/record_writer.h"

namespace pktana::sink {

/// What the log files of one sink share.
struct LogPlaces {
  std::vector<std::shared_ptr<LogDirectory>> directories;  ///< shared by the logs in each
  LogKeeper& keeper;
};

[[nodiscard]] constexpr bool has_own_thread(const OutputOptions& options) noexcept {
  return options.type != OutputType::Plain || options.own_thread;
}

/// Opens the output. With a thread of its own, the format's header line goes along.
[[nodiscard]] base::Result<std::unique_ptr<Delivery>> open_delivery(const OutputOptions& options,
                                                                    const std::string& host,
                                                                    RecordWriter& writer,
                                                                    LogPlaces& places);

}  // namespace pktana::sink
