// SPDX-License-Identifier: Apache-2.0
#include "engine/record_filter.h"

#include <utility>

namespace pktana::engine {
namespace {

/// No event of a flow but a name for others: whether those match is not known here.
bool tells_name(const flow::FlowRecord& record) noexcept {
  return record.event != nullptr && record.event->learned.has_value();
}

}  // namespace

base::Result<std::unique_ptr<RecordFilter>> RecordFilter::create(
    const filter::Expression& expression, const RecordContext& context,
    std::unique_ptr<flow::RecordHandoff> next) {
  auto names = ExpressionNames::create(context);
  if (!names) return base::Unexpected(names.error());
  return std::unique_ptr<RecordFilter>(
      new RecordFilter(expression, std::move(*names), context.encapsulations, std::move(next)));
}

RecordFilter::RecordFilter(const filter::Expression& expression, ExpressionNames names,
                           flow::EncapsulationTable* encapsulations,
                           std::unique_ptr<flow::RecordHandoff> next) noexcept
    : expression_(expression),
      names_(std::move(names)),
      encapsulations_(encapsulations),
      next_(std::move(next)) {}

void RecordFilter::hand_over(std::span<const flow::FlowRecord> records) noexcept {
  // Runs of records with one answer go on together: nothing is copied, and the queue is touched
  // once for many.
  size_t begin = 0;
  bool matching = false;
  for (size_t i = 0; i < records.size(); ++i) {
    const bool matches =
        tells_name(records[i]) || expression_.matches(filter::RecordView{records[i], &names_});
    if (i > begin && matches != matching) {
      pass(records.subspan(begin, i - begin), matching);
      begin = i;
    }
    matching = matches;
  }
  if (!records.empty()) pass(records.subspan(begin), matching);
}

void RecordFilter::pass(std::span<const flow::FlowRecord> records, bool matching) noexcept {
  if (matching) {
    next_->hand_over(records);
    return;
  }
  filtered_out_.add(records.size());
  flow::release(records, encapsulations_);
}

}  // namespace pktana::engine
