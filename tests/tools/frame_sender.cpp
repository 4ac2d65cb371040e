// SPDX-License-Identifier: Apache-2.0
#include "tools/frame_sender.h"

#include <cerrno>
#include <ctime>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <unistd.h>

#include "base/clock.h"

namespace pktana::tests {
namespace {

constexpr int64_t kRefusedPauseNs = 20'000;

void sleep_ns(int64_t ns) noexcept {
  const timespec pause{ns / base::kNsPerSecond, ns % base::kNsPerSecond};
  ::nanosleep(&pause, nullptr);
}

/// Waits until packet number `packets` is due. Short waits spin: a sleep overshoots by more than 50
/// us.
void pace(int64_t start_ns, uint64_t packets, uint64_t rate_pps) noexcept {
  if (rate_pps == 0) return;
  const auto due = start_ns + static_cast<int64_t>(static_cast<double>(packets) * 1e9 /
                                                   static_cast<double>(rate_pps));
  for (int64_t now = base::monotonic_ns(); now < due; now = base::monotonic_ns())
    if (due - now > 100'000) sleep_ns(due - now - 80'000);
}

}  // namespace

FrameSender::FrameSender(base::Fd fd)
    : fd_(std::move(fd)), frames_(kBatch), vectors_(kBatch), messages_(kBatch) {
  for (size_t i = 0; i < kBatch; ++i) {
    vectors_[i].iov_base = frames_[i].bytes.data();
    messages_[i].msg_hdr.msg_iov = &vectors_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

base::Result<FrameSender> FrameSender::open(const std::string& interface_name, bool past_qdisc) {
  base::Fd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) return base::fail(errno, "socket", "AF_PACKET");
  const int bypass = past_qdisc ? 1 : 0;
  if (::setsockopt(fd.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass) != 0)
    return base::fail(errno, "PACKET_QDISC_BYPASS", interface_name);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(::if_nametoindex(interface_name.c_str()));
  if (address.sll_ifindex == 0) return base::fail(errno, "if_nametoindex", interface_name);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return base::fail(errno, "bind", interface_name);
  return FrameSender(std::move(fd));
}

base::Result<void> FrameSender::flush(size_t count, Sent& sent) {
  for (size_t done = 0; done < count;) {
    const int taken =
        ::sendmmsg(fd_.get(), &messages_[done], static_cast<unsigned>(count - done), 0);
    if (taken > 0) {
      done += static_cast<size_t>(taken);
    } else if (errno == ENOBUFS || errno == EAGAIN) {
      ++sent.refused;
      sleep_ns(kRefusedPauseNs);
    } else if (errno != EINTR) {
      return base::fail(errno, "sendmmsg");
    }
  }
  return {};
}

base::Result<Sent> FrameSender::send(const Traffic& traffic, const SendOptions& options) {
  Sent sent;
  if (options.per_flow) sent.flows.resize(traffic.options().flows);
  const int64_t start = base::monotonic_ns();
  const uint64_t numbers = traffic.numbers();
  size_t filled = 0;
  for (uint64_t number = 0; number < numbers; ++number) {
    const PacketPlace place = traffic.place(number);
    if (traffic.wanted(place)) {
      Frame& frame = frames_[filled];
      traffic.build(place, frame);
      vectors_[filled++].iov_len = frame.len;
      ++sent.packets;
      sent.bytes += frame.len;
      if (options.per_flow) {
        FlowSent& flow = sent.flows[place.flow];
        ++flow.packets[static_cast<size_t>(place.direction)];
        flow.bytes[static_cast<size_t>(place.direction)] += frame.len;
      }
    }
    if (filled == kBatch || number + 1 == numbers) {
      if (auto flushed = flush(filled, sent); !flushed) return base::Unexpected(flushed.error());
      filled = 0;
      pace(start, sent.packets, options.rate_pps);
    }
  }
  sent.duration_ns = base::monotonic_ns() - start;
  return sent;
}

base::Result<void> FrameSender::send(const uint8_t* data, size_t len) {
  if (::send(fd_.get(), data, len, 0) < 0) return base::fail(errno, "send");
  return {};
}

}  // namespace pktana::tests
