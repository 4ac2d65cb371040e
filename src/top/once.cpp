// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <clocale>
#include <cstring>
#include <thread>

#include <langinfo.h>

#include "base/clock.h"
#include "top/front.h"
#include "top/json.h"

namespace pktana::top {

bool has_utf8_locale() {
  if (std::setlocale(LC_CTYPE, "") == nullptr) return false;
  return std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
}

base::Result<std::string> show_once(Source& source, const FrontOptions& options,
                                    const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds kLookUp{20};
  Model model;
  auto first = source.fetch(options.wanted);
  if (!first) return base::Unexpected(first.error());
  model.update(std::move(*first));
  const int64_t end_ns = base::monotonic_ns() + options.interval_ns;
  while (base::monotonic_ns() < end_ns && !stop)
    std::this_thread::sleep_for(kLookUp);
  auto second = source.fetch(options.wanted);
  if (!second) return base::Unexpected(second.error());
  model.update(std::move(*second));
  if (options.json) return json_of(model, options.wanted);
  Look look = options.look;
  look.has_keys = false;
  look.title = source.title();
  const State state{.page = options.page, .wanted = options.wanted};
  return draw(model, state, look).text(options.color);
}

}  // namespace pktana::top
