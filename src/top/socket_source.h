// SPDX-License-Identifier: Apache-2.0
// A running daemon, asked by its control socket.
#pragma once

#include <string>

#include "top/reply.h"
#include "top/source.h"

namespace pktana::top {

class SocketSource final : public Source {
 public:
  explicit SocketSource(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] base::Result<Snapshot> fetch(const Wanted& wanted) override;
  [[nodiscard]] base::Result<FlowFields> fields(uint64_t flow_id) override;
  [[nodiscard]] std::string title() const override { return path_; }

 private:
  /// @param members  of the request, besides the command.
  [[nodiscard]] base::Result<std::string> ask(const std::string& command,
                                              const std::string& members = {});
  [[nodiscard]] base::Result<void> add_talkers(const std::string& where, Snapshot& snapshot);

  const std::string path_;
  ReplyReader reader_;
};

}  // namespace pktana::top
