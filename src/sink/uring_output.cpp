// SPDX-License-Identifier: Apache-2.0
#include "sink/uring_output.h"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/uio.h>

#include <liburing.h>

#include "sink/file_output.h"

namespace pktana::sink {
namespace {

constexpr unsigned kQueueDepth = 2;  // one write at a time
constexpr unsigned kFileIndex = 0;   // of the registered file

/// Owner of one ring.
class Ring {
 public:
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    if (open_) ::io_uring_queue_exit(&ring_);
  }

  /// Sets the ring up for one file. False: not to be had.
  bool open(int fd, std::span<char> buffers) noexcept {
    if (::io_uring_queue_init(kQueueDepth, &ring_, IORING_SETUP_R_DISABLED) != 0) return false;
    open_ = true;
    if (::io_uring_register_files(&ring_, &fd, 1) != 0) return false;
    const iovec memory{.iov_base = buffers.data(), .iov_len = buffers.size()};
    has_fixed_buffer_ = !buffers.empty() && ::io_uring_register_buffers(&ring_, &memory, 1) == 0;
    return restrict_to_writes() && do_register(IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
  }

  /// The file that writes go to from now on. False: the ring did not take it.
  bool change_file(int fd) noexcept {
    io_uring_files_update update{};
    update.fds = reinterpret_cast<uintptr_t>(&fd);
    return do_register(IORING_REGISTER_FILES_UPDATE, &update, 1);
  }

  /// False: the ring did not take it.
  bool submit_write(std::span<const char> bytes, uint64_t offset, bool in_buffers) noexcept {
    io_uring_sqe* sqe = ::io_uring_get_sqe(&ring_);
    if (sqe == nullptr) return false;
    const auto length = static_cast<unsigned>(bytes.size());
    if (has_fixed_buffer_ && in_buffers)
      ::io_uring_prep_write_fixed(sqe, kFileIndex, bytes.data(), length, offset, 0);
    else
      ::io_uring_prep_write(sqe, kFileIndex, bytes.data(), length, offset);
    sqe->flags |= IOSQE_FIXED_FILE;
    return ::io_uring_submit(&ring_) == 1;
  }

  /// Bytes taken, or a negative errno.
  int wait_result() noexcept {
    io_uring_cqe* cqe = nullptr;
    int error = 0;
    do {
      error = ::io_uring_wait_cqe(&ring_, &cqe);
    } while (error == -EINTR || error == -EAGAIN);
    if (error != 0) return error;
    const int result = cqe->res;
    ::io_uring_cqe_seen(&ring_, cqe);
    return result;
  }

 private:
  bool restrict_to_writes() noexcept {
    std::array<io_uring_restriction, 4> rules{};
    rules[0].opcode = IORING_RESTRICTION_SQE_OP;
    rules[0].sqe_op = IORING_OP_WRITE;
    rules[1].opcode = IORING_RESTRICTION_SQE_OP;
    rules[1].sqe_op = IORING_OP_WRITE_FIXED;
    rules[2].opcode = IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
    rules[2].sqe_flags = IOSQE_FIXED_FILE;
    rules[3].opcode = IORING_RESTRICTION_REGISTER_OP;
    rules[3].register_op = IORING_REGISTER_FILES_UPDATE;
    return do_register(IORING_REGISTER_RESTRICTIONS, rules.data(), rules.size());
  }

  /// liburing 2.3 declares functions for these two, but its shared library leaves them out.
  bool do_register(unsigned operation, const void* argument, size_t count) noexcept {
    const auto number = static_cast<unsigned>(count);
    return ::io_uring_register(static_cast<unsigned>(ring_.ring_fd), operation, argument, number) ==
           (operation == IORING_REGISTER_FILES_UPDATE ? 1 : 0);
  }

  io_uring ring_{};
  bool open_ = false;
  bool has_fixed_buffer_ = false;
};

class UringOutput final : public RegularFile {
 public:
  UringOutput(std::unique_ptr<Ring> ring, base::Fd fd, bool sync, std::span<char> buffers) noexcept
      : ring_(std::move(ring)), fd_(std::move(fd)), sync_(sync), buffers_(buffers) {}

  void start(std::span<const char> bytes) noexcept override {
    rest_ = bytes;
    written_ = {};
    submit();
  }

  Written wait() noexcept override {
    while (in_flight_)
      on_result(ring_->wait_result());
    return written_;
  }

  base::Result<void> switch_to(base::Fd fd) override {
    offset_ = 0;
    broken_ = !ring_->change_file(fd.get());
    return close_file(std::exchange(fd_, std::move(fd)), sync_);
  }

  base::Result<void> close() override {
    ring_.reset();
    return close_file(std::move(fd_), sync_);
  }

  [[nodiscard]] const char* method() const noexcept override { return "io_uring"; }

 private:
  void submit() noexcept {
    if (rest_.empty()) return;
    in_flight_ = !broken_ && ring_->submit_write(rest_, offset_, is_in_buffers(rest_));
    if (!in_flight_) write_without_ring();
  }

  void on_result(int result) noexcept {
    in_flight_ = false;
    if (result > 0) {
      advance(static_cast<size_t>(result));
      submit();
    } else if (result == -EINTR || result == -EAGAIN) {
      submit();
    } else if (result == -ENOSPC || result == -EDQUOT) {
      written_.error = -result;
    } else {
      write_without_ring();
    }
  }

  /// The plain call says what is wrong with the file, or shows that only the ring is unwell
  /// (forbidden meanwhile, for example): then it isn't asked again.
  void write_without_ring() noexcept {
    const Written plain = pwrite_all(fd_.get(), rest_, offset_);
    broken_ = plain.error == 0;
    advance(plain.bytes);
    written_.error = plain.error;
  }

  void advance(size_t bytes) noexcept {
    written_.bytes += bytes;
    offset_ += bytes;
    rest_ = rest_.subspan(bytes);
  }

  [[nodiscard]] bool is_in_buffers(std::span<const char> bytes) const noexcept {
    return bytes.data() >= buffers_.data() &&
           bytes.data() + bytes.size() <= buffers_.data() + buffers_.size();
  }

  std::unique_ptr<Ring> ring_;
  base::Fd fd_;
  bool sync_;
  std::span<char> buffers_;
  std::span<const char> rest_;  ///< of the write under way
  Written written_;
  uint64_t offset_ = 0;
  bool in_flight_ = false;
  bool broken_ = false;  ///< the ring failed where pwrite(2) did not
};

}  // namespace

std::unique_ptr<RegularFile> try_uring_output(base::Fd& fd, bool sync, std::span<char> buffers) {
  auto ring = std::make_unique<Ring>();
  if (!ring->open(fd.get(), buffers)) return nullptr;
  return std::make_unique<UringOutput>(std::move(ring), std::move(fd), sync, buffers);
}

}  // namespace pktana::sink
