// SPDX-License-Identifier: Apache-2.0
#include "top/keys.h"

#include <algorithm>

#include "filter/expression.h"
#include "top/grid.h"

namespace pktana::top {
namespace {

constexpr size_t kMaxTyped = 1000;  ///< bytes of an expression
constexpr char32_t kCtrlU = 0x15;

const std::vector<Talker>* talkers_of(Page page, const Snapshot& now) noexcept {
  if (page == Page::Talkers) return &now.hosts;
  if (page == Page::Protocols) return &now.protocols;
  return page == Page::Applications ? &now.applications : nullptr;
}

size_t list_size(const State& state, const Model& model) noexcept {
  if (state.page == Page::Flows) return model.now().flows.size();
  const auto* talkers = talkers_of(state.page, model.now());
  return talkers == nullptr ? 0 : talkers->size();
}

void put_cursor(size_t cursor, State& state, const Model& model) {
  const size_t size = list_size(state, model);
  state.cursor = size == 0 ? 0 : std::min(cursor, size - 1);
  state.selected = 0;
  // At the top it stays there: that is where the greatest are.
  if (state.page != Page::Flows || state.cursor == 0) return;
  state.selected = model.sorted_flows(state.wanted.sort, state.reverse)[state.cursor]->id;
}

void turn_to(Page page, State& state) {
  state.page = page;
  state.cursor = 0;
  state.selected = 0;
  state.detailed.reset();
}

void set_where(const std::string& where, State& state) {
  state.wanted.where = where;
  state.paused = false;  // what stands still is what the filter before it found
  state.cursor = 0;
  state.selected = 0;
}

/// The flows of the talker that the cursor is on.
std::string where_of(Page page, const Talker& talker) {
  if (page == Page::Talkers) return "ip == " + talker.name;
  if (page == Page::Protocols) return "proto == " + talker.name;
  return talker.name.empty() ? "not app_proto" : "app_proto == \"" + talker.name + "\"";
}

void open_row(State& state, const Model& model) {
  if (state.page == Page::Flows) {
    const auto flows = model.sorted_flows(state.wanted.sort, state.reverse);
    if (state.cursor >= flows.size()) return;
    state.selected = flows[state.cursor]->id;
    state.detailed = state.selected;
    state.fields.reset();
    state.has_ended = false;
    state.first_field = 0;
    return;
  }
  const auto* talkers = talkers_of(state.page, model.now());
  if (talkers == nullptr || state.cursor >= talkers->size()) return;
  const std::string more = where_of(state.page, (*talkers)[state.cursor]);
  const std::string& before = state.wanted.where;
  turn_to(Page::Flows, state);
  set_where(before.empty() ? more : "(" + before + ") and " + more, state);
}

void apply_prompt(State& state) {
  const std::string text = *state.prompt;
  const bool blank = text.find_first_not_of(' ') == std::string::npos;
  if (!blank) {
    const auto compiled = filter::Expression::compile(text, filter::ExpressionUse::Records);
    if (!compiled) {
      state.complaint = compiled.error().detail;
      return;
    }
  }
  set_where(blank ? "" : text, state);
  state.prompt.reset();
  state.complaint.clear();
}

void on_prompt_key(const Key& key, State& state) {
  std::string& text = *state.prompt;
  switch (key.kind) {
    case Key::Kind::Escape:
      state.prompt.reset();
      state.complaint.clear();
      return;
    case Key::Kind::Enter:
      apply_prompt(state);
      return;
    case Key::Kind::Backspace:
      while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
        text.pop_back();
      if (!text.empty()) text.pop_back();
      break;
    case Key::Kind::Character:
      if (key.character == kCtrlU) text.clear();
      if (key.character >= U' ' && key.character != 0x7F && text.size() < kMaxTyped)
        append_utf8(text, key.character);
      break;
    default:
      return;
  }
  state.complaint.clear();
}

void sort_by(int step, State& state, const Model& model) {
  constexpr int kCount = kSortCount;
  const int next = (static_cast<int>(state.wanted.sort) + step + kCount) % kCount;
  state.wanted.sort = static_cast<Sort>(next);
  put_cursor(0, state, model);
}

void on_character(char32_t character, State& state, const Model& model) {
  if (character >= U'1' && character < U'1' + kPageCount)
    return turn_to(static_cast<Page>(character - U'1'), state);
  switch (character) {
    case U'j':
      return put_cursor(state.cursor + 1, state, model);
    case U'k':
      return put_cursor(state.cursor - std::min<size_t>(state.cursor, 1), state, model);
    case U'/':
      state.prompt = state.wanted.where;
      return;
    case U's':
      return sort_by(1, state, model);
    case U'S':
      return sort_by(-1, state, model);
    case U'r':
      state.reverse = !state.reverse;
      return put_cursor(0, state, model);
    case U' ':
    case U'p':
      state.paused = !state.paused;
      return;
    case U'?':
    case U'h':
      state.help = true;
      return;
    default:
      return;
  }
}

void on_escape(State& state) {
  if (state.detailed)
    state.detailed.reset();
  else if (state.cursor > 0 || state.selected != 0)
    state.cursor = state.selected = 0;
  else
    set_where({}, state);
}

void on_movement(Key::Kind kind, State& state, const Model& model, size_t rows) {
  constexpr size_t kFar = SIZE_MAX / 2;
  const size_t from = state.detailed ? state.first_field : state.cursor;
  size_t to = from;
  if (kind == Key::Kind::Up) to = from - std::min<size_t>(from, 1);
  if (kind == Key::Kind::Down) to = from + 1;
  if (kind == Key::Kind::PageUp) to = from - std::min(from, rows);
  if (kind == Key::Kind::PageDown) to = from + rows;
  if (kind == Key::Kind::Home) to = 0;
  if (kind == Key::Kind::End) to = kFar;
  if (!state.detailed) return put_cursor(to, state, model);
  const size_t fields = state.fields ? state.fields->size() : 0;
  state.first_field = std::min(to, fields);
}

}  // namespace

bool on_key(const Key& key, State& state, const Model& model, unsigned rows) {
  if (state.prompt) {
    on_prompt_key(key, state);
    return true;
  }
  if (key.kind == Key::Kind::Character && key.character == U'q') return false;
  if (state.help) {
    state.help = false;
    return true;
  }
  const auto page = static_cast<unsigned>(state.page);
  switch (key.kind) {
    case Key::Kind::Character:
      on_character(key.character, state, model);
      break;
    case Key::Kind::Tab:
      turn_to(static_cast<Page>((page + 1) % kPageCount), state);
      break;
    case Key::Kind::BackTab:
      turn_to(static_cast<Page>((page + kPageCount - 1) % kPageCount), state);
      break;
    case Key::Kind::Enter:
      open_row(state, model);
      break;
    case Key::Kind::Escape:
      on_escape(state);
      break;
    case Key::Kind::Backspace:
      break;
    default:
      on_movement(key.kind, state, model, rows);
  }
  return true;
}

void settle_cursor(State& state, const Model& model) {
  const size_t size = list_size(state, model);
  state.cursor = size == 0 ? 0 : std::min(state.cursor, size - 1);
  if (state.page != Page::Flows || state.selected == 0) return;
  const auto flows = model.sorted_flows(state.wanted.sort, state.reverse);
  const auto found = std::find_if(flows.begin(), flows.end(), [&state](const Flow* flow) {
    return flow->id == state.selected;
  });
  if (found == flows.end())
    state.selected = 0;
  else
    state.cursor = static_cast<size_t>(found - flows.begin());
}

}  // namespace pktana::top
