// SPDX-License-Identifier: Apache-2.0
#include "sink/quiet_thread.h"

#include <system_error>
#include <utility>

#include <pthread.h>
#include <signal.h>

namespace pktana::sink {

base::Result<std::thread> start_quiet_thread(const char* name, std::function<void()> run) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread;
  int error = 0;
  try {
    thread = std::thread(std::move(run));
    ::pthread_setname_np(thread.native_handle(), name);
  } catch (const std::system_error& failure) {
    error = failure.code().value();
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error != 0) return base::fail(error, "start thread", name);
  return thread;
}

}  // namespace pktana::sink
