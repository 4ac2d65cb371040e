// SPDX-License-Identifier: Apache-2.0
// The sink: one thread that takes flow records from the workers' queues, formats them and writes
// them to the outputs. The engine's way out; it knows nothing of packets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"
#include "flow/encapsulation_table.h"
#include "flow/record_handoff.h"
#include "sink/delivery.h"
#include "sink/name_stage.h"
#include "sink/output_options.h"
#include "sink/record_notes.h"
#include "sink/scan_stage.h"
#include "sink/stats_record.h"

namespace pktana::sink {

struct SinkOptions {
  std::vector<OutputOptions> outputs = {};
  size_t queue_records = 65536;  ///< room between each worker and the sink thread
  bool wait_when_full = false;   ///< a full queue makes the worker wait (files), else drops (live)
  bool live = false;
  const base::NameTable* source_names = nullptr;  ///< must outlive the sink; null = no names
  /// What the records' numbers mean; must outlive the sink, which gives back each record's
  /// reference when it is written or dropped. Null = tunnels are not written.
  flow::EncapsulationTable* encapsulations = nullptr;
  /// Shared, since options are copied on their way here; the sink holds the last one.
  std::vector<std::shared_ptr<RecordNotes>> notes = {};
  std::string host = {};  ///< sensor name; empty = not written
  uint16_t community_id_seed = 0;
  std::optional<ScanStageOptions> scans = {};  ///< none: nobody looks for scans
  std::optional<NameStageOptions> names = {};  ///< none: flows get no names by DNS answers
  /// Threads that format records, the sink's own included; outputs of EVE lines without notes.
  unsigned format_threads = 1;
  /// Flow records are held back until settle() or finish() and then written in the order of
  /// record_sorter.h, the same for any number of producers.
  bool sort = false;
};

/// Flow records of one output. Once nothing is on its way:
/// accepted = written + not_wanted + not_matching + the drops by cause.
struct OutputTotals {
  std::string path = {};
  bool takes_flows = true;
  uint64_t written = 0;            ///< in whole lines that the output took
  uint64_t not_wanted = 0;         ///< of a kind that the output does not take
  uint64_t not_matching = 0;       ///< the output's flow expression does not match
  uint64_t dropped_disk_full = 0;  ///< a torn line's record counts here until the line is complete
  uint64_t dropped_output_slow = 0;  ///< takes lines more slowly than they come
  uint64_t dropped_sink_down = 0;    ///< the output failed for good (a closed pipe, an I/O error)
  uint64_t bytes_written = 0;        ///< of all lines
  OutputHealth health = {};
};

/// handed_over = accepted + dropped_queue_full, always, and
/// accepted = written + dropped_disk_full + dropped_output_slow + dropped_sink_down + not_wanted +
/// not_matching + folded + learned + in_flight.
/// `written`, not_matching and the drops but the first are those of the output that has written
/// least.
struct SinkTotals {
  uint64_t handed_over = 0;
  uint64_t accepted = 0;
  uint64_t written = 0;
  uint64_t dropped_queue_full = 0;
  uint64_t dropped_disk_full = 0;
  uint64_t dropped_output_slow = 0;
  uint64_t dropped_sink_down = 0;
  uint64_t not_matching = 0;
  uint64_t not_wanted = 0;     ///< no output takes flow records, or none of their kind
  uint64_t folded = 0;         ///< attempts of a scan, whose summary stands for them
  uint64_t learned = 0;        ///< told a name, for the flows to come
  uint64_t in_flight = 0;      ///< in a queue or a buffer; 0 after drain() and finish()
  uint64_t bytes_written = 0;  ///< by all outputs
  std::vector<OutputTotals> outputs;
};

class SinkThread;

/// All functions may be called from any thread.
class Sink {
 public:
  /// Opens the outputs and starts the thread. Fails when an output can't be opened.
  [[nodiscard]] static base::Result<std::unique_ptr<Sink>> start(SinkOptions options);

  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink();  ///< finish(), if that was not called

  /// The way in for one worker; allocates its queue. Lifetime: must go before the sink.
  [[nodiscard]] std::unique_ptr<flow::RecordHandoff> make_producer();

  /// The event comes after all records handed over before; rare. After finish() it is ignored.
  void submit(StatsRecord record);

  /// Log files: rotates each soon, or looks soon whether the file at each path is still the one
  /// that is written (after logrotate). Returns at once.
  void rotate() noexcept;
  void reopen() noexcept;

  /// Waits until every record accepted so far is written or dropped, and every event submitted.
  void drain();

  /// No more records will be handed over: ends all scans, gives back the records held because of
  /// them, then drains.
  void settle();

  /// Every output that takes flow records has failed for good: further work is in vain.
  [[nodiscard]] bool is_down() const noexcept;

  /// Drains, closes the outputs, ends the thread; the workers should have stopped: what they hand
  /// over from now on counts as dropped_sink_down. Returns the first error of the outputs, in
  /// their order; a closed pipe is std::errc::broken_pipe, to be passed over in silence. A second
  /// call returns the same again.
  base::Result<void> finish();

  [[nodiscard]] SinkTotals totals() const;

 private:
  explicit Sink(std::unique_ptr<SinkThread> thread);

  std::unique_ptr<SinkThread> thread_;
};

}  // namespace pktana::sink
