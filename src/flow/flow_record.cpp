// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_record.h"

#include <algorithm>

namespace pktana::flow {

std::string_view to_string(EndReason reason) noexcept {
  switch (reason) {
    case EndReason::Idle:
      return "idle";
    case EndReason::Closed:
      return "closed";
    case EndReason::Reset:
      return "reset";
    case EndReason::Active:
      return "active";
    case EndReason::Evicted:
      return "evicted";
    case EndReason::Shutdown:
      return "shutdown";
    case EndReason::TupleReuse:
      return "tuple_reuse";
  }
  return "unknown";
}

std::string_view to_string(FlowState state) noexcept {
  switch (state) {
    case FlowState::New:
      return "new";
    case FlowState::Established:
      return "established";
    case FlowState::Closed:
      return "closed";
  }
  return "unknown";
}

std::string_view to_string(TcpState state) noexcept {
  switch (state) {
    case TcpState::None:
      return "none";
    case TcpState::SynSent:
      return "syn_sent";
    case TcpState::SynRecv:
      return "syn_recv";
    case TcpState::Established:
      return "established";
    case TcpState::FinWait1:
      return "fin_wait1";
    case TcpState::FinWait2:
      return "fin_wait2";
    case TcpState::TimeWait:
      return "time_wait";
    case TcpState::LastAck:
      return "last_ack";
    case TcpState::CloseWait:
      return "close_wait";
    case TcpState::Closing:
      return "closing";
    case TcpState::Closed:
      return "closed";
  }
  return "unknown";
}

std::string_view to_string(InitiatorBasis basis) noexcept {
  switch (basis) {
    case InitiatorBasis::Syn:
      return "syn";
    case InitiatorBasis::SynAck:
      return "synack";
    case InitiatorBasis::IcmpRequest:
      return "icmp_request";
    case InitiatorBasis::Port:
      return "port";
    case InitiatorBasis::FirstPacket:
      return "first_packet";
  }
  return "unknown";
}

std::string_view to_string(ConnState state) noexcept {
  switch (state) {
    case ConnState::S0:
      return "S0";
    case ConnState::S1:
      return "S1";
    case ConnState::SF:
      return "SF";
    case ConnState::Rej:
      return "REJ";
    case ConnState::S2:
      return "S2";
    case ConnState::S3:
      return "S3";
    case ConnState::RstO:
      return "RSTO";
    case ConnState::RstR:
      return "RSTR";
    case ConnState::RstOS0:
      return "RSTOS0";
    case ConnState::RstRH:
      return "RSTRH";
    case ConnState::SH:
      return "SH";
    case ConnState::SHR:
      return "SHR";
    case ConnState::Oth:
      return "OTH";
  }
  return "unknown";
}

std::string_view view(const History& history) noexcept {
  const auto* const end = std::find(history.begin(), history.end(), '\0');
  return {history.data(), static_cast<size_t>(end - history.begin())};
}

}  // namespace pktana::flow
