// SPDX-License-Identifier: Apache-2.0
#include "app/event_builder.h"

#include <string>

#include "app/app_fixture.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

std::string finish(EventBuilder& builder) {
  const flow::AppEvent* event = builder.finish();
  if (event == nullptr) return "none";
  std::string text = std::string(event->name) + tape_text(event->tape) + tape_text(event->beside) +
                     (event->cut ? " cut" : "");
  CHECK(event->drop_reference());
  delete event;
  return text;
}

TEST_CASE("event builder: fields, objects and arrays nest", "[event]") {
  EventBuilder builder;
  builder.begin("toy", false, true);
  builder.text("a", "x");
  builder.object_begin("o");
  builder.number("n", 7);
  builder.array_begin("l");
  builder.flag(nullptr, true);
  builder.signed_number(nullptr, -1);
  builder.object_begin(nullptr);
  builder.object_end();
  builder.array_end();
  builder.object_end();
  builder.number_beside("tx_id", 3);
  CHECK(finish(builder) == R"(toy{"a":"x","o":{"n":7,"l":[true,-1,{}]}}{"tx_id":3})");
  CHECK(builder.misuses() == 0);
}

TEST_CASE("event builder: an object beside the event ends where it ends", "[event]") {
  EventBuilder builder;
  builder.begin("toy", false, true);
  builder.object_beside_begin("o");
  builder.number("n", 1);
  builder.array_begin("l");
  builder.object_beside_begin("not here");
  builder.object_end();
  builder.array_end();
  builder.number_beside("nor here", 2);
  builder.object_end();
  builder.number("m", 3);
  CHECK(finish(builder) == R"(toy{"m":3}{"o":{"n":1,"l":[]}})");
  CHECK(builder.misuses() == 2);
}

TEST_CASE("event builder: an event that nobody wants is not built, but checked", "[event]") {
  EventBuilder builder;
  builder.begin("toy", false, false);
  builder.object_begin("o");
  builder.number("n", 7);
  builder.object_end();
  CHECK(finish(builder) == "none");
  CHECK(builder.misuses() == 0);
}

TEST_CASE("event builder: calls that make no sense are counted and left out", "[event]") {
  EventBuilder builder;
  builder.number("n", 7);
  builder.object_end();
  CHECK(finish(builder) == "none");
  CHECK(builder.misuses() == 3);
  builder.begin("toy", false, true);
  builder.number(nullptr, 1);
  builder.array_begin("l");
  builder.number("key", 1);
  builder.object_end();
  builder.object_begin("not here");
  builder.number(nullptr, 2);
  builder.object_end();
  builder.number(nullptr, 3);
  CHECK(finish(builder) == R"(toy{"l":[3]}{})");
  CHECK(builder.misuses() == 8);
}

TEST_CASE("event builder: an event within another, or left open, is dropped", "[event]") {
  EventBuilder builder;
  builder.begin("first", false, true);
  builder.begin("second", false, true);
  CHECK(finish(builder) == "second{}{}");
  builder.begin("third", false, true);
  builder.abandon();
  CHECK_FALSE(builder.is_open());
  CHECK(finish(builder) == "none");
}

TEST_CASE("event builder: too deep and too long is cut, and stays balanced", "[event]") {
  EventBuilder builder;
  builder.begin("toy", false, true);
  for (unsigned i = 0; i < 2 * flow::kMaxTapeDepth; ++i)
    builder.object_begin("o");
  builder.number("deep", 1);
  for (unsigned i = 0; i < 2 * flow::kMaxTapeDepth; ++i)
    builder.object_end();
  builder.number("n", 1);
  const std::string deep = finish(builder);
  CHECK(deep.find("deep") == std::string::npos);
  CHECK(deep.find(R"("n":1)") != std::string::npos);
  CHECK(deep.ends_with(" cut"));
  builder.begin("toy", false, true);
  const std::string text(1000, 'x');
  for (int i = 0; i < 100; ++i)
    builder.text("t", text);
  builder.array_begin("l");
  for (int i = 0; i < 1000; ++i)
    builder.number(nullptr, 1);
  builder.array_end();
  const std::string longer = finish(builder);
  CHECK(longer.size() <= EventBuilder::kMaxTapeBytes);
  CHECK(longer.ends_with(" cut"));
  CHECK(builder.misuses() == 0);
}

}  // namespace
}  // namespace pktana::app
