// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_answers.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "base/nearest.h"
#include "daemon/control_text.h"
#include "daemon/prometheus_text.h"

namespace pktana::daemon {
namespace {

constexpr int64_t kLedgerNs = 250 * base::kNsPerMs;
constexpr int64_t kListingNs = 5 * base::kNsPerSecond;

const std::vector<std::string>& asking_commands() {
  static const std::vector<std::string> kNames{"status", "stats",   "ledger", "flows",
                                               "top",    "metrics", "help"};
  return kNames;
}
const std::vector<std::string>& ordering_commands() {
  static const std::vector<std::string> kNames{"rotate", "reload", "log-level", "shutdown"};
  return kNames;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string with_id(const std::string& id) { return id.empty() ? "{" : "{\"id\":" + id + ","; }

std::string success(const std::string& id, const std::string& result) {
  return with_id(id) + "\"ok\":true,\"result\":" + result + "}\n";
}

std::string help_json() {
  std::string text;
  for (const auto* names : {&asking_commands(), &ordering_commands()})
    for (const std::string& name : *names)
      text += (text.empty() ? "[" : ",") + json_text(name);
  return R"({"commands":)" + text + "]}";
}

}  // namespace

std::string ControlAnswers::failure(const std::string& id, std::string_view error) {
  return with_id(id) + "\"ok\":false,\"error\":" + json_text(error) + "}\n";
}

const engine::Ledger& ControlAnswers::ledger() {
  const int64_t now_ns = base::monotonic_ns();
  if (ledger_ns_ == 0 || now_ns - ledger_ns_ > kLedgerNs) {
    ledger_ = target_.ledger();
    ledger_ns_ = base::monotonic_ns();
  }
  return ledger_;
}

std::string ControlAnswers::answer(const ControlRequest& request, bool may_command) {
  const std::string& command = request.command;
  const std::string& id = request.id;
  if (contains(ordering_commands(), command) && !may_command)
    return failure(id, "only root and the daemon's own user may order that");
  if (command == "status") return success(id, status_json(target_, ledger()));
  if (command == "stats") return success(id, stats_json(target_.facts(), ledger()));
  if (command == "ledger") return success(id, ledger_json(ledger()));
  if (command == "metrics")
    return success(id, "{\"text\":" + json_text(page("/metrics").body) + "}");
  if (command == "help") return success(id, help_json());
  if (command == "rotate") {
    target_.rotate();
    return success(id, "{}");
  }
  if (command == "reload")
    return target_.reload() ? success(id, "{}")
                            : failure(id,
                                      "the new configuration has mistakes, the old one stays: "
                                      "see the daemon's log");
  if (command == "log-level") {
    if (!request.level) return failure(id, "a level is missing: debug, info, warning or error");
    target_.set_log_level(*request.level);
    return success(id, "{}");
  }
  if (command == "shutdown") {
    target_.shut_down();
    return success(id, "{}");
  }
  std::vector<std::string> names = asking_commands();
  names.insert(names.end(), ordering_commands().begin(), ordering_commands().end());
  const std::string shown = command.substr(0, 40);
  return failure(id, "there is no command '" + shown + "'" + base::suggestion(shown, names));
}

bool ControlAnswers::is_listing(const ControlRequest& request) noexcept {
  return request.command == "flows" || request.command == "top";
}

std::string ControlAnswers::begin_listing(const ControlRequest& request) {
  engine::ListingOptions options = request.listing;
  if (request.command == "flows")
    options.by = engine::ListingOptions::By::None;
  else if (options.by == engine::ListingOptions::By::None)
    options.by = engine::ListingOptions::By::Host;
  // What a file holds is for those who may read it, not for those who may ask here.
  if (options.where.find('@') != std::string::npos)
    return failure(request.id, "where: sets in files (@FILE) are not for the control socket");
  auto listing = target_.list_flows(options);
  if (!listing) return failure(request.id, base::to_string(listing.error()));
  listing_ = std::move(*listing);
  listing_id_ = request.id;
  listing_fields_ = request.fields;
  listing_end_ns_ = base::monotonic_ns() + kListingNs;
  return {};
}

bool ControlAnswers::listing_done() const noexcept {
  return listing_ != nullptr && (listing_->is_done() || base::monotonic_ns() >= listing_end_ns_);
}

std::string ControlAnswers::take_listing() {
  const std::unique_ptr<engine::FlowListing> listing = std::move(listing_);
  return success(listing_id_, listing_json(*listing, target_, listing_fields_));
}

ControlAnswers::Page ControlAnswers::readiness() {
  const DaemonFacts facts = target_.facts();
  std::string reasons;
  const auto add = [&reasons](const std::string& reason) {
    reasons += (reasons.empty() ? "" : ",") + json_text(reason);
  };
  if (std::none_of(facts.interfaces.begin(), facts.interfaces.end(),
                   [](const InterfaceFacts& one) { return one.attached; }))
    add("no interface is captured from");
  for (const sink::OutputTotals& output : ledger().sink.outputs)
    if (!output.health.trouble.empty()) add(output.path + ": " + output.health.trouble);
  const bool ready = reasons.empty();
  return {.status = ready ? 200U : 503U,
          .type = "application/json",
          .body = std::string(R"({"ready":)") + (ready ? "true" : "false") + R"(,"reasons":[)" +
                  reasons + "]}\n"};
}

ControlAnswers::Page ControlAnswers::page(std::string_view path) {
  if (path == "/metrics")
    return {.status = 200,
            .type = "text/plain; version=0.0.4; charset=utf-8",
            .body = prometheus_text(target_.facts(), ledger(), target_)};
  if (path == "/livez") {
    const bool alive = target_.facts().alive;
    return {.status = alive ? 200U : 503U, .body = alive ? "alive\n" : "stuck\n"};
  }
  if (path == "/readyz" || path == "/healthz") return readiness();
  return {.status = 404, .body = "there are /metrics, /livez and /readyz\n"};
}

}  // namespace pktana::daemon
