// SPDX-License-Identifier: Apache-2.0
// What must not allocate.
#include "sample_records.h"
#include "sink/record_queue.h"
#include "sink/sink.h"
#include "support/allocation_counter.h"
#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::sink {

TEST_CASE("record queue: allocates nothing once it is there") {
  RecordQueue queue(4096);
  const auto records = std::vector<flow::FlowRecord>(32);
  const uint64_t before = support::allocation_count();
  for (int lap = 0; lap < 10000; ++lap) {
    (void)queue.try_put(records);
    if (lap % 8 == 7) queue.drop_front(queue.front().size());
  }
  CHECK(support::allocation_count() == before);
}

TEST_CASE("sink: in steady state nothing is allocated, from the worker to the file") {
  const bool io_uring = GENERATE(true, false);
  const support::TempFile file;
  base::NameTable names;
  names.add("file.pcap");
  SinkOptions options{.outputs = {{.path = file.path()}}, .wait_when_full = true};
  options.outputs[0].io_uring = io_uring;
  for (const Format format : {Format::Csv, Format::Table, Format::Zeek, Format::Ecs, Format::Ocsf})
    options.outputs.push_back({.path = "/dev/null", .format = format});
  options.queue_records = 1024;
  options.source_names = &names;
  const auto started = Sink::start(options);
  REQUIRE(started);
  Sink& sink = **started;
  const auto producer = sink.make_producer();
  const auto records = std::vector<flow::FlowRecord>(32, tcp_record());
  producer->hand_over(records);
  sink.drain();
  const uint64_t before = support::allocation_count();
  for (int i = 0; i < 1000; ++i)
    producer->hand_over(records);
  sink.drain();
  CHECK(support::allocation_count() == before);
  CHECK(sink.totals().written == 32'032);
}

}  // namespace pktana::sink
