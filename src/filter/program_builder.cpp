// SPDX-License-Identifier: Apache-2.0
#include "filter/program_builder.h"

#include "base/nearest.h"
#include "filter/test_builder.h"

namespace pktana::filter {
namespace {

std::vector<std::string> field_names(ExpressionUse use) {
  std::vector<std::string> names;
  for (const Field* field : all_fields())
    if (use == ExpressionUse::Logs || field->of_records()) names.emplace_back(field->name);
  return names;
}

std::string unknown_field(std::string_view name, ExpressionUse use) {
  std::string text = "unknown field '" + std::string(name) + "'";
  const std::string near = base::suggestion(name, field_names(use));
  return text + (near.empty() ? "; 'pktana fields' lists them" : near);
}

using Needles = std::vector<std::string>;

class Builder {
 public:
  Builder(std::string_view text, const ExpressionTree& tree, ExpressionUse use,
          Complaints& complaints)
      : text_(text), tree_(tree), use_(use), complaints_(complaints) {}

  std::unique_ptr<FlowProgram> run() {
    needles_.resize(tree_.tests.size());
    for (size_t i = 0; i < tree_.tests.size() && !complaints_.any(); ++i)
      tests_.push_back(make_test(tree_.tests[i], needles_[i]));
    if (complaints_.any()) return nullptr;
    program_->entry = emit(tree_.root, Step::kAccept, Step::kReject);
    program_->needles = needles_of(tree_.root, false);
    return std::move(program_);
  }

 private:
  Test make_test(const TestSyntax& syntax, Needles& needles) {
    const std::string_view name = text_of(text_, syntax.field);
    const Field* field = find_field(name);
    if (field == nullptr) {
      complaints_.add(syntax.field.place, unknown_field(name, use_));
      return {};
    }
    if (use_ == ExpressionUse::Records && !field->of_records()) {
      complaints_.add(syntax.field.place, "'" + std::string(name) +
                                              "' is known of log lines only: it works with "
                                              "'pktana query'");
      return {};
    }
    return build_test({text_, *field, syntax}, *program_, needles, complaints_);
  }

  /// From the back: what follows is there before the test that goes there. Returns the entry.
  uint32_t emit(uint32_t index, uint32_t on_true, uint32_t on_false) {
    const ExpressionNode& node = tree_.nodes[index];
    switch (node.kind) {
      case ExpressionNode::Kind::And:
        return emit(node.left, emit(node.right, on_true, on_false), on_false);
      case ExpressionNode::Kind::Or:
        return emit(node.left, on_true, emit(node.right, on_true, on_false));
      case ExpressionNode::Kind::Not:
        return emit(node.left, on_false, on_true);
      case ExpressionNode::Kind::Test:
        program_->steps.push_back({tests_[node.left], on_true, on_false});
        return static_cast<uint32_t>(program_->steps.size() - 1);
    }
    return on_false;
  }

  /// Of `a and b` one side is enough: the one with fewer texts. Of `a or b` both are needed.
  Needles needles_of(uint32_t index, bool negated) {
    const ExpressionNode& node = tree_.nodes[index];
    if (node.kind == ExpressionNode::Kind::Test) return negated ? Needles{} : needles_[node.left];
    if (node.kind == ExpressionNode::Kind::Not) return needles_of(node.left, !negated);
    Needles left = needles_of(node.left, negated);
    Needles right = needles_of(node.right, negated);
    const bool both_hold = (node.kind == ExpressionNode::Kind::And) != negated;
    if (both_hold) {
      const bool take_right = left.empty() || (!right.empty() && right.size() < left.size());
      return take_right ? right : left;
    }
    if (left.empty() || right.empty()) return {};
    left.insert(left.end(), right.begin(), right.end());
    return left;
  }

  std::string_view text_;
  const ExpressionTree& tree_;
  ExpressionUse use_;
  Complaints& complaints_;
  std::unique_ptr<FlowProgram> program_ = std::make_unique<FlowProgram>();
  std::vector<Test> tests_;
  std::vector<Needles> needles_;
};

}  // namespace

std::unique_ptr<FlowProgram> build_program(std::string_view text, const ExpressionTree& tree,
                                           ExpressionUse use, Complaints& complaints) {
  return Builder(text, tree, use, complaints).run();
}

}  // namespace pktana::filter
