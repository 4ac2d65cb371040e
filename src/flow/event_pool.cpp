// SPDX-License-Identifier: Apache-2.0
#include "flow/event_pool.h"

#include <atomic>
#include <utility>

namespace pktana::flow {
namespace {

void delete_all(AppEvent* event) noexcept {
  while (event != nullptr)
    delete std::exchange(event, event->next_unused);
}

/// Given back by all threads; taken all at once, so that no other thread holds one of them.
struct Unused {
  std::atomic<AppEvent*> first{nullptr};
  std::atomic<size_t> count{0};
  ~Unused() { delete_all(first.load(std::memory_order_relaxed)); }
};
Unused unused;

/// What the thread has taken and not used yet.
struct Stock {
  AppEvent* first = nullptr;
  ~Stock() { delete_all(first); }
};
thread_local Stock stock;

}  // namespace

AppEvent* EventPool::take() {
  if (stock.first == nullptr) {
    // Acquire: what the thread that gave them back did to them is done.
    stock.first = unused.first.exchange(nullptr, std::memory_order_acquire);
    if (stock.first == nullptr) return new AppEvent();
    // Those that are being added right now may be counted already: a bound that is nearly kept.
    unused.count.store(0, std::memory_order_relaxed);
  }
  AppEvent* const event = std::exchange(stock.first, stock.first->next_unused);
  event->make_new();
  return event;
}

void EventPool::Return::add(const AppEvent* event) noexcept {
  // The last reference is gone: nobody reads it as const any more.
  auto* const own = const_cast<AppEvent*>(event);
  const bool is_large = own->tape.capacity() + own->beside.capacity() > kMaxTapeCapacity;
  if (is_large || unused.count.load(std::memory_order_relaxed) + count_ >= kMaxEvents) {
    delete own;
    return;
  }
  own->next_unused = first_;
  first_ = own;
  if (last_ == nullptr) last_ = own;
  ++count_;
}

EventPool::Return::~Return() {
  if (first_ == nullptr) return;
  unused.count.fetch_add(count_, std::memory_order_relaxed);
  AppEvent* head = unused.first.load(std::memory_order_relaxed);
  do {
    last_->next_unused = head;
    // Release: see take().
  } while (!unused.first.compare_exchange_weak(head, first_, std::memory_order_release,
                                               std::memory_order_relaxed));
}

}  // namespace pktana::flow
