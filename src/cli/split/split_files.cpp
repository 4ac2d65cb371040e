// SPDX-License-Identifier: Apache-2.0
#include "cli/split/split_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::cli {
namespace {

constexpr size_t kPieceBytes = size_t{64} * 1024;
constexpr size_t kMaxNameBytes = 200;
constexpr std::string_view kOthers = "others";

bool is_safe(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

base::Result<void> append(const std::string& path, std::string_view bytes, bool begins) {
  const int flags = O_WRONLY | O_CLOEXEC | O_CREAT | O_APPEND | O_NOFOLLOW | (begins ? O_TRUNC : 0);
  const base::Fd fd(::open(path.c_str(), flags, 0640));
  if (!fd) return base::fail(errno, "open", path);
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return base::fail(errno, "write", path);
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return {};
}

}  // namespace

std::string safe_file_name(std::string_view text) {
  std::string name(text.substr(0, kMaxNameBytes));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_safe(c); }, '_');
  if (name.empty() || name.front() == '.' || name.front() == '-') name.insert(name.begin(), '_');
  return name;
}

base::Result<SplitFiles> SplitFiles::open(const std::string& directory, sink::FileFormat format,
                                          bool overwrite) {
  if (::mkdir(directory.c_str(), 0750) != 0 && errno != EEXIST)
    return base::fail(errno, "make directory", directory);
  std::error_code failure;
  const bool empty = std::filesystem::is_empty(directory, failure);
  if (failure) return base::Unexpected(base::Error{failure, "open directory", directory});
  if (!std::filesystem::is_directory(directory, failure))
    return base::fail(ENOTDIR, "open directory", directory);
  if (!empty && !overwrite)
    return base::fail_input("split",
                            directory + " is not empty: give another directory, or --overwrite");
  return SplitFiles(directory, format);
}

void SplitFiles::describe(const sink::SavedInterface& interface) {
  interfaces_.push_back(interface);
  for (File& file : files_)
    file.encoder.describe(interface);
}

uint32_t SplitFiles::add(std::string_view name) {
  const bool full = files_.size() + 1 >= kMaxFiles;
  if (files_.size() == kMaxFiles) return kMaxFiles - 1;
  const std::string wanted = safe_file_name(full ? kOthers : name);
  std::string own = wanted;
  for (unsigned number = 2; !names_.insert(own).second; ++number)
    own = wanted + "-" + std::to_string(number);
  File& file =
      files_.emplace_back(File{.name = std::move(own), .encoder = sink::PacketEncoder(format_)});
  for (const sink::SavedInterface& interface : interfaces_)
    file.encoder.describe(interface);
  return static_cast<uint32_t>(files_.size() - 1);
}

void SplitFiles::put(uint32_t number, const sink::SavedPacket& packet) noexcept {
  File& file = files_[number];
  const size_t before = file.waiting.size();
  if (!file.begun) {
    file.encoder.settle(packet.link_type);
    file.waiting.resize(file.encoder.header_bytes());
    (void)file.encoder.put_header(file.waiting.data());
    file.begun = true;
  }
  if (!file.encoder.accepts(packet)) {
    ++refused_;
    return;
  }
  const size_t at = file.waiting.size();
  file.waiting.resize(at + file.encoder.bytes_of(packet));
  (void)file.encoder.put(file.waiting.data() + at, packet);
  ++file.packets;
  waiting_bytes_ += file.waiting.size() - before;
  if (file.waiting.size() >= kPieceBytes) write_out(file);
  if (waiting_bytes_ >= kMaxWaitingBytes) write_all_out();
}

std::string SplitFiles::path_of(const File& file, bool made) const {
  const char* const ending = format_ == sink::FileFormat::Pcap ? ".pcap" : ".pcapng";
  return directory_ + (made ? "/" : "/.") + file.name + ending + (made ? "" : ".tmp");
}

void SplitFiles::write_out(File& file) noexcept {
  if (file.waiting.empty()) return;
  waiting_bytes_ -= file.waiting.size();
  if (!error_) {
    if (auto done = append(path_of(file, false), file.waiting, !file.on_disk); !done)
      fail(done.error());
    else
      written_ += file.packets;
    file.on_disk = true;
  }
  file.packets = 0;
  file.waiting.clear();
  file.waiting.shrink_to_fit();
}

void SplitFiles::write_all_out() noexcept {
  for (File& file : files_)
    write_out(file);
}

void SplitFiles::fail(base::Error error) noexcept {
  if (!error_) error_ = std::move(error);
}

base::Result<void> SplitFiles::finish() {
  write_all_out();
  for (const File& file : files_) {
    if (error_ || !file.on_disk) break;
    if (::rename(path_of(file, false).c_str(), path_of(file, true).c_str()) != 0)
      fail(base::errno_error(errno, "rename", path_of(file, false)));
    else
      ++made_;
  }
  if (!error_) return {};
  discard();
  return base::Unexpected(*error_);
}

void SplitFiles::discard() noexcept {
  for (const File& file : files_)
    if (file.on_disk) (void)::unlink(path_of(file, false).c_str());
}

}  // namespace pktana::cli
