/* SPDX-License-Identifier: Apache-2.0
 * The plugin interface of pktana: how application-layer dissectors, built in or loaded from a
 * shared object, claim flows, read their payload and emit events. Plain C, no C++ types;
 * docs/plugins.md goes from nothing to a working plugin.
 *
 * Versions: a plugin is refused if its `abi` differs from PKTANA_PLUGIN_ABI. Structs that may grow
 * begin with their size; fields are only ever added at the end. Threads: a dissector is called by
 * several worker threads at once, each flow by one thread only, in the order of its packets. What
 * it keeps for a flow lies in that flow's state. Lifetime: every pointer handed to a dissector is
 * borrowed for the call. Names of protocols, events and keys that a dissector hands over must stay
 * where they are until pktana ends (string literals do). Text values are copied; they may hold any
 * bytes, records show them escaped.
 */
#ifndef PKTANA_PLUGIN_H
#define PKTANA_PLUGIN_H

#include <stdint.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PKTANA_PLUGIN_ABI 1u

/* Transport protocols, IANA numbers. */
#define PKTANA_TCP 6
#define PKTANA_UDP 17

/* Directions: from the flow's initiator, and back to it. */
#define PKTANA_TO_SERVER 0
#define PKTANA_TO_CLIENT 1

/* Stream bytes of each direction that are kept for probes; a probe must have decided by then. */
#define PKTANA_PROBE_BYTES 2048u
/* Stream bytes of each direction that are kept for a dissector which has not consumed them. */
#define PKTANA_PENDING_BYTES 65536u

typedef struct pktana_bytes {
  const uint8_t* data; /* null only when len is 0 */
  size_t len;
} pktana_bytes;

/* What a dissector is shown of a flow that nobody has claimed. */
typedef struct pktana_probe {
  uint32_t size;
  uint8_t protocol;  /* PKTANA_TCP or PKTANA_UDP */
  uint8_t direction; /* of the bytes that came last */
  uint8_t hinted;    /* 1: one of the flow's ports is among the dissector's */
  uint8_t ended;     /* 1: nothing will come any more, MAYBE counts as NO */
  uint16_t port[2];  /* where the flow's packets are sent to, by direction: [0] is the server's */
  /* TCP: the beginning of each direction's stream, as much as has come. UDP: the datagram, under
     its direction, and nothing under the other. */
  pktana_bytes first[2];
} pktana_probe;

typedef enum pktana_match {
  PKTANA_NO = 0,    /* not this protocol; for a TCP flow the dissector is not asked again */
  PKTANA_MAYBE = 1, /* cannot tell yet: ask again when more has come */
  PKTANA_YES = 2,   /* the content proves it; a port alone never does */
} pktana_match;

/* Bytes of a claimed flow. TCP: the stream of one direction from the first byte that has not been
   consumed. UDP: one datagram. */
typedef struct pktana_chunk {
  uint32_t size;
  uint8_t direction;
  uint8_t ended; /* TCP 1: the direction is over (FIN), nothing follows; len may be 0 */
  uint8_t cut;   /* UDP 1: the capture cut the datagram short */
  uint8_t reserved;
  const uint8_t* data;
  size_t len;
  uint64_t
      offset;    /* TCP: place of data[0] in the direction's stream; UDP: number of the datagram */
  int64_t ts_ns; /* time of the packet that completed it, ns since the epoch */
} pktana_chunk;

typedef enum pktana_verdict {
  PKTANA_MORE = 0, /* go on */
  PKTANA_DONE = 1, /* the dissector has what it wants; the flow costs nothing from here on */
  PKTANA_REJECT =
      2, /* not this protocol after all: others may probe, its app_proto is taken back */
  PKTANA_CHANGE = 3, /* the protocol changes behind what was consumed: see change_protocol */
} pktana_verdict;

typedef struct pktana_step {
  uint32_t verdict; /* pktana_verdict */
  /* TCP: bytes of the chunk that are done with; the rest is shown again, with what follows. More
     than the chunk has: the bytes to come are skipped without a copy. UDP: 0 with PKTANA_CHANGE
     leaves the datagram to the protocol that follows; not looked at otherwise. */
  uint64_t consumed;
  /* TCP: shown again only when so many unconsumed bytes are there, or the direction ended; 0 = any.
   */
  uint64_t need;
} pktana_step;

typedef struct pktana_flow_info {
  uint32_t size;
  uint8_t ip_version; /* 4 or 6 */
  uint8_t protocol;
  uint16_t client_port;
  uint16_t server_port;
  uint8_t client[16]; /* network order; IPv4 in the first four bytes */
  uint8_t server[16];
  uint64_t flow_id;
  int64_t start_ns;
  const char*
      app_proto_before; /* what the flow was before its protocol changed; null = it did not */
} pktana_flow_info;

/* Where a flow's name comes from: pktana.name_source. */
typedef enum pktana_name_source {
  PKTANA_NAME_TLS_SNI = 1,
  PKTANA_NAME_QUIC_SNI = 2,
  PKTANA_NAME_HTTP_HOST = 3,
  PKTANA_NAME_OTHER = 4, /* what a plugin knows */
} pktana_name_source;

struct pktana_host;

/* A flow during a call. */
typedef struct pktana_flow {
  const struct pktana_host* host;
} pktana_flow;

/* What pktana does for a dissector. Calls that make no sense (a field outside of an event, an end
   without a begin, a null key in an object) are counted against the plugin and otherwise ignored.
 */
