// SPDX-License-Identifier: Apache-2.0
#include "daemon/daemon_log.h"

#include <cerrno>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.h"

namespace pktana::daemon {
namespace {

constexpr int64_t kRepeatNs = 10 * base::kNsPerSecond;
constexpr size_t kMostKinds = 256;  ///< lines that are remembered

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return spdlog::level::debug;
    case LogLevel::Info:
      return spdlog::level::info;
    case LogLevel::Warning:
      return spdlog::level::warn;
    case LogLevel::Error:
      break;
  }
  return spdlog::level::err;
}

/// sd-daemon(3): "<3>" error, "<4>" warning, "<6>" info, "<7>" debug.
const char* journal_prefix(LogLevel level) {
  constexpr const char* kPrefixes[] = {"<7>", "<6>", "<4>", "<3>"};
  return kPrefixes[static_cast<size_t>(level)];
}

/// Names of interfaces and files come from outside: no control characters in a log.
std::string printable(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      line += fmt::format("\\u{:04x}", byte);
    else
      line += c;
  }
  return line;
}

}  // namespace

struct DaemonLog::Lines {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  bool to_journal = false;
  struct Past {
    int64_t written_ns = 0;
    uint64_t held_back = 0;
  };
  std::map<std::string, Past, std::less<>> past;

  void use(std::shared_ptr<spdlog::sinks::sink> sink, bool journal) {
    const auto level = logger ? logger->level() : spdlog::level::info;
    logger = std::make_shared<spdlog::logger>("pktana", std::move(sink));
    logger->set_pattern(journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l: %v");
    logger->set_level(level);
    logger->flush_on(spdlog::level::trace);
    to_journal = journal;
  }
};

DaemonLog::DaemonLog() : lines_(std::make_unique<Lines>()) {
  lines_->use(std::make_shared<spdlog::sinks::stderr_sink_mt>(),
              ::getenv("JOURNAL_STREAM") != nullptr);
}

DaemonLog::~DaemonLog() = default;

base::Result<void> DaemonLog::configure(const LogConfig& config) {
  const std::lock_guard lock(lines_->mutex);
  try {
    if (config.file.empty())
      lines_->use(std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                  ::getenv("JOURNAL_STREAM") != nullptr);
    else
      lines_->use(std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file), false);
  } catch (const spdlog::spdlog_ex& error) {
    return base::fail_input("open log", error.what());
  }
  lines_->logger->set_level(spdlog_level(config.level));
  return {};
}

void DaemonLog::set_level(LogLevel level) {
  const std::lock_guard lock(lines_->mutex);
  lines_->logger->set_level(spdlog_level(level));
}

void DaemonLog::write(LogLevel level, std::string_view text) {
  const std::lock_guard lock(lines_->mutex);
  if (!lines_->logger->should_log(spdlog_level(level))) return;
  std::string line = printable(text);
  const int64_t now_ns = base::monotonic_ns();
  if (lines_->past.size() > kMostKinds) lines_->past.clear();
  auto [place, is_new] = lines_->past.try_emplace(line);
  Lines::Past& past = place->second;
  if (!is_new && now_ns - past.written_ns < kRepeatNs) {
    ++past.held_back;
    return;
  }
  if (past.held_back > 0) line += fmt::format(" ({} times more since)", past.held_back);
  past = {.written_ns = now_ns, .held_back = 0};
  lines_->logger->log(spdlog_level(level), "{}{}", lines_->to_journal ? journal_prefix(level) : "",
                      line);
}

}  // namespace pktana::daemon
