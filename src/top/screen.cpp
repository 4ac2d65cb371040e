// SPDX-License-Identifier: Apache-2.0
#include "top/screen.h"

#include <algorithm>

#include "top/figures.h"
#include "top/parts.h"

namespace pktana::top {
namespace {

constexpr unsigned kFigureRows = 4;
constexpr unsigned kHeadRows = 1 + kFigureRows + 1;  ///< title, figures, pages
constexpr unsigned kTallRows = 36;   ///< from so many on there are lists below the flows
constexpr unsigned kPanelRows = 11;  ///< of these, headings included
constexpr unsigned kWideColumns = 120;

constexpr std::string_view kPages[kPageCount] = {"flows", "talkers", "protocols", "applications",
                                                 "losses"};

bool has_panels(const Look& look, Page page) noexcept {
  return page == Page::Flows && look.rows >= kTallRows;
}

void draw_title(Grid& grid, const Model& model, const State& state, const Look& look) {
  const Span all{.row = 0, .column = 0, .width = grid.columns()};
  const std::string right = (state.paused ? "PAUSED  " : "") + span_text(model.now().uptime_ns) +
                            "  " + clock_text(model.now().time_ns) + " ";
  const auto room = static_cast<unsigned>(right.size());
  grid.put({.row = 0, .column = 0, .width = grid.columns() - room - 1},
           " pktana top  " + escaped(look.title), Style::Title);
  grid.put({.row = 0, .column = grid.columns() - room, .width = room}, right, Style::Title);
  grid.set_style(all, Style::Title);
}

/// Which pages there are, and what restricts what they show.
void draw_tabs(Grid& grid, unsigned row, const Model& model, const State& state) {
  unsigned column = 1;
  for (unsigned i = 0; i < kPageCount; ++i) {
    const auto page = static_cast<Page>(i);
    Style style = page == state.page ? Style::Selected : Style::Plain;
    if (page == Page::Losses && page != state.page && has_losses(model.now())) style = Style::Bad;
    const std::string text = " " + std::to_string(i + 1) + " " + std::string(kPages[i]) + " ";
    column = grid.put({.row = row, .column = column, .width = grid.columns()}, text, style);
  }
  if (state.wanted.where.empty() || column + 9 >= grid.columns()) return;
  grid.put({.row = row, .column = column + 1, .width = grid.columns() - column - 2},
           "where: " + escaped(state.wanted.where), Style::Accent);
}

std::string key_line(const State& state) {
  if (state.help) return " any key: back";
  if (state.detailed) return " Esc back   Up/Down scroll   q quit";
  return " q quit  ? help  / filter  s sort:" + std::string(to_string(state.wanted.sort)) +
         (state.reverse ? "(least)" : "") + "  r reverse  Enter details  Space " +
         (state.paused ? "go on" : "pause");
}

void draw_foot(Grid& grid, const State& state) {
  const Span line{.row = grid.rows() - 1, .column = 0, .width = grid.columns()};
  if (state.prompt) {
    const unsigned behind = grid.put(line, " where: ", Style::Strong);
    const Span rest{.row = line.row, .column = behind, .width = grid.columns() - behind - 1};
    // What is typed last must be in sight.
    const std::string text = escaped(*state.prompt) + "_";
    const size_t hidden = text.size() > rest.width ? text.size() - rest.width : 0;
    grid.put(rest, std::string_view(text).substr(hidden));
    return;
  }
  if (!state.trouble.empty())
    grid.put(line, " " + escaped(state.trouble), Style::Bad);
  else
    grid.put(line, key_line(state), Style::Dim);
}

/// The mistake and its place, in the lines above the prompt.
void draw_complaint(Grid& grid, const State& state) {
  if (!state.prompt || state.complaint.empty()) return;
  std::string_view rest = state.complaint;
  const auto lines = static_cast<unsigned>(std::count(rest.begin(), rest.end(), '\n')) + 1;
  const unsigned shown = std::min(lines, 3U);
  for (unsigned i = 0; i < shown; ++i) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const Span span{.row = grid.rows() - 1 - shown + i, .column = 0, .width = grid.columns()};
    grid.put(span, std::string(grid.columns(), ' '));
    grid.put({.row = span.row, .column = 1, .width = grid.columns() - 2},
             escaped(rest.substr(0, end)), Style::Bad);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void draw_panels(Grid& grid, const Box& box, const Snapshot& now) {
  const TalkerList lists[] = {{.heading = "TALKERS", .talkers = now.hosts},
                              {.heading = "APPLICATIONS", .talkers = now.applications},
                              {.heading = "PROTOCOLS", .talkers = now.protocols}};
  const unsigned count = box.columns >= kWideColumns ? 3 : 2;
  const unsigned each = box.columns / count;
  for (unsigned i = 0; i < count; ++i)
    draw_talkers(grid,
                 {.row = box.row,
                  .column = box.column + i * each,
                  .rows = box.rows,
                  .columns = i + 1 == count ? box.columns - i * each : each - 2},
                 lists[i]);
}

void draw_page(Grid& grid, const Box& body, const Model& model, const State& state) {
  const Snapshot& now = model.now();
  const auto talkers = [&](const char* heading, const std::vector<Talker>& list) {
    draw_talkers(grid, body, {.heading = heading, .talkers = list, .cursor = state.cursor});
  };
  if (state.help) return draw_help(grid, body);
  if (state.detailed) return draw_details(grid, body, state);
  switch (state.page) {
    case Page::Flows:
      return draw_flows(grid, body, model, state);
    case Page::Talkers:
      return talkers("ADDRESS", now.hosts);
    case Page::Protocols:
      return talkers("PROTOCOL", now.protocols);
    case Page::Applications:
      return talkers("APPLICATION", now.applications);
    case Page::Losses:
      return draw_losses(grid, body, model);
  }
}

Grid too_small(const Look& look) {
  Grid grid(look.columns, look.rows, look.utf8);
  const std::string lines[] = {
      "pktana top needs a terminal",
      "of " + std::to_string(kLeastColumns) + "x" + std::to_string(kLeastRows) + "; this one has",
      std::to_string(look.columns) + "x" + std::to_string(look.rows)};
  for (unsigned i = 0; i < 3; ++i)
    grid.put({.row = i, .column = 0, .width = look.columns}, lines[i], Style::Bad);
  return grid;
}

}  // namespace

std::string_view to_string(Page page) noexcept { return kPages[static_cast<size_t>(page)]; }

unsigned list_rows(const Look& look, Page page) noexcept {
  const unsigned foot = look.has_keys ? 1 : 0;
  const unsigned panels = has_panels(look, page) ? kPanelRows + 1 : 0;
  const unsigned taken = kHeadRows + 1 + foot + panels;  // with the line of headings
  return look.rows > taken ? look.rows - taken : 1;
}

Grid draw(const Model& model, const State& state, const Look& look) {
  if (look.columns < kLeastColumns || look.rows < kLeastRows) return too_small(look);
  Grid grid(look.columns, look.rows, look.utf8);
  draw_title(grid, model, state, look);
  draw_figures(grid, {.row = 1, .column = 0, .rows = kFigureRows, .columns = look.columns}, model);
  draw_tabs(grid, kHeadRows - 1, model, state);
  const bool whole = state.help || state.detailed;
  const Page page = whole ? Page::Losses : state.page;  // without lists below
  const Box body{
      .row = kHeadRows, .column = 0, .rows = list_rows(look, page) + 1, .columns = look.columns};
  if (model.is_empty() && state.trouble.empty())
    grid.put({.row = body.row + 1, .column = 1, .width = look.columns}, "waiting for numbers ...");
  else
    draw_page(grid, body, model, state);
  if (has_panels(look, page))
    draw_panels(
        grid,
        {.row = body.row + body.rows + 1, .column = 0, .rows = kPanelRows, .columns = look.columns},
        model.now());
  if (look.has_keys) draw_foot(grid, state);
  draw_complaint(grid, state);
  return grid;
}

}  // namespace pktana::top
