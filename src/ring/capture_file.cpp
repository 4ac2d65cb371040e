// SPDX-License-Identifier: Apache-2.0
#include "ring/capture_file.h"

#include <cassert>
#include <utility>

#include "ring/capture_format.h"
#include "ring/compression.h"
#include "ring/file_reader.h"

namespace pktana::ring {
namespace {

std::string name_of(const CaptureFile::Options& options) {
  return options.path == "-" ? "standard input" : options.path;
}

/// `error` with the file's name in front.
base::Unexpected about(const std::string& name, base::Error error) {
  error.detail = error.detail.empty() ? name : name + ": " + error.detail;
  return base::Unexpected(std::move(error));
}

}  // namespace

base::Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const Options& options) {
  auto file = FileReader::open(options.path);
  if (!file) return base::Unexpected(std::move(file.error()));
  return open(options, std::move(*file));
}

base::Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const Options& options,
                                                             std::unique_ptr<ByteReader> bytes) {
  auto reader = decompress_if_needed(std::move(bytes));
  if (!reader) return about(name_of(options), std::move(reader.error()));
  auto buffer = BlockBuffer::create(std::move(*reader), options.block_bytes);
  if (!buffer) return about(name_of(options), std::move(buffer.error()));
  const FileOrigin origin{options.source_id, buffer->reader().decompresses(), options.interfaces};
  auto format = open_format(*buffer, origin);
  if (!format) return about(name_of(options), std::move(format.error()));
  return std::unique_ptr<CaptureFile>(
      new CaptureFile(options, std::move(*buffer), std::move(*format)));
}

CaptureFile::CaptureFile(const Options& options, BlockBuffer buffer,
                         std::unique_ptr<FormatReader> format)
    : name_(name_of(options)),
      buffer_(std::move(buffer)),
      format_(std::move(format)),
      size_bytes_(buffer_.reader().file_size()) {
  position_bytes_.set(buffer_.reader().file_position());
}

base::Result<Batch> CaptureFile::next_batch() {
  while (!finished_) {
    auto scan = format_->scan(buffer_.bytes(), refs_);
    if (!scan) return finish_with(std::move(scan.error()));
    assert(scan->packets > 0 || scan->consumed > 0 || scan->needed > buffer_.bytes().size());
    buffer_.consume(scan->consumed);
    if (scan->packets > 0) return Batch{std::span(refs_).first(scan->packets), Batch::State::Ready};
    auto more = buffer_.require(scan->needed);
    position_bytes_.set(buffer_.reader().file_position());
    if (!more) return finish_with(std::move(more.error()));
    if (*more) continue;
    if (const size_t rest = buffer_.bytes().size(); rest > 0) {
      return finish_with(format_->cut_short(rest, scan->needed));
    }
    finished_ = true;
  }
  return Batch{{}, Batch::State::End};
}

base::Unexpected CaptureFile::finish_with(base::Error error) {
  finished_ = true;
  return about(name_, std::move(error));
}

}  // namespace pktana::ring
