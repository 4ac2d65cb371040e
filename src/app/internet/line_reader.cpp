// SPDX-License-Identifier: Apache-2.0
#include "app/internet/line_reader.h"

namespace pktana::app::internet {

bool parse_reply_line(std::string_view line, ReplyLine& reply) noexcept {
  uint64_t code = 0;
  if (line.size() < 3 || !parse_decimal(line.substr(0, 3), code) || code < 100 || code > 659)
    return false;
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return false;
  reply.code = static_cast<unsigned>(code);
  reply.is_last = line.size() == 3 || line[3] == ' ';
  reply.text = line.size() > 4 ? line.substr(4) : std::string_view();
  return true;
}

}  // namespace pktana::app::internet
