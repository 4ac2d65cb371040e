// SPDX-License-Identifier: Apache-2.0
// RFB, the protocol of VNC (RFC 6143): one rfb event for the handshake of a connection.
#include <algorithm>
#include <optional>
#include <string>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "rfb";
constexpr size_t kVersion = 12;  ///< "RFB 003.008\n"

bool is_version(Bytes bytes) noexcept {
  const std::string_view text = text_of(bytes.first(kVersion));
  return text.starts_with("RFB ") && decimal_at(text.substr(4)).digits == 3 && text[7] == '.' &&
         decimal_at(text.substr(8)).digits == 3 && text[11] == '\n';
}

class Rfb {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (chunk.direction != next_side()) return chunk.ended ? finish(flow, chunk.ts_ns) : more(0);
    const pktana_step step = take(chunk.bytes);
    if (step.verdict == PKTANA_DONE) return finish(flow, chunk.ts_ns);
    return step.consumed == 0 && chunk.ended ? finish(flow, chunk.ts_ns) : step;
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept { (void)finish(flow, ts_ns); }

 private:
  enum class Step : uint8_t {
    ServerVersion,
    ClientVersion,
    Security,
    Choice,
    Challenge,
    Response,
    Result,
    ClientInit,
    ServerInit,
  };
  static constexpr uint8_t kNone = 1, kVncPassword = 2;

  struct Version {
    std::string major, minor;
  };

  [[nodiscard]] uint8_t next_side() const noexcept {
    switch (step_) {
      case Step::ClientVersion:
      case Step::Choice:
      case Step::Response:
      case Step::ClientInit:
        return PKTANA_TO_SERVER;
      default:
        return PKTANA_TO_CLIENT;
    }
  }

  [[nodiscard]] static std::optional<Version> version(Bytes bytes) noexcept {
    if (!is_version(bytes)) return {};
    const std::string_view text = text_of(bytes);
    return Version{std::string(text.substr(4, 3)), std::string(text.substr(8, 3))};
  }

  [[nodiscard]] pktana_step take(Bytes bytes) noexcept {
    switch (step_) {
      case Step::ServerVersion:
      case Step::ClientVersion:
        return take_version(bytes);
      case Step::Security:
        return take_security(bytes);
      case Step::Choice:
        return take_choice(bytes);
      case Step::Challenge:
      case Step::Response:
        return take_secret(bytes);
      case Step::Result:
        return take_result(bytes);
      case Step::ClientInit:
        if (bytes.empty()) return more(0);
        shared_ = bytes[0] != 0;
        step_ = Step::ServerInit;
        return more(1);
      case Step::ServerInit:
        return take_init(bytes);
    }
    return kDone;
  }

  [[nodiscard]] pktana_step take_version(Bytes bytes) noexcept {
    if (bytes.size() < kVersion) return more(0, kVersion);
    std::optional<Version>& into = step_ == Step::ServerVersion ? server_ : client_;
    into = version(bytes);
    if (!into) return kDone;
    step_ = step_ == Step::ServerVersion ? Step::ClientVersion : Step::Security;
    return more(kVersion);
  }

  /// 3.3: the server decides, four bytes. Later: a number of kinds, and these.
  [[nodiscard]] pktana_step take_security(Bytes bytes) noexcept {
    constexpr size_t kOld = 4;
    if (client_->minor == "003") {
      if (bytes.size() < kOld) return more(0, kOld);
      choose(bytes[3]);
      return step_ == Step::Security ? kDone : more(kOld);
    }
    if (bytes.empty()) return more(0);
    const size_t len = 1u + bytes[0];
    if (len == 1) return kDone;  // refused
    if (bytes.size() < len) return more(0, len);
    step_ = Step::Choice;
    return more(len);
  }

  [[nodiscard]] pktana_step take_choice(Bytes bytes) noexcept {
    if (bytes.empty()) return more(0);
    choose(bytes[0]);
    return step_ == Step::Choice ? kDone : more(1);
  }

  /// Goes on where the kind is known; others (Apple's, TLS ...) end the handshake for us.
  void choose(uint8_t type) noexcept {
    security_ = type;
    if (type == kVncPassword) step_ = Step::Challenge;
    if (type == kNone) step_ = client_->minor == "008" ? Step::Result : Step::ClientInit;
  }

