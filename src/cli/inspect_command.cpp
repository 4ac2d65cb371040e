// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/inspect_input.h"
#include "cli/inspect_print.h"
#include "cli/line_output.h"
#include "cli/log.h"
#include "cli/stop_signal.h"
#include "filter/filter_set.h"
#include "inspect/dissect.h"
#include "parse/ipv4.h"
#include "parse/ipv6.h"
#include "parse/link_type.h"

namespace pktana::cli {
namespace {

/// Prints the packets that are wanted, one after another.
class Inspector {
 public:
  Inspector(const Options& options, std::optional<filter::FilterSet> filter, LineOutput& output)
      : options_(options),
        filter_(std::move(filter)),
        output_(output),
        color_(use_color(options.color, STDOUT_FILENO)) {}

  /// @return false if no more are wanted.
  bool take(const ring::PacketRef& ref, bool from_file) {
    ++number_;
    if (options_.inspect.packets.holds(number_) && passes_filter(ref)) print(ref, from_file);
    if (output_.is_terminal()) output_.flush();
    const bool enough = options_.packet_limit != 0 && printed_ >= options_.packet_limit;
    return !enough && number_ < options_.inspect.packets.last() && !output_.error() &&
           !stop_wanted();
  }
  [[nodiscard]] uint64_t seen() const noexcept { return number_; }
  [[nodiscard]] uint64_t printed() const noexcept { return printed_; }

 private:
  [[nodiscard]] bool passes_filter(const ring::PacketRef& ref) {
    return !filter_ || filter_->matches(ref.link_type, {.captured = {ref.data, ref.captured_len},
                                                        .wire_len = ref.wire_len,
                                                        .vlan_tpid = ref.vlan_tpid,
                                                        .vlan_tci = ref.vlan_tci});
  }

  void print(const ring::PacketRef& ref, bool from_file) {
    const base::Bytes bytes{ref.data, ref.captured_len};
    const inspect::Tree tree =
        inspect::dissect({.captured = bytes,
                          .wire_len = ref.wire_len,
                          .link_type = ref.link_type,
                          .stripped = {.tpid = ref.vlan_tpid, .tci = ref.vlan_tci}});
    const PacketFacts facts{.number = number_,
                            .has_time = from_file,
                            .ts_ns = ref.ts_ns,
                            .captured_len = ref.captured_len,
                            .wire_len = ref.wire_len,
                            .link_type = ref.link_type,
                            .link_type_guessed = !from_file && !options_.inspect.link_type &&
                                                 ref.link_type != kEthernet};
    if (options_.json) {
      output_.write(inspect_json(facts, tree));
    } else {
      if (printed_ > 0) output_.write("\n");
      output_.write(inspect_text(facts, tree, {.color = color_, .every_flag = options_.verbose}));
      if (options_.inspect.hex_dump) output_.write(inspect_hex_dump(bytes, tree, color_));
    }
    ++printed_;
  }

  static constexpr uint16_t kEthernet = static_cast<uint16_t>(parse::LinkType::Ethernet);

  const Options& options_;
  std::optional<filter::FilterSet> filter_;
  LineOutput& output_;
  bool color_;
  uint64_t number_ = 0;
  uint64_t printed_ = 0;
};

/// Hex without a link type: an IP packet whose length is that of the bytes (tcpdump -x has no link
/// header), else an Ethernet frame.
uint16_t guess_link_type(base::Bytes bytes) {
  const auto ipv4 = parse::Ipv4View::parse(bytes);
  const auto ipv6 = parse::Ipv6View::parse(bytes);
  const bool raw = (ipv4 && ipv4->total_len_bytes() == bytes.size()) ||
                   (ipv6 && ipv6->payload_len_bytes() + 40 == bytes.size());
  return static_cast<uint16_t>(raw ? parse::LinkType::Raw : parse::LinkType::Ethernet);
}

void inspect_frames(const std::vector<Octets>& frames, const Options& options,
                    Inspector& inspector) {
  for (const Octets& frame : frames) {
    const auto size = static_cast<uint32_t>(frame.size());
    const uint16_t type = options.inspect.link_type.value_or(guess_link_type(frame));
    if (!inspector.take(
            {.data = frame.data(), .captured_len = size, .wire_len = size, .link_type = type},
            false))
      return;
  }
}

/// @return the error that ended the file early.
std::optional<base::Error> inspect_capture(ring::PacketSource& source, const Options& options,
                                           Inspector& inspector) {
  for (;;) {
    const auto batch = source.next_batch();
    if (!batch) return batch.error();
    for (ring::PacketRef ref : batch->packets) {
      if (options.inspect.link_type) ref.link_type = *options.inspect.link_type;
      if (!inspector.take(ref, true)) return std::nullopt;
    }
    if (batch->state == ring::Batch::State::End) return std::nullopt;
  }
}

base::Result<InspectInput> open_input(const Options& options) {
  if (options.files.empty()) {
    auto frames = parse_hex(options.inspect.hex.value_or(""));
    if (!frames) return base::Unexpected(frames.error());
    return InspectInput{.capture = nullptr, .frames = std::move(*frames)};
  }
  return open_inspect_input(options.files[0]);
}

ExitStatus finish(const Inspector& inspector, LineOutput& output,
                  const std::optional<base::Error>& input_error) {
  output.flush();
  ExitStatus status = kDone;
  if (input_error) {
    log_error(*input_error);
    status = kFailed;
  }
  if (output.error() && output.error()->code != std::errc::broken_pipe) {
    log_error(*output.error());
    status = kFailed;
  }
  if (inspector.printed() > 0 || output.error()) return status;
  log_warning("none of the " + std::to_string(inspector.seen()) + " packets is the one asked for");
  return kFailed;
}

}  // namespace

ExitStatus run_inspect(const Options& options) {
  std::optional<filter::FilterSet> filter;
  if (!options.filter.empty()) {
    auto made = filter::FilterSet::create(options.filter);
    if (!made) {
      log_error(made.error());
      return kUsage;
    }
    filter = std::move(*made);
  }
  auto input = open_input(options);
  if (!input) {
    log_error(input.error());
    return options.files.empty() ? kUsage : kFailed;
  }
  auto output = LineOutput::open("-");
  if (!output) return kFailed;
  Inspector inspector(options, std::move(filter), *output);
  if (!input->capture) {
    inspect_frames(input->frames, options, inspector);
    return finish(inspector, *output, std::nullopt);
  }
  return finish(inspector, *output, inspect_capture(*input->capture, options, inspector));
}

}  // namespace pktana::cli
