// SPDX-License-Identifier: Apache-2.0
#include "sink/packet_file.h"

#include <algorithm>

#include "base/clock.h"

namespace pktana::sink {
namespace {

/// Live, without -U: the longest that a packet waits for its block to fill, in packet time.
constexpr int64_t kPatienceNs = base::kNsPerSecond;

}  // namespace

base::Result<std::unique_ptr<PacketFile>> PacketFile::open(PacketFileOptions options) {
  auto queue = PacketBlockQueue::create(options.blocks, options.block_bytes);
  if (!queue) return base::Unexpected(queue.error());
  std::unique_ptr<PacketFile> file(new PacketFile(std::move(options), std::move(*queue)));
  const PacketFileOptions& own = file->options_;
  if (own.live || own.rotate_interval_ns == 0) {
    file->opened_ = true;
    const int64_t now_ns = own.live ? base::realtime_ns() : 0;
    if (auto begun = file->output_.begin(file->series_.first(now_ns)); !begun)
      return base::Unexpected(begun.error());
  }
  file->thread_ = std::thread([raw = file.get()] { raw->run(); });
  return file;
}

PacketFile::PacketFile(PacketFileOptions options, std::unique_ptr<PacketBlockQueue> queue)
    : options_(std::move(options)),
      rotates_(options_.rotate_bytes != 0 || options_.rotate_interval_ns != 0),
      queue_(std::move(queue)),
      encoder_(options_.format),
      series_(options_),
      output_(options_) {}

PacketFile::~PacketFile() {
  // A run that never began leaves no file behind, and spares the one that was there.
  if (!finished_) end_thread();
}

void PacketFile::end_thread() {
  queue_->end();
  if (thread_.joinable()) thread_.join();
  finished_ = true;
}

void PacketFile::run() noexcept {
  while (PacketBlock* block = queue_->take_full()) {
    if (!block->begins.empty()) {
      output_.end();
      (void)output_.begin(block->begins);  // a failure is kept, and counted with each packet
    }
    output_.write(*block);
    queue_->give_back(block);
  }
  output_.end();
}

void PacketFile::begin(uint16_t link_type, int64_t now_ns) {
  if (begun_) return;
  begin_first_file(link_type, now_ns);
  put_pending_header();
  hand_on();
}

void PacketFile::begin_first_file(uint16_t link_type, int64_t ts_ns) {
  begun_ = true;
  encoder_.settle(link_type);
  begin_file(opened_ ? std::string() : series_.first(ts_ns));
}

/// @param name  empty: it is open already.
void PacketFile::begin_file(std::string name) {
  header_pending_ = true;
  pending_name_ = std::move(name);
  file_bytes_ = encoder_.header_bytes();
}

void PacketFile::put(const SavedPacket& packet) noexcept {
  offered_.add(1);
  if (is_complete()) return over_limit_.add(1);
  if (!begun_)
    begin_first_file(packet.link_type, packet.ts_ns);
  else if (series_.is_due(packet.ts_ns, file_bytes_) && !rotate(packet.ts_ns))
    return over_limit_.add(1);
  if (!encoder_.accepts(packet)) return dropped_link_type_.add(1);
  put_pending_header();
  const size_t bytes = header_pending_ ? 0 : encoder_.bytes_of(packet);
  PacketBlock* block = header_pending_ ? nullptr : block_with_room(bytes);
  if (block == nullptr) return dropped_queue_full_.add(1);
  if (!encoder_.keeps_time(packet)) times_cut_.add(1);
  if (block->packets++ == 0) block_ts_ns_ = packet.ts_ns;
  block->used += static_cast<size_t>(encoder_.put(block->end(), packet) - block->end());
  file_bytes_ += bytes;
  hand_on_if_wanted(packet.ts_ns);
}

/// False: the series is complete.
bool PacketFile::rotate(int64_t ts_ns) {
  hand_on();
  auto name = series_.next(ts_ns);
  if (!name) {
    complete_.set(1);
    return false;
  }
  begin_file(std::move(*name));
  return true;
}

/// The header goes to the front of a block of its own file. Without a free block it stays pending.
void PacketFile::put_pending_header() {
  if (!header_pending_) return;
  PacketBlock* block = block_with_room(encoder_.header_bytes());
  if (block == nullptr) return;
  block->begins = std::move(pending_name_);
  pending_name_.clear();
  block->header_bytes = encoder_.header_bytes();
  block->used += static_cast<size_t>(encoder_.put_header(block->end()) - block->end());
  header_pending_ = false;
}

/// Null: live, and all blocks are under way.
PacketBlock* PacketFile::block_with_room(size_t bytes) {
  if (block_ != nullptr && block_->room() < bytes) hand_on();
  if (block_ == nullptr) block_ = queue_->take_empty(!options_.live);
  if (block_ == nullptr || block_->room() >= bytes) return block_;
  // A packet longer than a block: the block grows, for good.
  auto memory = base::Mapping::anonymous(bytes + options_.block_bytes);
  if (!memory) return nullptr;
  block_->memory = std::move(*memory);
  return block_;
}

void PacketFile::hand_on() {
  if (block_ == nullptr || block_->used == 0) return;
  queue_->send(block_);
  block_ = nullptr;
}

/// While the writer is at work the block may as well fill.
void PacketFile::hand_on_if_wanted(int64_t ts_ns) {
  const bool wanted =
      options_.flush_each_packet || (options_.live && ts_ns - block_ts_ns_ >= kPatienceNs);
  if (wanted && queue_->under_way() == 0) hand_on();
}

void PacketFile::on_idle() noexcept { hand_on(); }

base::Result<void> PacketFile::finish() {
  if (!finished_) {
    if (!begun_ && opened_) begin_first_file(encoder_.first_link_type(), 0);
    if (header_pending_) {
      hand_on();
      options_.live = false;  // the capture is over: now there is time to wait
      put_pending_header();
    }
    hand_on();
    end_thread();
  }
  if (const auto& error = output_.first_error()) return base::Unexpected(*error);
  return {};
}

PacketFileTotals PacketFile::totals() const noexcept {
  PacketFileTotals totals;
  output_.add_to(totals);  // first: what is offered meanwhile is in flight, not written twice
  totals.dropped_queue_full = dropped_queue_full_.get();
  totals.dropped_link_type = dropped_link_type_.get();
  totals.over_limit = over_limit_.get();
  totals.times_cut = times_cut_.get();
  totals.offered = offered_.get();
  totals.in_flight = totals.offered - totals.written - totals.dropped_queue_full -
                     totals.dropped_disk_full - totals.dropped_file_down -
                     totals.dropped_link_type - totals.over_limit;
  return totals;
}

}  // namespace pktana::sink
