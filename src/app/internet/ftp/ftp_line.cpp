// SPDX-License-Identifier: Apache-2.0
#include "app/internet/ftp/ftp_line.h"

#include <algorithm>
#include <iterator>

namespace pktana::app::internet::ftp {

namespace {

constexpr std::string_view kCommands[] = {
    "ABOR", "ACCT", "ALLO", "APPE", "AUTH", "CCC",  "CDUP", "CLNT", "CWD",  "DELE", "EPRT",
    "EPSV", "FEAT", "HELP", "HOST", "LANG", "LIST", "MDTM", "MFMT", "MKD",  "MLSD", "MLST",
    "MODE", "NLST", "NOOP", "OPTS", "PASS", "PASV", "PBSZ", "PORT", "PROT", "PWD",  "QUIT",
    "REIN", "REST", "RETR", "RMD",  "RNFR", "RNTO", "SITE", "SIZE", "SMNT", "STAT", "STOR",
    "STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD"};

constexpr std::string_view kOpenings[] = {"AUTH", "CLNT", "FEAT", "HOST", "OPTS",
                                          "PASS", "SYST", "USER", "PASV", "EPSV"};

constexpr std::string_view kTransfers[] = {"APPE", "LIST", "MLSD", "NLST", "RETR", "STOR", "STOU"};

constexpr uint64_t kMaxPort = 65535;

template <size_t kCount>
bool is_one_of(const std::string_view (&list)[kCount], std::string_view name) noexcept {
  return std::any_of(std::begin(list), std::end(list),
                     [name](std::string_view known) { return equal_ignoring_case(known, name); });
}

}  // namespace

Command parse_command(std::string_view line) noexcept {
  std::string_view rest = trimmed(line);
  const std::string_view name = take_word(rest, ' ');
  return {name, rest};
}

bool is_known_command(std::string_view name) noexcept { return is_one_of(kCommands, name); }

bool is_opening_command(std::string_view name) noexcept { return is_one_of(kOpenings, name); }

bool is_transfer_command(std::string_view name) noexcept { return is_one_of(kTransfers, name); }

uint16_t port_of_list(std::string_view text) noexcept {
  constexpr size_t kNumbers = 6;
  const size_t begin = text.find('(');
  if (begin != std::string_view::npos) text.remove_prefix(begin + 1);
  uint64_t numbers[kNumbers] = {};
  for (uint64_t& number : numbers) {
    const size_t digit = text.find_first_of("0123456789");
    if (digit == std::string_view::npos) return 0;
    text.remove_prefix(digit);
    const size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    if (!parse_decimal(text.substr(0, end), number) || number > 255) return 0;
    text.remove_prefix(end);
    const bool is_last = &number == &numbers[kNumbers - 1];
    if (!is_last && !text.starts_with(',')) return 0;
  }
  return static_cast<uint16_t>(numbers[4] * 256 + numbers[5]);
}

uint16_t port_of_extended(std::string_view text) noexcept {
  const size_t begin = text.find('|');
  if (begin == std::string_view::npos) return 0;
  text.remove_prefix(begin + 1);
  (void)take_word(text, '|');
  (void)take_word(text, '|');
  uint64_t port = 0;
  if (!parse_decimal(take_word(text, '|'), port) || port > kMaxPort) return 0;
  return static_cast<uint16_t>(port);
}

}  // namespace pktana::app::internet::ftp
