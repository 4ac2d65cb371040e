// SPDX-License-Identifier: Apache-2.0
// Many capture files in one directory (read --split): packets wait in memory and are appended to
// their file in pieces, so that one file is open at a time, however many there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "sink/packet_encoder.h"

namespace pktana::cli {

/// A name of letters, digits, '.', '_' and '-' that is no hidden file's: any other byte of `text`
/// becomes '_'.
[[nodiscard]] std::string safe_file_name(std::string_view text);

/// Files have hidden names until finish(), which gives each its own. One thread.
class SplitFiles {
 public:
  static constexpr size_t kMaxFiles = 100'000;
  static constexpr size_t kMaxWaitingBytes = size_t{64} << 20;  ///< of all files together

  /// Makes the directory; refuses one that has something in it unless `overwrite`.
  [[nodiscard]] static base::Result<SplitFiles> open(const std::string& directory,
                                                     sink::FileFormat format, bool overwrite);

  void describe(const sink::SavedInterface& interface);
  /// A file of that name, made safe and told from those before; its number. When there are
  /// kMaxFiles the last one, "others", takes the rest.
  [[nodiscard]] uint32_t add(std::string_view name);
  void put(uint32_t file, const sink::SavedPacket& packet) noexcept;

  /// Writes what waits and names the files. The first failure of all.
  [[nodiscard]] base::Result<void> finish();
  /// The same without an end: nothing of it stays.
  void discard() noexcept;

  [[nodiscard]] size_t files_made() const noexcept { return made_; }
  [[nodiscard]] uint64_t packets_written() const noexcept { return written_; }
  [[nodiscard]] uint64_t packets_refused() const noexcept { return refused_; }

 private:
  struct File {
    std::string name;
    sink::PacketEncoder encoder;
    std::string waiting;
    uint64_t packets = 0;  ///< of `waiting`
    bool begun = false;    ///< has its header, at least in `waiting`
    bool on_disk = false;
  };

  SplitFiles(std::string directory, sink::FileFormat format)
      : directory_(std::move(directory)), format_(format) {}
  [[nodiscard]] std::string path_of(const File& file, bool made) const;
  void write_out(File& file) noexcept;
  void write_all_out() noexcept;
  void fail(base::Error error) noexcept;

  std::string directory_;
  sink::FileFormat format_;
  std::vector<sink::SavedInterface> interfaces_;
  std::vector<File> files_;
  std::unordered_set<std::string> names_;
  size_t waiting_bytes_ = 0;
  size_t made_ = 0;
  uint64_t written_ = 0;
  uint64_t refused_ = 0;  ///< pcap: of another link type than the file's first packet
  std::optional<base::Error> error_;
};

}  // namespace pktana::cli
