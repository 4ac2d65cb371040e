// SPDX-License-Identifier: Apache-2.0
// Usage: write_capture_payloads FOLDER CAPTURE... The payload of each flow of the captures, as an
// input of fuzz_app, in a folder for each application protocol that was recognised (and `failed`):
// seeds for a fuzzing session, never committed.
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unordered_map>

#include "app/app_layer.h"
#include "app/seed.h"
#include "engine/worker.h"
#include "ring/capture_file.h"

namespace {

using namespace pktana;

constexpr uint32_t kMaxFlows = 16384;
constexpr size_t kMaxBytes = 16384;  ///< of a flow; a segment is kept whole or not at all
constexpr size_t kMaxSegments = 64;

/// Keeps what flows say while the application layer looks at them.
class Recorder final : public flow::PayloadHook {
 public:
  Recorder(app::AppLayer& layer, std::filesystem::path folder)
      : layer_(layer), folder_(std::move(folder)) {}

  bool on_packet(flow::Slot slot, const flow::FlowPacket& packet, flow::Direction direction,
                 flow::HookedFlow& flow) noexcept override {
    app::Seed& seed = seeds_[slot];
    seed.protocol = packet.key.protocol();
    size_t bytes = packet.payload.size();
    for (const app::Said& said : seed.said)
      bytes += said.bytes.size();
    if (!packet.payload.empty() && bytes <= kMaxBytes && seed.said.size() < kMaxSegments)
      seed.said.push_back(
          {.direction = direction, .bytes = {packet.payload.begin(), packet.payload.end()}});
    if (!done_[slot]) done_[slot] = !layer_.on_packet(slot, packet, direction, flow);
    return bytes <= kMaxBytes || !done_[slot];
  }

  void describe(flow::Slot slot, flow::FlowRecord& record) noexcept override {
    layer_.describe(slot, record);
    if (record.app_proto != nullptr) seeds_[slot].dissector = record.app_proto;
  }

  void on_end(flow::Slot slot, int64_t now_ns, flow::HookedFlow& flow) noexcept override {
    layer_.on_end(slot, now_ns, flow);
  }

  void release(flow::Slot slot) noexcept override {
    layer_.release(slot);
    const app::Seed& seed = seeds_[slot];
    if (!seed.dissector.empty() && !seed.said.empty()) write(seed);
    seeds_.erase(slot);
    done_.erase(slot);
  }

 private:
  void write(const app::Seed& seed) {
    const auto folder = folder_ / seed.dissector;
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / std::to_string(number_++), std::ios::binary);
    file << app::fuzz_input(seed, 0);
  }

  app::AppLayer& layer_;
  std::filesystem::path folder_;
  std::unordered_map<flow::Slot, app::Seed> seeds_;
  std::unordered_map<flow::Slot, bool> done_;
  uint64_t number_ = 0;
};

class Discard final : public flow::RecordHandoff {
 public:
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    flow::drop_belongings(records);
  }
};

base::Result<void> read(const std::string& capture, Recorder& recorder) {
  engine::WorkerOptions options;
  options.shard.max_flows = kMaxFlows;
  options.shard.hook = &recorder;
  Discard discard;
  auto worker = engine::Worker::create(options, discard);
  if (!worker) return base::Unexpected(worker.error());
  auto file = ring::CaptureFile::open({.path = capture, .source_id = 0});
  if (!file) return base::Unexpected(file.error());
  const std::atomic<bool> stop{false};
  auto done = (*worker)->run(**file, stop);
  (*worker)->finish();
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const app::Registry registry = app::Registry::with_builtin();
  app::Expectations expectations;
  auto layer = app::AppLayer::create(
      {.registry = &registry, .expectations = &expectations, .max_flows = kMaxFlows});
  if (!layer) return 1;
  Recorder recorder(**layer, argv[1]);
  for (int i = 2; i < argc; ++i)
    if (auto done = read(argv[i], recorder); !done)
      std::fprintf(stderr, "%s\n", base::to_string(done.error()).c_str());
  return 0;
}
