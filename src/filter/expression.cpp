// SPDX-License-Identifier: Apache-2.0
#include "filter/expression.h"

#include <algorithm>

#include "filter/event_values.h"
#include "filter/expression_tree.h"
#include "filter/program_builder.h"
#include "flow/icmp_pairs.h"

namespace pktana::filter {
namespace {

using Check = Test::Check;

base::Unexpected refuse(std::string_view text, const Complaint& complaint) {
  return base::fail_input("flow filter", complaint.what + "\n" + draw_caret(text, complaint.place));
}

bool passes(const FlowProgram& program, const Test& test, const Value& value) noexcept {
  switch (test.check) {
    case Check::Present:
      return true;
    case Check::NumberBetween:
      return test.numbers.contains(value.number);
    case Check::NumberInSet:
      return program.number_sets[test.index].contains(value.number);
    case Check::BitsAll:
      return (value.number & test.numbers.first) == test.numbers.first;
    case Check::WordInSet:
      return value.number >= 0 && program.word_sets[test.index][static_cast<size_t>(value.number)];
    case Check::AddressBetween:
      return test.addresses.contains(value.address);
    case Check::AddressInSet:
      return program.address_sets[test.index].contains(value.address);
    case Check::TextEqual:
      return value.text == program.texts[test.index];
    case Check::TextInSet:
      return program.text_sets[test.index].contains(value.text);
    case Check::TextContains:
      return value.text.find(program.texts[test.index]) != std::string_view::npos;
    case Check::TextMatches:
      return program.regexes[test.index].search(value.text);
  }
  return false;
}

bool holds(const FlowProgram& program, const Test& test, const Values& values) noexcept {
  if (values.count == 0) {
    // A flag that is not said is not set; of other fields nothing is known.
    const bool unset = test.field->type == FieldType::Flag && test.numbers.contains(0);
    return test.field->type == FieldType::Flag && unset != test.inverted;
  }
  bool any = false;
  for (unsigned i = 0; i < values.count && !any; ++i)
    any = passes(program, test, values.value[i]);
  return any != test.inverted;
}

/// @param fill puts the values of a field into the Values it is given.
template <typename Fill>
bool run(const FlowProgram& program, const Fill& fill) noexcept {
  uint32_t next = program.entry;
  while (next < Step::kReject) {
    const Step& step = program.steps[next];
    Values values;
    fill(*step.test.field, values);
    next = holds(program, step.test, values) ? step.on_true : step.on_false;
  }
  return next == Step::kAccept;
}

/// The flow's first packet has said it for good.
bool is_settled(const Field& field, const flow::FlowRecord& record) noexcept {
  constexpr std::string_view kSettled[] = {"src_ip",    "dest_ip",  "ip",      "src_port",
                                           "dest_port", "port",     "ip_v",    "proto",
                                           "vlan",      "in_iface", "flow_id", "community_id"};
  // Of ICMP the answer may tell what was asked.
  const bool icmp =
      record.protocol == flow::kProtocolIcmp || record.protocol == flow::kProtocolIcmpv6;
  if (icmp && field.name == "community_id") return false;
  return std::find(std::begin(kSettled), std::end(kSettled), field.name) != std::end(kSettled);
}

}  // namespace

Expression::Expression(std::unique_ptr<FlowProgram> program) noexcept
    : program_(std::move(program)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

base::Result<Expression> Expression::compile(std::string_view text, ExpressionUse use) {
  if (text.size() > kMaxBytes)
    return base::fail_input("flow filter", "longer than " + std::to_string(kMaxBytes) + " bytes");
  Complaints complaints;
  const ExpressionTree tree = parse_expression(text, complaints);
  if (complaints.any()) return refuse(text, *complaints.first());
  auto program = build_program(text, tree, use, complaints);
  if (complaints.any()) return refuse(text, *complaints.first());
  return Expression(std::move(program));
}

bool Expression::matches(const RecordView& view) const noexcept {
  return run(*program_, [&](const Field& field, Values& out) {
    if (field.get != nullptr)
      field.get(view, out);
    else
      get_event_values(field, view, out);
  });
}

bool Expression::matches(const ValueSource& source) const noexcept {
  return run(*program_, [&](const Field& field, Values& out) { source.get(field, out); });
}

std::optional<bool> Expression::settled_by_first_packet(const RecordView& view) const {
  const std::vector<Step>& steps = program_->steps;
  std::vector<bool> reached(steps.size());
  bool accepts = false;
  bool rejects = false;
  const auto reach = [&](uint32_t next) {
    if (next < Step::kReject)
      reached[next] = true;
    else
      (next == Step::kAccept ? accepts : rejects) = true;
  };
  reach(program_->entry);
  // A test goes on to such as stand before it (program_builder.cpp).
  for (size_t i = steps.size(); i-- > 0;) {
    if (!reached[i]) continue;
    const Test& test = steps[i].test;
    if (!is_settled(*test.field, view.record)) {
      reach(steps[i].on_true);
      reach(steps[i].on_false);
      continue;
    }
    Values values;
    test.field->get(view, values);
    reach(holds(*program_, test, values) ? steps[i].on_true : steps[i].on_false);
  }
  if (accepts && rejects) return std::nullopt;
  return accepts;
}

const std::vector<std::string>& Expression::needles() const noexcept { return program_->needles; }

std::vector<const Field*> Expression::fields() const {
  std::vector<const Field*> fields;
  for (const Step& step : program_->steps)
    if (std::find(fields.begin(), fields.end(), step.test.field) == fields.end())
      fields.push_back(step.test.field);
  return fields;
}

}  // namespace pktana::filter
