// SPDX-License-Identifier: Apache-2.0
// Zeek's view of a connection: state, history and content for the ways in which TCP goes.
#include "flow/conn_state.h"

#include <string>

#include "flow/one_flow.h"
#include "flow/shard_fixture.h"

namespace pktana::flow {
namespace {

/// Talk of one connection whose sides number their bytes from 1000 and 5000.
class Talk {
 public:
  Talk& client(uint8_t flags, uint32_t seq, uint32_t ack = 0, uint32_t len = 0) {
    return send(kToServer, flags, {1000 + seq, 5000 + ack, len});
  }
  Talk& server(uint8_t flags, uint32_t seq, uint32_t ack = 0, uint32_t len = 0) {
    return send(kToClient, flags, {5000 + seq, 1000 + ack, len});
  }
  Talk& open() { return client(kTcpSyn, 0).server(kSynAck, 0, 1).client(kTcpAck, 1, 1); }
  Talk& with_window(uint16_t window) {
    window_ = window;
    return *this;
  }

  [[nodiscard]] std::string says() const {
    std::string text{to_string(tcp_conn_state(flow_.view()))};
    text += ' ';
    for (const char letter : flow_.view().history())
      if (letter != '\0') text += letter;
    for (const Direction side : {kToServer, kToClient})
      text += ' ' + std::to_string(sequence_bytes(flow_.view(), side, 0));
    return text;
  }

 private:
  struct Numbers {
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
  };

  Talk& send(Direction side, uint8_t flags, Numbers numbers) {
    const TcpSegment segment{.seq = numbers.seq,
                             .ack = (flags & kTcpAck) != 0 ? numbers.ack : 0,
                             .payload_len = numbers.len,
                             .window = window_,
                             .flags = flags,
                             .direction = side};
    HotEntry& hot = flow_.entry().hot;
    hot.tcp_flags[side] |= flags;
    TcpNumbersRef unpacked(flow_.ref());
    track_ends(segment, unpacked);
    hot.tcp_state = track(hot.tcp_state, segment, unpacked);
    unpacked.pack();
    return *this;
  }

