// SPDX-License-Identifier: Apache-2.0
#include "app/app_layer.h"

#include <array>
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/dissector.h"
#include "app/toy_dissectors.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using Events = std::vector<std::string>;

TalkOptions toys(uint8_t protocol = PKTANA_TCP) {
  return {.protocol = protocol, .registry = &toy_registry()};
}

TEST_CASE("app: a flow is recognised by its content and its lines become events", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\ntwo\n");
  talk.server("three\n");
  talk.end();
  CHECK(talk.app_proto() == "toy");
  CHECK(talk.events() == Events{R"(toy{"line":"TOY one"} beside{"at":0})",
                                R"(toy{"line":"two"} beside{"at":8})",
                                R"(<toy{"line":"three"} beside{"at":0})", R"(toy{"over":true})"});
}

TEST_CASE("app: the same bytes in pieces of any size give the same events", "[app]") {
  const auto bytes = Talk::bytes_of("TOY one\nskip 5\n12345two\nneed 9\nthree\nfour\nfive");
  Talk whole(toys());
  whole.client(bytes);
  whole.fin(flow::kToServer);
  whole.end();
  CHECK(whole.events().size() == 6);
  for (size_t piece = 1; piece < bytes.size(); ++piece) {
    Talk talk(toys());
    talk.in_pieces(flow::kToServer, bytes, piece);
    talk.fin(flow::kToServer);
    talk.end();
    CHECK(talk.events() == whole.events());
  }
}

TEST_CASE("app: who spoke first is shown first when the second one decides", "[app]") {
  Talk talk(toys());
  talk.server("hi\n");
  talk.client("TOY x\n");
  CHECK(talk.events() ==
        Events{R"(<toy{"line":"hi"} beside{"at":0})", R"(toy{"line":"TOY x"} beside{"at":0})"});
}

TEST_CASE("app: segments out of order are put in order", "[app]") {
  Talk talk(toys());
  talk.segment(flow::kToServer, 4, Talk::bytes_of("one\n"));
  talk.segment(flow::kToServer, 8, Talk::bytes_of("two\n"));
  CHECK(talk.events().empty());
  talk.segment(flow::kToServer, 0, Talk::bytes_of("TOY "));
  CHECK(talk.events() ==
        Events{R"(toy{"line":"TOY one"} beside{"at":0})", R"(toy{"line":"two"} beside{"at":8})"});
}

TEST_CASE("app: a gap is told once the other side has acknowledged it", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\nunfinish");
  talk.lose(flow::kToServer, 10);
  talk.client("two\n");
  CHECK(talk.events().size() == 1);
  talk.acknowledge(flow::kToClient, 30);
  CHECK(talk.events() == Events{R"(toy{"line":"TOY one"} beside{"at":0})", R"(toy{"gap":10})",
                                R"(toy{"line":"two"} beside{"at":26})"});
  CHECK(talk.totals().gaps == 1);
  CHECK(talk.totals().gap_bytes == 10);
}

TEST_CASE("app: a gap that nobody acknowledged is told at the end of the flow", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\n");
  talk.lose(flow::kToServer, 10);
  talk.client("two\n");
  CHECK(talk.events().size() == 1);
  talk.end();
  CHECK(talk.events() == Events{R"(toy{"line":"TOY one"} beside{"at":0})", R"(toy{"gap":10})",
                                R"(toy{"line":"two"} beside{"at":18})", R"(toy{"over":true})"});
}

TEST_CASE("app: bytes that nobody wanted may be missing", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\nskip 10\n12");
  talk.lose(flow::kToServer, 8);
  talk.client("two\n");
  talk.acknowledge(flow::kToClient, 30);
  CHECK(talk.events().back() == R"(toy{"line":"two"} beside{"at":26})");
  CHECK(talk.events().size() == 2);
}

TEST_CASE("app: what the capture cut off is a gap", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\n");
  talk.cut(flow::kToServer, Talk::bytes_of("two\nthr"), 20);
  talk.client("four\n");
  CHECK(talk.events() == Events{R"(toy{"line":"TOY one"} beside{"at":0})",
                                R"(toy{"line":"two"} beside{"at":8})", R"(toy{"gap":13})",
                                R"(toy{"line":"four"} beside{"at":28})"});
}

TEST_CASE("app: a dissector that is done costs nothing more", "[app]") {
  Talk talk(toys());
  talk.client("TOY \ndone\nmore\n");
  CHECK_FALSE(talk.wanted());
  CHECK(talk.events() == Events{R"(toy{"line":"TOY "} beside{"at":0})", R"(toy{"over":true})"});
  CHECK(talk.totals().memory_bytes == 0);
}

TEST_CASE("app: a flow that is given back is probed by the others", "[app]") {
  Talk talk(toys());
  talk.client("TOY \n");
  talk.server("OTHER!");
  talk.client("reject\n");
  CHECK(talk.app_proto() == "other");
  CHECK(talk.totals().rejected == 1);
  CHECK(talk.totals().flows_recognised == 1);
}

TEST_CASE("app: a flow that dissector after dissector gives back is not known", "[app]") {
  constexpr size_t kMany = AppLayer::kMaxChanges + 4;
  std::array<std::string, kMany> names;
  std::array<pktana_dissector, kMany> fickle{};
  Registry registry;
  for (size_t i = 0; i < kMany; ++i) {
    names[i] = "fickle" + std::to_string(i);
    fickle[i] = recogniser({.name = names[i].c_str(), .flags = PKTANA_SETS_ATTRIBUTES},
                           [](const pktana_probe*) { return PKTANA_YES; });
    fickle[i].on_chunk = [](void*, pktana_flow*, const pktana_chunk*) { return kReject; };
    REQUIRE(registry.add(fickle[i], nullptr));
  }
  Talk talk({.registry = &registry});
  talk.client("nobody keeps this");
  talk.end();
  CHECK(talk.app_proto() == "failed");
  CHECK(talk.totals().flows_unknown == 1);
}

