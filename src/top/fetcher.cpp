// SPDX-License-Identifier: Apache-2.0
#include "top/fetcher.h"

#include <chrono>

namespace pktana::top {

Fetcher::Fetcher(std::unique_ptr<Source> source, int64_t interval_ns)
    : source_(std::move(source)), interval_ns_(interval_ns), thread_([this] { run(); }) {}

Fetcher::~Fetcher() {
  source_->cancel();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Fetcher::ask(const Request& request) {
  {
    const std::lock_guard lock(mutex_);
    if (request_ == request) return;
    request_ = request;
  }
  changed_.notify_all();
}

std::optional<News> Fetcher::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

void Fetcher::run() {
  auto next = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const Request request = request_;
    lock.unlock();
    News news = fetch(request);
    lock.lock();
    news_ = std::move(news);
    next =
        std::max(next + std::chrono::nanoseconds(interval_ns_), std::chrono::steady_clock::now());
    changed_.wait_until(lock, next, [&] { return ending_ || !(request_ == request); });
  }
}

News Fetcher::fetch(const Request& request) {
  News news{.request = request};
  auto snapshot = source_->fetch(request.wanted);
  if (!snapshot) {
    news.trouble = base::to_string(snapshot.error());
    return news;
  }
  news.snapshot = std::move(*snapshot);
  if (!request.flow) return news;
  if (auto fields = source_->fields(*request.flow)) news.fields = std::move(*fields);
  return news;
}

}  // namespace pktana::top
