// SPDX-License-Identifier: Apache-2.0
// The seccomp part of sandbox.h: the list of system calls that the daemon has a use for. All others
// fail with EPERM. io_uring is not seen by seccomp: its rings restrict themselves to writing
// (sink/uring_output.cpp).
#include <cerrno>
#include <span>

#include <sys/socket.h>

#include <seccomp.h>

#include "daemon/sandbox.h"

namespace pktana::daemon {
namespace {

constexpr int kAllowed[] = {
    // memory and threads
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    SCMP_SYS(mprotect), SCMP_SYS(futex), SCMP_SYS(clone3), SCMP_SYS(clone), SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_setaffinity), SCMP_SYS(gettid), SCMP_SYS(getpid),
    SCMP_SYS(tgkill), SCMP_SYS(prctl), SCMP_SYS(seccomp), SCMP_SYS(memfd_create),
    SCMP_SYS(membarrier), SCMP_SYS(getcpu),
    // time and signals
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(signalfd4), SCMP_SYS(restart_syscall), SCMP_SYS(getrandom), SCMP_SYS(uname),
    SCMP_SYS(sysinfo), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(prlimit64), SCMP_SYS(getrusage), SCMP_SYS(times),
    // files
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64),
    SCMP_SYS(pwrite64), SCMP_SYS(pwritev), SCMP_SYS(lseek), SCMP_SYS(open), SCMP_SYS(openat),
    SCMP_SYS(close), SCMP_SYS(close_range), SCMP_SYS(stat), SCMP_SYS(fstat), SCMP_SYS(lstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(getdents64), SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync),
    SCMP_SYS(fdatasync), SCMP_SYS(sync_file_range), SCMP_SYS(flock), SCMP_SYS(fcntl),
    SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chmod), SCMP_SYS(umask), SCMP_SYS(dup),
    SCMP_SYS(dup3), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(ioctl),
    SCMP_SYS(fadvise64), SCMP_SYS(utimensat), SCMP_SYS(linkat),
    // waiting and sockets
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
    SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(inotify_init1),
    SCMP_SYS(inotify_add_watch), SCMP_SYS(inotify_rm_watch), SCMP_SYS(bind), SCMP_SYS(connect),
    SCMP_SYS(listen), SCMP_SYS(accept4), SCMP_SYS(shutdown), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(sendto),
    SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg), SCMP_SYS(sendmmsg),
    SCMP_SYS(recvmmsg), SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register)};

constexpr int kOfWorkers[] = {SCMP_SYS(brk),
                              SCMP_SYS(mmap),
                              SCMP_SYS(munmap),
                              SCMP_SYS(mremap),
                              SCMP_SYS(madvise),
                              SCMP_SYS(mprotect),
                              SCMP_SYS(futex),
                              SCMP_SYS(rseq),
                              SCMP_SYS(set_robust_list),
                              SCMP_SYS(exit),
                              SCMP_SYS(exit_group),
                              SCMP_SYS(sched_yield),
                              SCMP_SYS(gettid),
                              SCMP_SYS(getpid),
                              SCMP_SYS(tgkill),
                              SCMP_SYS(clock_gettime),
                              SCMP_SYS(clock_nanosleep),
                              SCMP_SYS(nanosleep),
                              SCMP_SYS(rt_sigprocmask),
                              SCMP_SYS(rt_sigaction),
                              SCMP_SYS(rt_sigreturn),
                              SCMP_SYS(sigaltstack),
                              SCMP_SYS(restart_syscall),
                              SCMP_SYS(getrandom),
                              SCMP_SYS(write),
                              SCMP_SYS(pwrite64),
                              SCMP_SYS(close),
                              SCMP_SYS(poll),
                              SCMP_SYS(ppoll),
                              SCMP_SYS(getsockopt),
                              SCMP_SYS(setsockopt)};

/// Only these families: outputs and control, netlink, loopback metrics. No new packet socket.
constexpr int kFamilies[] = {AF_UNIX, AF_NETLINK, AF_INET, AF_INET6};

int add_calls(scmp_filter_ctx filter, std::span<const int> calls) {
  for (const int call : calls)
    if (const int error = ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0); error != 0)
      return error;
  return 0;
}

int add_sockets(scmp_filter_ctx filter) {
  for (const int family : kFamilies) {
    const scmp_arg_cmp is_family{
        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = static_cast<scmp_datum_t>(family), .datum_b = 0};
    const int error =
        ::seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, &is_family);
    if (error != 0) return error;
  }
  return 0;
}

/// @param all_threads  also those that run already.
base::Result<void> load(std::span<const int> calls, bool with_sockets, bool all_threads) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return base::fail(ENOMEM, "seccomp");
  (void)::seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, all_threads ? 1 : 0);
  int error = add_calls(filter, calls);
  if (error == 0 && with_sockets) error = add_sockets(filter);
  if (error == 0) error = ::seccomp_load(filter);
  ::seccomp_release(filter);
  if (error != 0) return base::fail(-error, "seccomp");
  return {};
}

}  // namespace

base::Result<void> filter_system_calls() { return load(kAllowed, true, true); }

base::Result<void> filter_worker_calls() { return load(kOfWorkers, false, false); }

}  // namespace pktana::daemon
