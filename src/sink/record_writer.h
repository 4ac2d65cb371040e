// SPDX-License-Identifier: Apache-2.0
// Interface of the formats: one record in, one line out. Used by output channels; the
// implementations share nothing but the record and the text helpers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"
#include "flow/encapsulation_table.h"
#include "flow/flow_record.h"
#include "flow/scan_record.h"
#include "sink/output_options.h"
#include "sink/record_notes.h"
#include "sink/stats_record.h"

namespace pktana::sink {

/// What writers need to know besides the record.
struct WriterContext {
  bool live = false;                              ///< an interface, else capture files
  const base::NameTable* source_names = nullptr;  ///< names of source_id; null = not written
  const flow::EncapsulationTable* encapsulations = nullptr;  ///< null = tunnels are not written
  std::string host = {};                                     ///< sensor name; empty = not written
  std::vector<RecordNotes*> notes = {};  ///< EVE: asked for each flow, in this order
  uint16_t community_id_seed = 0;
  bool color = false;
  bool wide = false;
  bool narrow = false;
  unsigned app_columns = 0;
  TimeZone time_zone = TimeZone::Utc;
};

/// All put_ functions write whole lines, newline included, of at most kMaxLineBytes together at
/// `out` and return the place behind them; nothing to write = `out` itself. One thread.
class RecordWriter {
 public:
  virtual ~RecordWriter() = default;

  /// What a file begins with.
  virtual char* put_header(char* out) { return out; }

  /// @param now_ns time of writing, ns since the epoch; used live.
  virtual char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept = 0;

  /// @param record of an application event. Only of formats that tell_app_events().
  virtual char* put_event(char* out, const flow::FlowRecord&) noexcept { return out; }

  virtual char* put_stats(char* out, const StatsRecord&) { return out; }

  virtual char* put_scan(char* out, const flow::ScanRecord&, int64_t) noexcept { return out; }

  /// Number that the next line will have in the stream; 0 = the format numbers nothing.
  [[nodiscard]] virtual uint64_t next_seq() const noexcept { return 0; }
  /// The next line gets this number: another writer has numbered the lines before it.
  virtual void set_next_seq(uint64_t /*seq*/) noexcept {}
  /// Passes over the numbers of lines that are lost, so that readers see the gap.
  virtual void skip(uint64_t /*lines*/) noexcept {}
};

[[nodiscard]] base::Result<std::unique_ptr<RecordWriter>> make_writer(Format format,
                                                                      const WriterContext& context);

}  // namespace pktana::sink