  uint16_t window_ = 1000;
  OneFlow flow_;
};

TEST_CASE("conn state: opened, used and closed by both sides") {
  Talk talk;
  talk.open().client(kTcpAck, 1, 1, 10).server(kTcpAck, 1, 11, 20).client(kTcpAck, 11, 21);
  CHECK(talk.says() == "S1 ShADd 10 20");
  talk.server(kTcpAck, 21, 11);
  talk.client(kFinAck, 11, 21);
  CHECK(talk.says() == "S2 ShADdaF 10 20");
  talk.server(kFinAck, 21, 12).client(kTcpAck, 12, 22);
  CHECK(talk.says() == "SF ShADdaFf 10 20");
}

TEST_CASE("conn state: the responder wants to end first") {
  CHECK(Talk().open().server(kFinAck, 1, 1).says() == "S3 ShAf 0 0");
}

TEST_CASE("conn state: attempts without an answer, refused, given up") {
  CHECK(Talk().client(kTcpSyn, 0).client(kTcpSyn, 0).says() == "S0 S 0 0");
  CHECK(Talk().client(kTcpSyn, 0).server(kTcpRst | kTcpAck, 0, 1).says() == "REJ Sr 0 0");
  CHECK(Talk().client(kTcpSyn, 0).client(kTcpRst, 1).says() == "RSTOS0 SR 0 0");
  CHECK(Talk().client(kTcpSyn, 0).client(kFinAck, 1).says() == "SH SF 0 0");
}

TEST_CASE("conn state: resets of an open connection") {
  CHECK(Talk().open().client(kTcpRst, 1).says() == "RSTO ShAR 0 0");
  CHECK(Talk().open().client(kTcpAck, 1, 1, 5).server(kTcpRst, 1).says() == "RSTR ShADr 5 0");
}

TEST_CASE("conn state: only the responder's side of the handshake was seen") {
  CHECK(Talk().server(kSynAck, 0, 1).server(kTcpRst, 1).says() == "RSTRH hr 0 0");
  CHECK(Talk().server(kSynAck, 0, 1).server(kFinAck, 1, 1).says() == "SHR hf 0 0");
  CHECK(Talk().server(kSynAck, 0, 1).client(kTcpAck, 1, 1).says() == "S1 hA 0 0");
}

TEST_CASE("conn state: picked up in the middle") {
  CHECK(Talk().client(kTcpAck, 100, 1, 7).server(kTcpAck, 1, 107, 9).says() == "OTH Dd 7 9");
}

TEST_CASE("conn state: both sides open at once") {
  CHECK(Talk()
            .client(kTcpSyn, 0)
            .server(kTcpSyn, 0)
            .client(kSynAck, 0, 1)
            .server(kSynAck, 0, 1)
            .says() == "S1 Ss 0 0");
}

TEST_CASE("conn state: an FIN after FIN and RST of the other side is an ordinary end") {
  Talk talk;
  talk.open().client(kFinAck, 1, 1).client(kTcpRst, 2);
  CHECK(talk.says() == "RSTO ShAFR 0 0");
  CHECK(talk.server(kFinAck, 1, 2).says() == "SF ShAFRf 0 0");
}

TEST_CASE("history: SYN, FIN and RST come again under another number only") {
  Talk talk;
  talk.open().client(kFinAck, 1, 1).client(kFinAck, 1, 1);
  CHECK(talk.says() == "S2 ShAF 0 0");
  CHECK(talk.client(kFinAck, 6, 1).says() == "S2 ShAFF 5 0");
  CHECK(talk.server(kTcpRst, 1).server(kTcpRst, 1).server(kTcpRst, 9).says() == "RSTR ShAFFrr 5 0");
}

TEST_CASE("history: flags that exclude each other") {
  CHECK(Talk().client(kTcpSyn | kTcpFin, 0).says() == "SH Q 0 0");
  CHECK(Talk().open().client(kTcpFin | kTcpRst, 1).says() == "RSTO ShAI 0 0");
}

TEST_CASE("history: repetitions are a letter at 1, 10 and 100") {
  Talk talk;
  talk.open().client(kTcpAck, 1, 1, 10);
  for (int i = 0; i < 9; ++i)
    talk.client(kTcpAck, 1, 1, 10);
  CHECK(talk.says() == "S1 ShADT 10 0");
  CHECK(talk.client(kTcpAck, 1, 1, 10).says() == "S1 ShADTT 10 0");
  for (int i = 0; i < 90; ++i)
    talk.client(kTcpAck, 1, 1, 10);
  CHECK(talk.says() == "S1 ShADTTT 10 0");
}

TEST_CASE("history: closed windows, but not those that end a connection") {
  CHECK(Talk().open().with_window(0).server(kTcpAck, 1, 1).says() == "S1 ShAaw 0 0");
  CHECK(Talk().open().with_window(0).server(kTcpRst, 1).says() == "RSTR ShAr 0 0");
  CHECK(Talk().open().client(kFinAck, 1, 1).with_window(0).server(kTcpAck, 1, 2).says() ==
        "S2 ShAFa 0 0");
}

TEST_CASE("history: what is acknowledged and was never seen is a gap") {
  Talk talk;
  talk.open().client(kTcpAck, 1, 1, 10);
  CHECK(talk.server(kTcpAck, 1, 51).says() == "S1 ShADaG 50 0");
  CHECK(talk.server(kTcpAck, 1, 51).says() == "S1 ShADaG 50 0");
}

TEST_CASE("history: a hole in the middle is a gap once it is acknowledged, filled it is none") {
  Talk lost;
  lost.open().client(kTcpAck, 1, 1, 10).client(kTcpAck, 31, 1, 10);
  CHECK(lost.server(kTcpAck, 1, 11).says() == "S1 ShADa 40 0");
  CHECK(lost.server(kTcpAck, 1, 41).says() == "S1 ShADaG 40 0");
  Talk late;
  late.open().client(kTcpAck, 1, 1, 10).client(kTcpAck, 31, 1, 10).client(kTcpAck, 11, 1, 20);
  CHECK(late.server(kTcpAck, 1, 41).says() == "S1 ShADTa 40 0");
}

TEST_CASE("history: a hole that is filled from its end") {
  Talk talk;
  talk.open().client(kTcpAck, 31, 1, 10).client(kTcpAck, 21, 1, 10).client(kTcpAck, 1, 1, 20);
  CHECK(talk.server(kTcpAck, 1, 41).says() == "S1 ShADTa 40 0");
}

TEST_CASE("history: never longer than it has room for") {
  Talk talk;
  talk.open().client(kFinAck, 1, 1);
  for (uint32_t i = 2; i < 40; ++i)
    talk.client(kFinAck, i, 1);
  const std::string says = talk.says();
  CHECK(says.find("S2 ShAFFFFFFFFFFFFFFFFFFFFF ") == 0);
}

TEST_CASE("content: sequence numbers go around") {
  Talk talk;
  talk.client(kTcpAck, 0xFFFFFFF0U - 1000, 1, 16).client(kTcpAck, 0U - 1000U, 1, 30);
  CHECK(talk.says() == "OTH D 46 0");
}

TEST_CASE("content: an acknowledgment of zero is not believed") {
  Talk talk;
  talk.open().client(kTcpAck, 1, 1, 10);
  CHECK(talk.server(kTcpAck, 1, 0U - 1000U).says() == "S1 ShADa 10 0");
}

TEST_CASE("content: rounds of the sequence space are told by the bytes that were counted") {
  OneFlow flow;
  flow.entry().tcp.side[kToServer].end.now = EndState::Established;
  flow.entry().tcp.side[kToServer].next_seq = 100;
  const uint64_t round = uint64_t{1} << 32;
  CHECK(sequence_bytes(flow.view(), kToServer, 90) == 100);
  CHECK(sequence_bytes(flow.view(), kToServer, 2 * round + 50) == 2 * round + 100);
  CHECK(sequence_bytes(flow.view(), kToServer, 2 * round - 50) == 2 * round + 100);
}

TEST_CASE("conn state: UDP by who has sent, other protocols have none") {
  CHECK(conn_state_of(kProtocolUdp, true, false) == ConnState::S0);
  CHECK(conn_state_of(kProtocolUdp, true, true) == ConnState::SF);
  CHECK(conn_state_of(kProtocolUdp, false, true) == ConnState::SHR);
  CHECK(conn_state_of(kProtocolIcmp, true, true) == ConnState::Oth);
  CHECK(conn_state_of(kProtocolSctp, true, true) == ConnState::Oth);
}

}  // namespace
}  // namespace pktana::flow
