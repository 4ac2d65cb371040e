/* SPDX-License-Identifier: Apache-2.0
 * A plugin for pktana: git's own protocol (git://, TCP port 9418). It names the flows "git" and
 * emits one event for each: what is asked for, of which repository, on which host.
 *
 *   cc -shared -fPIC -O2 -o git_plugin.so git_plugin.c $(pkg-config --cflags pktana)
 *   pktana read --plugin ./git_plugin.so FILE
 *
 * The first line of a client (gitprotocol-pack, "Git Transport"), in which 0 is a zero byte:
 *   0033git-upload-pack /project.git0host=example.org0
 * Four hex digits are the length of the whole.
 */
#include <string.h>

#include <pktana/plugin.h>

#define LENGTH_DIGITS 4
#define MAX_LINE 1024

/* What is kept for a flow; pktana hands it over zeroed. */
struct git_flow {
  int requests;
};

/* The number in four hex digits; -1 if they are none. */
static int parse_length(const uint8_t* digits) {
  int length = 0;
  for (int i = 0; i < LENGTH_DIGITS; ++i) {
    const char* found = digits[i] == 0 ? NULL : strchr("0123456789abcdef", digits[i]);
    if (found == NULL) return -1;
    length = length * 16 + (int)(found - "0123456789abcdef");
  }
  return length;
}

/* MAYBE as long as the bytes may become a git request. No port decides: the bytes do. */
static pktana_match probe(const pktana_probe* probe) {
  static const char command[] = "git-";
  const pktana_bytes first = probe->first[PKTANA_TO_SERVER];
  if (first.len == 0) return probe->first[PKTANA_TO_CLIENT].len == 0 ? PKTANA_MAYBE : PKTANA_NO;
  if (first.len < LENGTH_DIGITS) return PKTANA_MAYBE;
  const int length = parse_length(first.data);
  if (length < 16 || length > MAX_LINE) return PKTANA_NO;
  const size_t there = first.len - LENGTH_DIGITS;
  const size_t compared = there < sizeof command - 1 ? there : sizeof command - 1;
  if (memcmp(first.data + LENGTH_DIGITS, command, compared) != 0) return PKTANA_NO;
  return compared == sizeof command - 1 ? PKTANA_YES : PKTANA_MAYBE;
}

/* Bytes from `text` up to the first `end`, or all of them. */
static size_t length_until(const uint8_t* text, size_t len, int end) {
  const uint8_t* found = len == 0 ? NULL : memchr(text, end, len);
  return found == NULL ? len : (size_t)(found - text);
}

static void emit(struct git_flow* state, pktana_flow* flow, const pktana_chunk* chunk,
                 size_t line_len) {
  static const char host_word[] = "host=";
  const struct pktana_host* host = flow->host;
  const uint8_t* line = chunk->data + LENGTH_DIGITS;
  size_t rest = line_len - LENGTH_DIGITS;
  const size_t service = length_until(line, rest, ' ');
  host->event_begin(flow, "git", chunk->direction, chunk->ts_ns);
  host->put_uint(flow, "id", (uint64_t)++state->requests);
  host->put_text(flow, "service", line, service);
  if (service < rest) {
    const uint8_t* path = line + service + 1;
    rest -= service + 1;
    const size_t path_len = length_until(path, rest, 0);
    host->put_text(flow, "repository", path, path_len);
    const uint8_t* parameter = path + path_len + 1;
    if (rest > path_len + sizeof host_word &&
        memcmp(parameter, host_word, sizeof host_word - 1) == 0) {
      const uint8_t* name = parameter + sizeof host_word - 1;
      const size_t name_len = length_until(name, rest - path_len - 1 - (sizeof host_word - 1), 0);
      host->put_text(flow, "host", name, name_len);
      host->set_name(flow, name, name_len, PKTANA_NAME_OTHER);
    }
  }
  host->event_end(flow);
}

static pktana_step on_chunk(void* memory, pktana_flow* flow, const pktana_chunk* chunk) {
  struct git_flow* state = memory;
  pktana_step step = {PKTANA_MORE, 0, 0};
  if (chunk->direction != PKTANA_TO_SERVER) {
    step.consumed = chunk->len; /* the server's side: not looked at, so not kept */
    return step;
  }
  const int length = chunk->len < LENGTH_DIGITS ? 0 : parse_length(chunk->data);
  if (chunk->len < LENGTH_DIGITS || chunk->len < (size_t)length) {
    step.need = chunk->len < LENGTH_DIGITS ? LENGTH_DIGITS : (uint64_t)length; /* not all there */
    return step;
  }
  if (length > LENGTH_DIGITS) emit(state, flow, chunk, (size_t)length);
  step.verdict = PKTANA_DONE; /* the rest is objects: from here on the flow costs nothing */
  return step;
}

static const char* const events[] = {"git", NULL};
static const uint16_t ports[] = {9418, 0};

static const pktana_dissector git = {
    .size = sizeof(pktana_dissector),
    .flags = PKTANA_SETS_ATTRIBUTES, /* it gives flows a name: it runs even with --events flow */
    .name = "git",
    .events = events,
    .tcp_ports = ports,
    .protocols = PKTANA_ON_TCP,
    .priority = 100,
    .state_bytes = sizeof(struct git_flow),
    .probe = probe,
    .on_chunk = on_chunk,
};

static const pktana_dissector* const dissectors[] = {&git, NULL};

static const pktana_plugin plugin = {
    .abi = PKTANA_PLUGIN_ABI,
    .size = sizeof(pktana_plugin),
    .name = "git",
    .version = "1.0",
    .dissectors = dissectors,
};

const pktana_plugin* pktana_plugin_entry(void) { return &plugin; }
