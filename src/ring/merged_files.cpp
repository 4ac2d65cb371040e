// SPDX-License-Identifier: Apache-2.0
#include "ring/merged_files.h"

#include <algorithm>
#include <utility>

namespace pktana::ring {

MergedFiles MergedFiles::open(std::vector<CaptureFile::Options> files) {
  const size_t share = kBlocksBytes / std::max<size_t>(1, files.size());
  std::vector<std::unique_ptr<CaptureFile>> opened;
  std::vector<base::Error> errors;
  for (CaptureFile::Options& options : files) {
    options.block_bytes = std::clamp(share, kMinBlockBytes, CaptureFile::kBlockBytes);
    auto file = CaptureFile::open(options);
    if (file)
      opened.push_back(std::move(*file));
    else
      errors.push_back(std::move(file.error()));
  }
  return {std::move(opened), std::move(errors)};
}

MergedFiles::MergedFiles(std::vector<std::unique_ptr<CaptureFile>> files)
    : MergedFiles(std::move(files), {}) {}

MergedFiles::MergedFiles(std::vector<std::unique_ptr<CaptureFile>> files,
                         std::vector<base::Error> errors)
    : errors_(std::move(errors)) {
  batch_.reserve(kMaxBatch);
  for (auto& file : files) {
    empty_.push_back(inputs_.size());
    inputs_.push_back({.file = std::move(file), .left = {}});
  }
}

base::Result<Batch> MergedFiles::next_batch() {
  // What the batch before lent is given up now, so the files may be read on.
  for (const size_t number : empty_)
    refill(number);
  empty_.clear();
  batch_.clear();
  while (!heap_.empty() && batch_.size() < kMaxBatch) {
    const size_t number = pop();
    Input& input = inputs_[number];
    batch_.push_back(input.left.front());
    input.left = input.left.subspan(1);
    if (input.left.empty()) {
      empty_.push_back(number);
      break;  // its next packet may be the earliest, and reading it takes back what is lent
    }
    push(number);
  }
  const bool end = heap_.empty() && empty_.empty();
  return Batch{batch_, end ? Batch::State::End : Batch::State::Ready};
}

uint64_t MergedFiles::position_bytes() const noexcept {
  uint64_t sum = 0;
  for (const Input& input : inputs_)
    sum += input.file->position_bytes();
  return sum;
}

void MergedFiles::refill(size_t number) {
  Input& input = inputs_[number];
  auto batch = input.file->next_batch();
  if (!batch) {
    errors_.push_back(std::move(batch.error()));
    return;
  }
  input.left = batch->packets;
  if (!input.left.empty()) push(number);
}

void MergedFiles::push(size_t number) {
  heap_.push_back({.ts_ns = inputs_[number].left.front().ts_ns, .number = number});
  std::push_heap(heap_.begin(), heap_.end(),
                 [](const Head& a, const Head& b) { return a.is_after(b); });
}

size_t MergedFiles::pop() {
  std::pop_heap(heap_.begin(), heap_.end(),
                [](const Head& a, const Head& b) { return a.is_after(b); });
  const size_t number = heap_.back().number;
  heap_.pop_back();
  return number;
}

}  // namespace pktana::ring