typedef struct pktana_host {
  uint32_t size;
  uint32_t abi;

  /* 1 if somebody reads events of this name; without, the begin..end calls do nothing. */
  int (*wants)(const pktana_flow* flow, const char* event);
  /* Fills what info->size leaves room for. */
  void (*info)(const pktana_flow* flow, pktana_flow_info* info);

  /* An event: {"event_type": name, ..., name: { fields }}. src_ip is the sender of `direction`. In
     arrays keys are null. An event is cut at 12 KiB, and says so. */
  void (*event_begin)(pktana_flow* flow, const char* name, uint8_t direction, int64_t ts_ns);
  void (*event_end)(pktana_flow* flow);
  void (*object_begin)(pktana_flow* flow, const char* key);
  void (*object_end)(pktana_flow* flow);
  void (*array_begin)(pktana_flow* flow, const char* key);
  void (*array_end)(pktana_flow* flow);
  void (*put_text)(pktana_flow* flow, const char* key, const void* data, size_t len);
  void (*put_uint)(pktana_flow* flow, const char* key, uint64_t value);
  void (*put_int)(pktana_flow* flow, const char* key, int64_t value);
  void (*put_real)(pktana_flow* flow, const char* key, double value);
  void (*put_bool)(pktana_flow* flow, const char* key, int value);
  /* A number beside the event's object, at the top level of the record (EVE's tx_id). */
  void (*put_uint_beside)(pktana_flow* flow, const char* key, uint64_t value);

  /* Attributes of the flow, shown in its record. The app_proto is the dissector's name unless set.
   */
  void (*set_app_proto)(pktana_flow* flow, const char* app_proto);
  void (*set_name)(pktana_flow* flow, const void* text, size_t len, pktana_name_source source);
  /* kind: "ja3", "ja3s", "ja4", "hassh", "hassh_server" or a plugin's own. */
  void (*set_fingerprint)(pktana_flow* flow, const char* kind, const void* text, size_t len);

  /* The address has this name for `ttl_s` seconds, the flow's client was told. */
  void (*learn_name)(pktana_flow* flow, uint8_t ip_version, const uint8_t* address,
                     const void* name, size_t len, uint32_t ttl_s);
  /* The next flow between the client of this flow and `port` of its server, or (from_server)
     between the server and `port` of the client, is of this dissector (FTP data, TFTP): its probe
     is not asked. */
  void (*expect)(pktana_flow* flow, uint8_t protocol, int from_server, uint16_t port,
                 const char* dissector);
  /* Before a step that says PKTANA_CHANGE: what follows is of this dissector; null = probe again.
   */
  void (*change_protocol)(pktana_flow* flow, const char* dissector);

  /* An object beside the event's own, at the top level of the record (EVE's email of an smtp
     event). Not within another object; object_end ends it. */
  void (*object_beside_begin)(pktana_flow* flow, const char* key);

  /* expect(), with what is known of that flow: up to 1 KiB, copied, which its dissector reads with
     note(). Announcing a flow again replaces what was said of it. */
  void (*expect_with_note)(pktana_flow* flow, uint8_t protocol, int from_server, uint16_t port,
                           const char* dissector, const void* note, size_t len);
  /* What the flow that announced this one said of it; empty if none did. */
  pktana_bytes (*note)(const pktana_flow* flow);
} pktana_host;

/* Flags of a dissector. */
/* It names flows, takes fingerprints or changes protocols: it runs even if nobody reads its events.
 */
#define PKTANA_SETS_ATTRIBUTES 1u
#define PKTANA_FALLBACK 2u /* asked only when nobody else can claim the flow */

typedef struct pktana_dissector {
  uint32_t size;
  uint32_t flags;
  const char* name;          /* app_proto of its flows, as EVE would write it: "ssh" */
  const char* const* events; /* names of the events it may emit, ended by null; may be null */
  const uint16_t* tcp_ports; /* port hints, ended by 0; null = none */
  const uint16_t* udp_ports; /* likewise */
  uint32_t protocols;        /* bit 0: TCP, bit 1: UDP */
  uint32_t priority;         /* lower is asked first among those that are not hinted; usually 100 */
  size_t state_bytes;        /* per flow, zeroed, aligned to 16 */

  /* Required unless all its flows are expected or changed to. Pure. */
  pktana_match (*probe)(const pktana_probe* probe);
  /* Before the first chunk; 0 = no memory, the flow is given up. May be null. */
  int (*on_begin)(void* state, pktana_flow* flow);
  /* Null: recognition is all it does. */
  pktana_step (*on_chunk)(void* state, pktana_flow* flow, const pktana_chunk* chunk);
  /* TCP: `missing` bytes of the direction will never come; what was pending of it has been dropped.
     The step says whether to go on (MORE), its other fields are not looked at. Null = DONE. */
  pktana_step (*on_gap)(void* state, pktana_flow* flow, uint8_t direction, uint64_t missing);
  /* The flow, or the dissector's part of it, is over: last events; what the state owns must be
     given back. Called exactly once for each on_begin. May be null. */
  void (*on_end)(void* state, pktana_flow* flow, int64_t ts_ns);
} pktana_dissector;

#define PKTANA_ON_TCP 1u
#define PKTANA_ON_UDP 2u

typedef struct pktana_plugin {
  uint32_t abi; /* PKTANA_PLUGIN_ABI */
  uint32_t size;
  const char* name;
  const char* version;
  const pktana_dissector* const* dissectors; /* ended by null */
  /* Once, before the first packet; 0 = the plugin cannot work, `error` says why. May be null. */
  int (*start)(const char* config, char* error, size_t error_bytes);
  /* Once, after the last packet. May be null. */
  void (*stop)(void);
} pktana_plugin;

/* The one symbol that a shared object exports. */
const pktana_plugin* pktana_plugin_entry(void);

#ifdef __cplusplus
}
#endif

#endif
