// SPDX-License-Identifier: Apache-2.0
#include "ring/interfaces.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "ring/hardware_type.h"

namespace pktana::ring {
namespace {

struct FreeAddresses {
  void operator()(ifaddrs* list) const noexcept { ::freeifaddrs(list); }
};

template <typename T>
T copy_of(const sockaddr* address) noexcept {
  T copy;
  std::memcpy(&copy, address, sizeof copy);
  return copy;
}

struct FreeNames {
  void operator()(struct if_nameindex* list) const noexcept { ::if_freenameindex(list); }
};

std::string mac_text(const sockaddr& hardware) {
  constexpr char kHex[] = "0123456789abcdef";
  constexpr size_t kMacLen = 6;
  if (hardware.sa_family != ARPHRD_ETHER) return {};
  std::string text;
  for (size_t i = 0; i < kMacLen; ++i) {
    const auto byte = static_cast<uint8_t>(hardware.sa_data[i]);
    if (i != 0) text += ':';
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

size_t count_bits(const uint8_t* bytes, size_t len) noexcept {
  size_t bits = 0;
  for (size_t i = 0; i < len; ++i)
    bits += static_cast<size_t>(std::popcount(bytes[i]));
  return bits;
}

std::string address_text(int family, const void* bytes, size_t prefix) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, bytes, text, sizeof text);
  return std::string(text) + '/' + std::to_string(prefix);
}

std::optional<std::string> ip_text(const ifaddrs& entry) {
  if (entry.ifa_addr->sa_family == AF_INET) {
    const auto address = copy_of<sockaddr_in>(entry.ifa_addr);
    const auto mask = copy_of<sockaddr_in>(entry.ifa_netmask);
    const uint32_t bits = mask.sin_addr.s_addr;
    return address_text(AF_INET, &address.sin_addr, static_cast<size_t>(std::popcount(bits)));
  }
  if (entry.ifa_addr->sa_family == AF_INET6) {
    const auto address = copy_of<sockaddr_in6>(entry.ifa_addr);
    const auto mask = copy_of<sockaddr_in6>(entry.ifa_netmask);
    return address_text(AF_INET6, &address.sin6_addr,
                        count_bits(mask.sin6_addr.s6_addr, sizeof mask.sin6_addr));
  }
  return std::nullopt;
}

/// What the ioctls of netdevice(7) tell. getifaddrs(3) won't do: it knows no type for links without
/// an address (tun).
void ask_details(int socket, Interface& interface) noexcept {
  ifreq request{};
  interface.name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(socket, SIOCGIFFLAGS, &request) == 0)
    interface.flags = static_cast<uint16_t>(request.ifr_flags);
  if (::ioctl(socket, SIOCGIFMTU, &request) == 0)
    interface.mtu_bytes = static_cast<uint32_t>(request.ifr_mtu);
  if (::ioctl(socket, SIOCGIFHWADDR, &request) != 0) return;
  interface.hardware_type = request.ifr_hwaddr.sa_family;
  interface.link_type = link_type_of(interface.hardware_type);
  interface.mac = mac_text(request.ifr_hwaddr);
}

base::Result<void> add_addresses(std::vector<Interface>& interfaces) {
  ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) return base::fail(errno, "getifaddrs", "addresses of interfaces");
  const std::unique_ptr<ifaddrs, FreeAddresses> list(raw);
  for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_netmask == nullptr) continue;
    const auto owner =
        std::find_if(interfaces.begin(), interfaces.end(),
                     [&](const Interface& interface) { return interface.name == entry->ifa_name; });
    if (auto text = ip_text(*entry); text && owner != interfaces.end())
      owner->addresses.push_back(std::move(*text));
  }
  return {};
}

std::string names_of(const std::vector<Interface>& interfaces) {
  std::string names;
  for (const Interface& interface : interfaces)
    names += (names.empty() ? "" : ", ") + interface.name;
  return names;
}

}  // namespace

bool Interface::is_up() const noexcept { return (flags & IFF_UP) != 0; }
bool Interface::is_running() const noexcept { return is_up() && (flags & IFF_RUNNING) != 0; }
bool Interface::is_loopback() const noexcept { return (flags & IFF_LOOPBACK) != 0; }

base::Result<std::vector<Interface>> list_interfaces() {
  // Any datagram socket will do to ask; AF_UNIX is the one that a sandbox leaves.
  const base::Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return base::fail(errno, "socket", "listing interfaces");
  const std::unique_ptr<struct if_nameindex, FreeNames> names(::if_nameindex());
  if (!names) return base::fail(errno, "if_nameindex", "listing interfaces");
  std::vector<Interface> found;
  for (const struct if_nameindex* entry = names.get(); entry->if_name != nullptr; ++entry) {
    Interface& interface = found.emplace_back();
    interface.name = entry->if_name;
    interface.index = entry->if_index;
    interface.link_type = kLinkTypeUnknown;
    ask_details(socket.get(), interface);
  }
  if (auto added = add_addresses(found); !added) return base::Unexpected(std::move(added.error()));
  std::sort(found.begin(), found.end(),
            [](const Interface& a, const Interface& b) { return a.index < b.index; });
  return found;
}

base::Result<Interface> find_interface(std::string_view name) {
  auto all = list_interfaces();
  if (!all) return base::Unexpected(std::move(all.error()));
  for (Interface& interface : *all)
    if (interface.name == name) return std::move(interface);
  return base::fail_input("interface",
                          "no interface " + std::string(name) + "; there are: " + names_of(*all));
}

}  // namespace pktana::ring