TEST_CASE("app: the protocol can change to a named one, or to what the probes say", "[app]") {
  Talk named(toys());
  named.client("TOY one\nchange other\nwhatever");
  CHECK(named.app_proto() == "other");
  CHECK(named.app_proto_before() == "toy");
  CHECK(named.events().back() == R"(other{"bytes":"whatever"})");
  Talk probed(toys());
  probed.client("TOY one\nchange\nOTH");
  probed.client("ER2");
  CHECK(probed.app_proto() == "other");
  CHECK(probed.events().back() == R"(other{"bytes":"OTHER2"})");
  Talk unknown(toys());
  unknown.client("TOY one\nchange\nnobody knows this");
  unknown.end();
  CHECK(unknown.app_proto() == "toy");
  CHECK(unknown.app_proto_before().empty());
}

TEST_CASE("app: protocols don't change for ever", "[app]") {
  Talk talk(toys());
  for (int i = 0; i < 100 && talk.wanted(); ++i)
    talk.client("TOY x\nchange\n");
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("app: nobody's flow fails after so much of it, with a guess by port", "[app]") {
  TalkOptions options = toys();
  options.server_port = 7777;
  Talk talk(options);
  talk.client("nothing that is known");
  CHECK(talk.app_proto().empty());
  talk.server("nor this");
  CHECK(talk.app_proto() == "failed");
  CHECK(talk.guess() == "silent");
  CHECK_FALSE(talk.wanted());
  CHECK(talk.totals().flows_unknown == 1);
}

TEST_CASE("app: probes that can't tell must decide in the end", "[app]") {
  Talk talk(toys());
  talk.client("TO");
  CHECK(talk.wanted());
  CHECK(talk.app_proto().empty());
  talk.end();
  CHECK(talk.app_proto() == "failed");
  Talk slow(toys());
  for (int i = 0; i < AppLayer::kMaxProbedPackets && slow.wanted(); ++i)
    slow.client(i == 0 ? "T" : "");
  slow.end();
  CHECK(slow.app_proto() == "failed");
}

TEST_CASE("app: a fallback is asked when all others have said no", "[app]") {
  Talk talk(toys());
  talk.client("left");
  CHECK(talk.app_proto().empty());
  talk.server("left over");
  CHECK(talk.app_proto() == "fallback");
}

TEST_CASE("app: recognition alone is all that a recogniser, or no wanted event, asks for",
          "[app]") {
  Talk silent(toys());
  silent.client("SILENT");
  CHECK(silent.app_proto() == "silent");
  CHECK_FALSE(silent.wanted());
  TalkOptions options = toys();
  options.wanted = {.all = false, .names = {"toy"}};
  Talk other(options);
  other.client("OTHER");
  CHECK(other.app_proto() == "other");
  CHECK_FALSE(other.wanted());
  CHECK(other.events().empty());
}

TEST_CASE("app: a dissector that names flows runs without its events", "[app]") {
  TalkOptions options = toys();
  options.wanted = {.all = false};
  Talk talk(options);
  talk.client("TOY \nname host.example\n");
  talk.end();
  CHECK(talk.name() == "host.example");
  CHECK(talk.events().empty());
}

TEST_CASE("app: a flow that was announced belongs to its dissector without a probe", "[app]") {
  Expectations expectations;
  TalkOptions control = toys();
  control.expectations = &expectations;
  Talk talk(control);
  talk.client("TOY \nexpect 9\n");
  TalkOptions data = control;
  data.server_port = 9;
  Talk announced(data);
  announced.client("anything");
  CHECK(announced.app_proto() == "other");
  CHECK(announced.events() == Events{R"(other{"bytes":"anything"})"});
  Talk second(data);
  second.client("anything");
  second.end();
  CHECK(second.app_proto() == "failed");
}

TEST_CASE("app: datagrams are whole, each is asked about until one is known", "[app]") {
  Talk talk(toys(PKTANA_UDP));
  talk.client("not yet known");
  talk.server("TOY one\nleft out");
  talk.client("two\n");
  CHECK(talk.app_proto() == "toy");
  CHECK(talk.events() ==
        Events{R"(<toy{"line":"TOY one"} beside{"at":0})", R"(toy{"line":"two"} beside{"at":0})"});
  Talk unknown(toys(PKTANA_UDP));
  for (int i = 0; i < AppLayer::kMaxProbedPackets; ++i)
    unknown.client("nobody knows");
  CHECK(unknown.app_proto() == "failed");
  CHECK_FALSE(unknown.wanted());
}

TEST_CASE("app: unconsumed bytes are bounded: what is too much is a gap", "[app]") {
  Talk talk(toys());
  talk.client("TOY one\n");
  const std::string block(1000, 'x');
  for (int i = 0; i < 100; ++i)
    talk.client(block);
  CHECK(talk.totals().memory_refusals > 0);
  CHECK(talk.totals().memory_bytes <= PKTANA_PENDING_BYTES);
  talk.client("\nlast\n");
  CHECK(talk.events().back().starts_with(R"(toy{"line":"last"})"));
}

TEST_CASE("app: records keep what they were told when the flow goes on", "[app]") {
  Talk talk(toys());
  talk.client("TOY \nname first\n");
  CHECK(talk.name() == "first");
  talk.client("name second\n");
  CHECK(talk.name() == "second");
}

}  // namespace
}  // namespace pktana::app
