// SPDX-License-Identifier: Apache-2.0
#include "daemon/interface_watch.h"

#include <algorithm>

#include <fmt/format.h>

namespace pktana::daemon {

InterfaceWatch::InterfaceWatch(const std::vector<std::string>& names, Port port, DaemonLog& log)
    : port_(std::move(port)), log_(log) {
  for (const std::string& name : names)
    interfaces_.push_back({.name = name, .now_name = name});
}

void InterfaceWatch::adopted(size_t interface, unsigned index) {
  interfaces_[interface].index = index;
  interfaces_[interface].attached = true;
  interfaces_[interface].up = true;
}

void InterfaceWatch::resync(const std::vector<ring::Interface>& present) {
  for (size_t i = 0; i < interfaces_.size(); ++i) {
    WatchedInterface& interface = interfaces_[i];
    if (interface.name == ring::kAnyInterface) {
      if (!interface.attached) try_attach(i);
      continue;
    }
    const bool still = std::any_of(present.begin(), present.end(),
                                   [&](const auto& one) { return one.index == interface.index; });
    if (interface.index != 0 && !still) vanish(i);
  }
  for (const ring::Interface& one : present)
    on_event({.index = one.index, .name = one.name, .gone = false, .up = one.is_up()});
  for (const WatchedInterface& interface : interfaces_)
    if (interface.index == 0 && interface.name != ring::kAnyInterface)
      log_.warning(fmt::format("{}: there is no such interface; waiting for it", interface.name));
}

void InterfaceWatch::on_event(const ring::LinkEvent& event) {
  for (size_t i = 0; i < interfaces_.size(); ++i) {
    WatchedInterface& interface = interfaces_[i];
    if (interface.name == ring::kAnyInterface) continue;
    const bool ours = interface.index != 0 && interface.index == event.index;
    if (ours && event.gone)
      vanish(i);
    else if (ours)
      change(interface, event);
    else if (!event.gone && event.name == interface.name)
      appear(i, event);
  }
}

void InterfaceWatch::appear(size_t place, const ring::LinkEvent& event) {
  WatchedInterface& interface = interfaces_[place];
  // Removed and made again before we looked.
  if (interface.index != 0) vanish(place);
  interface.index = event.index;
  interface.now_name = event.name;
  interface.up = event.up;
  try_attach(place);
}

void InterfaceWatch::change(WatchedInterface& interface, const ring::LinkEvent& event) {
  if (event.name != interface.now_name) {
    ++interface.counts.renames;
    log_.warning(
        fmt::format("{}: is called {} now; its capture goes on", interface.now_name, event.name));
    interface.now_name = event.name;
  }
  if (event.up == interface.up) return;
  interface.up = event.up;
  ++(event.up ? interface.counts.ups : interface.counts.downs);
  if (event.up)
    log_.info(fmt::format("{}: is up; its capture goes on", interface.name));
  else
    log_.warning(fmt::format("{}: is down", interface.name));
}

void InterfaceWatch::vanish(size_t place) {
  WatchedInterface& interface = interfaces_[place];
  ++interface.counts.removed;
  log_.warning(fmt::format("{}: was removed; waiting for it", interface.name));
  if (interface.attached) port_.detach(place);
  interface.index = 0;
  interface.attached = false;
  interface.up = false;
}

void InterfaceWatch::try_attach(size_t place) {
  WatchedInterface& interface = interfaces_[place];
  if (auto attached = port_.attach(place); !attached) {
    ++interface.counts.failures;
    log_.error(fmt::format("{}: no capture from it: {}", interface.name,
                           base::to_string(attached.error())));
    return;
  }
  interface.attached = true;
  ++interface.counts.attached;
  log_.info(fmt::format("{}: capturing", interface.name) +
            (interface.counts.removed > 0 ? " again" : ""));
}

void InterfaceWatch::retry() {
  for (size_t i = 0; i < interfaces_.size(); ++i) {
    const bool there = interfaces_[i].index != 0 || interfaces_[i].name == ring::kAnyInterface;
    if (there && !interfaces_[i].attached) try_attach(i);
  }
}

size_t InterfaceWatch::attached() const noexcept {
  return static_cast<size_t>(
      std::count_if(interfaces_.begin(), interfaces_.end(),
                    [](const WatchedInterface& one) { return one.attached; }));
}

}  // namespace pktana::daemon
