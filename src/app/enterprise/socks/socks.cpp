// SPDX-License-Identifier: Apache-2.0
// SOCKS: recognised by what is asked and answered, followed until the proxy has connected; what
// comes behind that is another protocol, which is probed for.
#include <algorithm>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"
#include "app/enterprise/socks/socks_message.h"

namespace pktana::app::enterprise {
namespace {

using State = SocksMessage::State;

class Socks {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (chunk.direction != next_side()) return chunk.ended ? kDone : more(0);
    const SocksMessage message = parse(chunk.bytes);
    if (message.state == State::Incomplete) return chunk.ended ? kDone : more(0);
    if (message.state == State::Malformed || !advance(message)) return kDone;
    if (step_ != Step::Connected) return more(message.len);
    flow.change_protocol(nullptr);
    return change(message.len);
  }

 private:
  enum class Step : uint8_t {
    Version,
    Reply4,
    Choice5,
    Login5,
    LoginReply5,
    Request5,
    Reply5,
    Connected,
  };

  [[nodiscard]] uint8_t next_side() const noexcept {
    switch (step_) {
      case Step::Version:
      case Step::Login5:
      case Step::Request5:
        return PKTANA_TO_SERVER;
      default:
        return PKTANA_TO_CLIENT;
    }
  }

  [[nodiscard]] SocksMessage parse(Bytes bytes) noexcept {
    switch (step_) {
      case Step::Version:
        is_version_4_ = !bytes.empty() && bytes[0] == kSocks4;
        return is_version_4_ ? parse_socks4_request(bytes) : parse_socks5_greeting(bytes);
      case Step::Reply4:
        return parse_socks4_reply(bytes);
      case Step::Choice5:
        return parse_socks5_choice(bytes);
      case Step::Login5:
        return parse_socks5_login(bytes);
      case Step::LoginReply5:
        return parse_socks5_login_reply(bytes);
      default:
        return parse_socks5_address(bytes);
    }
  }

  /// @return false if nothing follows that can be followed (refused, GSSAPI).
  [[nodiscard]] bool advance(const SocksMessage& message) noexcept {
    constexpr uint8_t kNoLogin = 0, kPassword = 2;
    switch (step_) {
      case Step::Version:
        step_ = is_version_4_ ? Step::Reply4 : Step::Choice5;
        return true;
      case Step::Choice5:
        step_ = message.code == kPassword ? Step::Login5 : Step::Request5;
        return message.code == kPassword || message.code == kNoLogin;
      case Step::Login5:
        step_ = Step::LoginReply5;
        return true;
      case Step::LoginReply5:
        step_ = Step::Request5;
        return message.code == 0;
      case Step::Request5:
        step_ = Step::Reply5;
        return true;
      default:
        step_ = Step::Connected;
        return message.code == 0;
    }
  }

  Step step_ = Step::Version;
  bool is_version_4_ = false;
};

pktana_match match_of(const SocksMessage& message) noexcept {
  return message.state == State::Whole        ? PKTANA_YES
         : message.state == State::Incomplete ? PKTANA_MAYBE
                                              : PKTANA_NO;
}

/// What the client asks must be whole, and what the server says must answer it.
pktana_match socks(const Probe& probe) noexcept {
  const Bytes request = probe.to_server();
  const Bytes reply = probe.to_client();
  if (request.empty()) return reply.empty() ? PKTANA_MAYBE : PKTANA_NO;
  if (request[0] == kSocks4)
    return std::min(match_of(parse_socks4_request(request)), match_of(parse_socks4_reply(reply)));
  if (request[0] != kSocks5) return PKTANA_NO;
  const pktana_match greeting = match_of(parse_socks5_greeting(request));
  const pktana_match choice = match_of(parse_socks5_choice(reply));
  return std::min(greeting, choice);
}

constexpr uint16_t kPorts[] = {1080, 9050, 9150, 0};

}  // namespace

const pktana_dissector kSocks = dissector_of<Socks>(
    {.name = "socks", .tcp_ports = kPorts, .flags = PKTANA_SETS_ATTRIBUTES}, probed<socks>);

}  // namespace pktana::app::enterprise
