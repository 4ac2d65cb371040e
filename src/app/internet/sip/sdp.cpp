// SPDX-License-Identifier: Apache-2.0
#include "app/internet/sip/sip_message.h"

namespace pktana::app::internet::sip {

namespace {

constexpr unsigned kMaxLines = 512;  // of one description

// A line "x=value"; what comes before the first 'm' line is the session's.
struct Line {
  char type = 0;
  std::string_view value;
};

bool next_line(std::string_view& rest, Line& line) noexcept {
  while (!rest.empty()) {
    std::string_view text;
    if (!take_line(rest, text)) {
      text = rest;
      rest = {};
    }
    if (text.size() < 2 || text[1] != '=') continue;
    line = {text[0], text.substr(2)};
    return true;
  }
  return false;
}

// The lines up to the next 'm' line.
std::string_view section_of(std::string_view text) noexcept {
  const size_t next = text.find("\nm=");
  return next == std::string_view::npos ? text : text.substr(0, next + 1);
}

bool has_line(std::string_view section, char type) noexcept {
  Line line;
  while (next_line(section, line))
    if (line.type == type) return true;
  return false;
}

void write_first(Fields& fields, const char* key, std::string_view section, char type) noexcept {
  Line line;
  while (next_line(section, line)) {
    if (line.type != type) continue;
    fields.text(key, line.value);
    return;
  }
}

void write_all(Fields& fields, const char* key, std::string_view section, char type) noexcept {
  if (!has_line(section, type)) return;
  Line line;
  Array array = fields.array(key);
  unsigned left = kMaxLines;
  while (left-- > 0 && next_line(section, line))
    if (line.type == type) array.add(line.value);
}

// A 't' line and the 'r' line behind it.
void write_times(Fields& fields, std::string_view section) noexcept {
  if (!has_line(section, 't')) return;
  Array array = fields.array("time_descriptions");
  unsigned left = kMaxLines;
  Line line;
  while (left-- > 0 && next_line(section, line)) {
    if (line.type != 't') continue;
    Object time = array.object(nullptr);
    time.text("time", line.value);
    std::string_view ahead = section;
    if (next_line(ahead, line) && line.type == 'r') time.text("repeat_time", line.value);
  }
}

void write_media(Fields& fields, std::string_view text) noexcept {
  Array array = fields.array("media_descriptions");
  for (unsigned left = kMaxLines; left > 0 && !text.empty(); --left) {
    const std::string_view section = section_of(text);
    text.remove_prefix(section.size());
    Object media = array.object(nullptr);
    write_first(media, "media", section, 'm');
    write_first(media, "media_info", section, 'i');
    write_all(media, "bandwidths", section, 'b');
    write_first(media, "connection_data", section, 'c');
    write_first(media, "encryption_key", section, 'k');
    write_all(media, "attributes", section, 'a');
  }
}

}  // namespace

void write_sdp(Fields& fields, std::string_view text) noexcept {
  const std::string_view session = section_of(text);
  Object sdp = fields.object("sdp");
  write_first(sdp, "origin", session, 'o');
  write_first(sdp, "session_name", session, 's');
  write_first(sdp, "session_info", session, 'i');
  write_first(sdp, "uri", session, 'u');
  write_first(sdp, "email", session, 'e');
  write_first(sdp, "phone_number", session, 'p');
  write_first(sdp, "connection_data", session, 'c');
  write_all(sdp, "bandwidths", session, 'b');
  write_times(sdp, session);
  write_first(sdp, "timezone", session, 'z');
  write_first(sdp, "encryption_key", session, 'k');
  write_all(sdp, "attributes", session, 'a');
  if (session.size() < text.size()) write_media(sdp, text.substr(session.size()));
}

}  // namespace pktana::app::internet::sip