  [[nodiscard]] pktana_step take_secret(Bytes bytes) noexcept {
    constexpr size_t kLen = 16;
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (bytes.size() < kLen) return more(0, kLen);
    std::string& into = step_ == Step::Challenge ? challenge_ : response_;
    for (const uint8_t byte : bytes.first(kLen)) {
      into.push_back(kDigits[byte >> 4]);
      into.push_back(kDigits[byte & 0x0f]);
    }
    step_ = step_ == Step::Challenge ? Step::Response : Step::Result;
    return more(kLen);
  }

  [[nodiscard]] pktana_step take_result(Bytes bytes) noexcept {
    constexpr size_t kLen = 4;
    if (bytes.size() < kLen) return more(0, kLen);
    const uint32_t result = be32(bytes, 0);
    result_ = result == 0 ? "OK" : result == 1 ? "FAIL" : "TOOMANY";
    if (result != 0) return kDone;
    step_ = Step::ClientInit;
    return more(kLen);
  }

  [[nodiscard]] pktana_step take_init(Bytes bytes) noexcept {
    constexpr size_t kFixed = 24, kNameLen = 20, kMaxName = 1024;
    if (bytes.size() < kFixed) return more(0, kFixed);
    const size_t name = be32(bytes, kNameLen);
    if (name > kMaxName) return kDone;
    if (bytes.size() < kFixed + name) return more(0, kFixed + name);
    std::copy_n(bytes.begin(), kFixed, init_.begin());
    name_ = text_of(bytes.subspan(kFixed, name));
    has_init_ = true;
    return kDone;
  }

  [[nodiscard]] pktana_step finish(const Flow& flow, int64_t ts_ns) noexcept {
    if (shown_ || !server_) return kDone;
    shown_ = true;
    Event event = flow.event(kEvent, PKTANA_TO_SERVER, ts_ns);
    show_version(event, "server_protocol_version", server_);
    show_version(event, "client_protocol_version", client_);
    {
      Object authentication = event.object("authentication");
      if (security_) authentication.number("security_type", *security_);
      if (!challenge_.empty()) {
        Object vnc = authentication.object("vnc");
        vnc.text("challenge", challenge_);
        vnc.text_if("response", response_);
      }
      authentication.text_if("security_result", result_);
    }
    if (shared_) event.flag("screen_shared", *shared_);
    if (has_init_) show_framebuffer(event);
    return kDone;
  }

  static void show_version(Event& event, const char* key,
                           const std::optional<Version>& version) noexcept {
    if (!version) return;
    Object object = event.object(key);
    object.text("major", version->major);
    object.text("minor", version->minor);
  }

  void show_framebuffer(Event& event) const noexcept {
    const Bytes init(init_);
    Object object = event.object("framebuffer");
    object.number("width", be16(init, 0));
    object.number("height", be16(init, 2));
    object.text("name", name_);
    Object format = object.object("pixel_format");
    format.number("bits_per_pixel", init[4]);
    format.number("depth", init[5]);
    format.flag("big_endian", init[6] != 0);
    format.flag("true_color", init[7] != 0);
    format.number("red_max", be16(init, 8));
    format.number("green_max", be16(init, 10));
    format.number("blue_max", be16(init, 12));
    format.number("red_shift", init[14]);
    format.number("green_shift", init[15]);
    format.number("blue_shift", init[16]);
  }

  Step step_ = Step::ServerVersion;
  std::optional<Version> server_, client_;
  std::optional<uint8_t> security_;
  std::string challenge_, response_, name_;
  std::string_view result_;
  std::optional<bool> shared_;
  std::array<uint8_t, 24> init_{};
  bool has_init_ = false;
  bool shown_ = false;
};

pktana_match rfb_version(Bytes bytes) noexcept {
  const pktana_match match = begins_with(bytes, "RFB ");
  if (match != PKTANA_YES || bytes.size() < kVersion) return std::min(match, PKTANA_MAYBE);
  return is_version(bytes) ? PKTANA_YES : PKTANA_NO;
}

pktana_match rfb(const Probe& probe) noexcept { return either(probe, rfb_version); }

constexpr uint16_t kPorts[] = {5900, 5901, 5902, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kRfb =
    dissector_of<Rfb>({.name = "rfb", .events = kEvents, .tcp_ports = kPorts}, probed<rfb>);

}  // namespace pktana::app::enterprise
