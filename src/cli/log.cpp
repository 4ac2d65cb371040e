// SPDX-License-Identifier: Apache-2.0
#include "cli/log.h"

#include <memory>
#include <string>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/terminal.h"

namespace pktana::cli {
namespace {

std::shared_ptr<spdlog::logger> make_logger(bool color) {
  const auto mode = color ? spdlog::color_mode::always : spdlog::color_mode::never;
  auto logger = std::make_shared<spdlog::logger>(
      "pktana", std::make_shared<spdlog::sinks::stderr_color_sink_mt>(mode));
  logger->set_pattern("pktana: %^%l:%$ %v");
  return logger;
}

std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> the_logger = make_logger(false);
  return the_logger;
}

}  // namespace

void start_log(bool color) { logger() = make_logger(color); }

void log_error(std::string_view text) { logger()->error("{}", printable(text)); }

void log_warning(std::string_view text) { logger()->warn("{}", printable(text)); }

void log_error(const base::Error& error) { log_error(base::to_string(error)); }

}  // namespace pktana::cli
