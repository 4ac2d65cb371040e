// SPDX-License-Identifier: Apache-2.0
#include "top/keys.h"

#include "filter/expression.h"
#include "support/catch.h"
#include "top/snapshots.h"

namespace pktana::top {
namespace {

using Kind = Key::Kind;

/// A user in front of three flows: 3 is the fastest, 1 the slowest.
struct User {
  State state = {};
  Model model = {};

  User() {
    model.update(snapshot(0, {flow(1, 100), flow(2, 100), flow(3, 100)}));
    model.update(snapshot(1, {flow(1, 200), flow(2, 300), flow(3, 400)}));
  }
  bool press(Kind kind) { return on_key({.kind = kind}, state, model, 10); }
  bool type(std::u32string_view text) {
    bool stays = true;
    for (const char32_t character : text)
      stays = on_key({.character = character}, state, model, 10);
    return stays;
  }
};

}  // namespace

TEST_CASE("keys: q leaves, but not while an expression is typed") {
  User user;
  CHECK_FALSE(user.type(U"q"));
  CHECK(user.type(U"/q"));
  CHECK(user.state.prompt == "q");
  user.press(Kind::Escape);
  CHECK_FALSE(user.type(U"q"));
  user.type(U"?");
  CHECK_FALSE(user.type(U"q"));
}

TEST_CASE("keys: pages by number and by Tab") {
  User user;
  user.type(U"4");
  CHECK(user.state.page == Page::Applications);
  user.press(Kind::Tab);
  user.press(Kind::Tab);
  CHECK(user.state.page == Page::Flows);
  user.press(Kind::BackTab);
  CHECK(user.state.page == Page::Losses);
  user.press(Kind::Down);
  CHECK(user.state.cursor == 0);
}

TEST_CASE("keys: the cursor keeps to the list, and to the flow that was chosen") {
  User user;
  user.press(Kind::Up);
  CHECK(user.state.cursor == 0);
  user.type(U"j");
  CHECK(user.state.selected == 2);
  user.press(Kind::End);
  CHECK(user.state.cursor == 2);
  CHECK(user.state.selected == 1);
  user.model.update(snapshot(2, {flow(1, 9000), flow(2, 300), flow(3, 400)}));
  settle_cursor(user.state, user.model);
  CHECK(user.state.cursor == 0);  // it is the fastest now
  user.press(Kind::PageDown);
  CHECK(user.state.cursor == 2);
  user.model.update(snapshot(3, {flow(1, 9000)}));
  settle_cursor(user.state, user.model);
  CHECK(user.state.cursor == 0);
  CHECK(user.state.selected == 0);
}

TEST_CASE("keys: an expression is taken when it is right, and told of when it is not") {
  User user;
  user.type(U"/dest_prt == 443");
  user.press(Kind::Enter);
  CHECK(user.state.wanted.where.empty());
  CHECK(user.state.complaint.find("dest_port") != std::string::npos);
  CHECK(user.state.complaint.find("^~~~") != std::string::npos);
  user.type(U"\u0015dest_port == 44x");
  CHECK(user.state.complaint.empty());
  user.press(Kind::Backspace);
  user.type(U"3");
  user.press(Kind::Enter);
  CHECK(user.state.wanted.where == "dest_port == 443");
  CHECK_FALSE(user.state.prompt);
  user.type(U"/");
  CHECK(user.state.prompt == "dest_port == 443");
  user.type(U"\u0015  ");
  user.press(Kind::Enter);
  CHECK(user.state.wanted.where.empty());
}

TEST_CASE("keys: what is typed has an end, and Backspace takes whole characters") {
  User user;
  user.type(U"/" + std::u32string(2000, U'x'));
  CHECK(user.state.prompt->size() == 1000);
  user.type(U"\u0015\u00e9");
  CHECK(user.state.prompt == "\u00e9");
  user.press(Kind::Backspace);
  CHECK(user.state.prompt->empty());
  user.press(Kind::Backspace);
  CHECK(user.state.prompt->empty());
}

TEST_CASE("keys: Enter shows a flow's details, Escape goes back step by step") {
  User user;
  user.type(U"j");
  user.press(Kind::Enter);
  CHECK(user.state.detailed == 2);
  user.press(Kind::Escape);
  CHECK_FALSE(user.state.detailed);
  CHECK(user.state.cursor == 1);
  user.press(Kind::Escape);
  CHECK(user.state.cursor == 0);
  user.state.wanted.where = "bytes > 1";
  user.press(Kind::Escape);
  CHECK(user.state.wanted.where.empty());
}

TEST_CASE("keys: Enter on a talker, a protocol or an application shows its flows") {
  User user;
  user.type(U"2");
  user.press(Kind::Enter);
  CHECK(user.state.page == Page::Flows);
  CHECK(user.state.wanted.where == "ip == 198.18.1.1");
  user.type(U"3");
  user.press(Kind::Enter);
  CHECK(user.state.wanted.where == "(ip == 198.18.1.1) and proto == TCP");
  CHECK(filter::Expression::compile(user.state.wanted.where, filter::ExpressionUse::Records));
  user.state.wanted.where.clear();
  user.type(U"4");
  user.press(Kind::Enter);
  CHECK(user.state.wanted.where == "app_proto == \"tls\"");
}

TEST_CASE("keys: order, its opposite, and pause") {
  User user;
  user.type(U"s");
  CHECK(user.state.wanted.sort == Sort::Bytes);
  user.type(U"SS");
  CHECK(user.state.wanted.sort == Sort::Last);
  user.type(U"rp");
  CHECK(user.state.reverse);
  CHECK(user.state.paused);
  user.type(U" ");
  CHECK_FALSE(user.state.paused);
  user.type(U"p/bytes > 1");
  CHECK(user.state.paused);
  user.press(Kind::Enter);
  CHECK_FALSE(user.state.paused);
}

}  // namespace pktana::top
