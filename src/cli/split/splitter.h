// SPDX-License-Identifier: Apache-2.0
// Which file of read --split each packet goes to: one for each flow, initiator or application.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/split/split_files.h"
#include "engine/packet_hold.h"

namespace pktana::cli {

struct SplitOptions {
  enum class By : uint8_t { Flow, Src, App };

  std::string directory;
  By by = By::Flow;
  sink::FileFormat format = sink::FileFormat::Pcapng;
  bool overwrite = false;
};

/// What flows turned out to be, from a first run over the same files under the same secret.
class AppSurvey final : public engine::PacketTaker {
 public:
  void on_interface(uint16_t, const ring::FileInterface&) override {}
  void on_final(const flow::FlowRecord& record) override;
  void put(const sink::SavedPacket&, uint32_t) noexcept override {}

  /// Application of the flow: "tls", "unknown", or "none" where nobody looked.
  [[nodiscard]] std::string app_of(const flow::FlowRecord& record) const;

 private:
  std::unordered_map<uint64_t, const char*> apps_;  ///< names are the dissectors'
};

class Splitter final : public engine::PacketTaker {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Splitter>> open(const SplitOptions& options);

  void on_interface(uint16_t source_id, const ring::FileInterface& interface) override;
  [[nodiscard]] uint32_t label_of(const flow::FlowRecord& begun) override;
  void put(const sink::SavedPacket& packet, uint32_t label) noexcept override;

  /// By application: to be asked in a run of its own, before.
  [[nodiscard]] AppSurvey& survey() noexcept { return survey_; }
  [[nodiscard]] SplitFiles& files() noexcept { return files_; }

 private:
  Splitter(const SplitOptions& options, SplitFiles files)
      : options_(options), files_(std::move(files)), groups_{{.name = "no-flow", .file = {}}} {}
  [[nodiscard]] std::string group_of(const flow::FlowRecord& record);

  SplitOptions options_;
  SplitFiles files_;
  AppSurvey survey_;
  std::unordered_map<std::string, uint32_t> labels_;  ///< of groups, from 1
  struct Group {
    std::string name;
    std::optional<uint32_t> file;  ///< none: no packet yet
  };
  std::vector<Group> groups_;  ///< by label; 0: of no flow
  uint64_t flows_ = 0;
};

}  // namespace pktana::cli
