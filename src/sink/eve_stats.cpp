// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_stats.h"

#include <string>

#include "sink/stats_text.h"
#include "sink/text.h"

namespace pktana::sink {

char* put_eve_stats(char* out, const StatsRecord& record, const EveStatsContext& context) {
  char time[40];
  char* const time_end = TimestampText().put(time, record.time_ns);
  std::string before = R"({"timestamp":")";
  before.append(time, static_cast<size_t>(time_end - time));
  before += R"(","event_type":"stats")";
  std::string between(context.host);
  between += R"(,"pktana":{"schema":1,"seq":)" + std::to_string(context.seq);
  return put_stats_line(out, record, {.before = before, .between = between, .after = "}}\n"});
}

}  // namespace pktana::sink
