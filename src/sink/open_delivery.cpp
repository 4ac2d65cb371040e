// SPDX-License-Identifier: Apache-2.0
#include "sink/open_delivery.h"

#include <utility>

#include "config.h"
#include "sink/line_delivery.h"
#include "sink/log_file.h"
#include "sink/queued_delivery.h"
#include "sink/socket_target.h"
#include "sink/stream_target.h"

namespace pktana::sink {
namespace {

std::string first_line_of(RecordWriter& writer) {
  std::string line(kMaxLineBytes, '\0');
  line.resize(static_cast<size_t>(writer.put_header(line.data()) - line.data()));
  return line;
}

base::Result<std::shared_ptr<LogDirectory>> directory_of(const LogName& log, LogPlaces& places) {
  for (const auto& directory : places.directories)
    if (directory->is_same(log.directory)) return directory;
  auto opened = LogDirectory::open(log.directory);
  if (opened) places.directories.push_back(*opened);
  return opened;
}

base::Result<std::unique_ptr<LineTarget>> open_log(const OutputOptions& options, LogFileSetup setup,
                                                   LogPlaces& places) {
  const LogName log = LogName::of(options.path);
  if (options.log.compress && !PKTANA_HAVE_ZSTD)
    return base::fail_input("open log", options.path + ": this build can't compress (no zstd)");
  auto directory = directory_of(log, places);
  if (!directory) return base::Unexpected(directory.error());
  if (!places.keeper.add(log, options.log))
    return base::fail_input("open log", options.path + ": two outputs have the same file");
  setup.on_rotated = [keeper = &places.keeper] { keeper->wake(); };
  auto file = LogFile::open(std::move(setup), std::move(*directory));
  if (!file) return base::Unexpected(file.error());
  return std::unique_ptr<LineTarget>(std::move(*file));
}

base::Result<std::unique_ptr<LineTarget>> open_target(const OutputOptions& options,
                                                      LogFileSetup setup, LogPlaces& places) {
  if (options.type == OutputType::LogFile) return open_log(options, std::move(setup), places);
  if (options.type == OutputType::UnixSocket)
    return std::unique_ptr<LineTarget>(
        std::make_unique<SocketTarget>(options.path, std::move(setup.first_line)));
  auto stream = StreamTarget::open(options.path, std::move(setup.first_line));
  if (!stream) return base::Unexpected(stream.error());
  return std::unique_ptr<LineTarget>(std::move(*stream));
}

}  // namespace

base::Result<std::unique_ptr<Delivery>> open_delivery(const OutputOptions& options,
                                                      const std::string& host, RecordWriter& writer,
                                                      LogPlaces& places) {
  if (!has_own_thread(options)) {
    auto direct = LineDelivery::open(
        {.path = options.path, .io_uring = options.io_uring, .sync = options.sync, .buffers = {}});
    if (!direct) return base::Unexpected(direct.error());
    return std::unique_ptr<Delivery>(std::move(*direct));
  }
  QueuedDelivery::Options queued{.path = options.path, .memory_bytes = options.memory_bytes};
  auto memory = QueuedDelivery::make_memory(queued);
  if (!memory) return base::Unexpected(memory.error());
  LogFileSetup setup{.path = options.path,
                     .log = options.log,
                     .format = options.format,
                     .host = host,
                     .first_line = first_line_of(writer),
                     .io_uring = options.io_uring,
                     .sync = options.sync,
                     .buffers = {static_cast<char*>(memory->data()), memory->size()}};
  auto target = open_target(options, std::move(setup), places);
  if (!target) return base::Unexpected(target.error());
  auto delivery = QueuedDelivery::start(std::move(queued), std::move(*memory), std::move(*target));
  if (!delivery) return base::Unexpected(delivery.error());
  return std::unique_ptr<Delivery>(std::move(*delivery));
}

}  // namespace pktana::sink
