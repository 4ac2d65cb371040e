# SPDX-License-Identifier: Apache-2.0
"""Names, fingerprints and application protocols of captures against the oracle files."""
import collections
import ipaddress
import re

# nDPI's name, in front of the dot -> what we may call it. None: not one of the issue's list.
NDPI = {
    "DNS": {"dns"}, "LLMNR": {"llmnr"}, "MDNS": {"mdns"}, "HTTP": {"http", "websocket"},
    "TLS": {"tls"}, "DTLS": {"dtls", "tls"}, "QUIC": {"quic"}, "SSH": {"ssh"}, "DHCP": {"dhcp"},
    "DHCPV6": {"dhcpv6"}, "NTP": {"ntp"}, "SMTP": {"smtp"}, "SMTPS": {"tls", "smtp"},
    "IMAP": {"imap"}, "IMAPS": {"tls", "imap"}, "POP3": {"pop3"}, "POPS": {"tls", "pop3"},
    "FTP_CONTROL": {"ftp"}, "FTP_DATA": {"ftp-data"}, "TFTP": {"tftp"}, "NetBIOS": {"netbios-ns", "netbios-dgm", "netbios-ssn", "smb"},
    "SMBv1": {"smb"}, "SMBv23": {"smb"}, "Kerberos": {"krb5"}, "RDP": {"rdp"}, "LDAP": {"ldap"},
    "SIP": {"sip"}, "SNMP": {"snmp"}, "MQTT": {"mqtt"}, "IPSec": {"ike"}, "RADIUS": {"radius"},
    "Radius": {"radius"}, "STUN": {"stun"}, "BitTorrent": {"bittorrent", "bittorrent-dht", "bittorrent-utp"},
    "WireGuard": {"wireguard"}, "OpenVPN": {"openvpn"}, "MySQL": {"mysql"},
    "PostgreSQL": {"pgsql"}, "Redis": {"redis"}, "RESP": {"redis"}, "MongoDB": {"mongodb"}, "Modbus": {"modbus"},
    "DNP3": {"dnp3"}, "Memcached": {"memcached"}, "Telnet": {"telnet"}, "VNC": {"rfb"},
    "SOCKS": {"socks"}, "Syslog": {"syslog"}, "SSDP": {"ssdp"}, "COAP": {"coap"},
    "AMQP": {"amqp"}, "Kafka": {"kafka"}, "BGP": {"bgp"}, "HTTP2": {"http2"}, "RTSP": {"rtsp"},
}
# Suricata's names beside what we may say; the rest must be equal.
SURICATA = {"dns": {"dns", "llmnr"}}

TARGETS = {"tls_sni": 98, "ja3": 98, "ja4": 98, "dns_queries": 98, "http_hosts": 98,
           "app_proto": 95, "ndpi": 90}


def ndpi_name(name):
    return name.split(".")[0]


def flow_key(proto, a, a_port, b, b_port):
    return (proto.lower(),) + tuple(sorted(((a, int(a_port)), (b, int(b_port)))))


def address(text):
    """EVE writes IPv6 addresses in full, pktana as RFC 5952 has it."""
    if ":" not in text:
        return text
    return str(ipaddress.ip_address(text))


def key_of(record):
    return flow_key(record["proto"], address(record["src_ip"]), record.get("src_port", 0),
                    address(record["dest_ip"]), record.get("dest_port", 0))


def found_names(ours):
    found = collections.defaultdict(set)
    for event in ours:
        kind = event["event_type"]
        fields = event.get(kind, {})
        if kind in ("tls", "quic", "dtls"):
            found["tls_sni"].add(fields.get("sni"))
            found["ja3"].add(fields.get("ja3", {}).get("hash"))
            found["ja4"].add(fields.get("ja4"))
        if kind in ("dns", "mdns", "llmnr"):
            found["dns_queries"].update(query.get("rrname") for query in fields.get("queries", []))
        if kind == "http":
            found["http_hosts"].add(fields.get("hostname"))
        if kind == "flow":
            own = event.get("pktana", {})
            prints = own.get("fingerprints", {})
            found["ja3"].add(prints.get("ja3"))
            found["ja4"].add(prints.get("ja4"))
            if own.get("name_source") in ("tls_sni", "quic_sni"):
                found["tls_sni"].add(own["name"])
            if own.get("name_source") == "http_host":
                found["http_hosts"].add(own["name"])
    return found


def without_port(host):
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() and "]" not in port else host


def plain(topic, value):
    """As both sides can be compared: case of host names, ports, how bytes are escaped."""
    if topic == "http_hosts":
        value = without_port(value)
    if topic in ("http_hosts", "tls_sni", "dns_queries"):
        value = value.lower().rstrip(".")
    if value.isascii() and value.isprintable() and "\\" not in value:
        return value
    return re.sub(r"(\\u00|\\x)?[^0-9A-Za-z]+", "?", re.sub(r"\\(u00|x)?[0-9a-f]{2}", "?", value))


def later_hellos(oracle):
    """Fingerprints of second hellos only: tshark lists each frame, we and Suricata a flow's first."""
    first, later, flows = set(), set(), set()
    for row in oracle["tshark"].get("tls", []):
        if 1 not in row.get("types", []) or "ja3" not in row:
            continue
        prints = row["ja3"] + [row.get("ja4")]
        flow = tuple(row[name] for name in ("flow", "src", "sport", "dst", "dport"))
        (later if flow in flows else first).update(prints)
        flows.add(flow)
    return later - first


class NameTables:
    def __init__(self):
        self.differences = []
        self.counts = collections.defaultdict(lambda: [0, 0])  # topic -> agreed, of
        # The same without a rule in anybody's favour: what both have of all that either has.
        self.strict = collections.defaultdict(lambda: [0, 0])

    def judge(self, topic, capture, agreed, text, strictly=None):
        for counts, yes in ((self.counts, agreed), (self.strict, agreed if strictly is None else strictly)):
            counts[topic][0] += yes
            counts[topic][1] += 1
        if not agreed:
            self.differences.append((topic, capture, text))

    def add(self, capture, ours, oracle, reference, raw):
        self.add_names(capture, ours, oracle, self.also_there(reference, raw, ours))
        flows = collections.defaultdict(list)
        for record in ours:
            if record["event_type"] == "flow":
                flows[key_of(record)].append(record)
        self.add_suricata(capture, flows, reference)
        self.add_ndpi(capture, flows, oracle)

    def also_there(self, reference, raw, ours):
        """What is in the packets though tshark did not look for it: Suricata has read it too, or it is a name that
        stands there in clear."""
        also = found_names(reference)
        for topic in ("tls_sni", "http_hosts"):
            also[topic] |= {name for name in found_names(ours)[topic]
                            if name and without_port(name).encode() in raw}
        return also

    def add_names(self, capture, ours, oracle, also_there):
        if not capture.startswith("dpi/"):
            return
        found, not_wanted = found_names(ours), later_hellos(oracle)
        for topic in ("tls_sni", "ja3", "ja4", "dns_queries", "http_hosts"):
            have = {plain(topic, value) for value in found[topic] if value}
            want = {plain(topic, value) for value in oracle["summary"].get(topic, []) if value}
            also = {plain(topic, value) for value in also_there[topic] if value}
            for value in sorted(have | want):
                both = value in have and value in want
                if value in not_wanted:
                    self.strict[topic][0] += both
                    self.strict[topic][1] += 1
                    continue
                side = "ours alone" if value not in want else "oracle alone"
                self.judge(topic, capture, both or (value in have and value in also), f"{value} {side}", both)

    def add_suricata(self, capture, flows, reference):
        theirs = collections.defaultdict(list)
        for record in reference:
            if record["event_type"] == "flow":
                theirs[key_of(record)].append(record)
        for key, records in theirs.items():
            ours = sorted(flows.get(key, []), key=lambda one: one["flow"]["start"])
            for i, record in enumerate(sorted(records, key=lambda one: one["flow"]["start"])):
                name = record.get("app_proto", "failed")
                if name == "failed" or not ours:
                    continue
                said = ours[min(i, len(ours) - 1)].get("app_proto", "-")
                agreed = said in SURICATA.get(name, {name})
                self.judge("app_proto", capture, agreed, f"{key} Suricata {name}, we {said}")

    def add_ndpi(self, capture, flows, oracle):
        for flow in (oracle.get("ndpi") or {}).get("flows", []):
            wanted = NDPI.get(ndpi_name(flow["proto"]))
            if wanted is None or flow.get("confidence") != "DPI":
                continue
            key = flow_key(flow["l4"], address(flow["a"]), flow["a_port"], address(flow["b"]),
                           flow["b_port"])
            said = {record[name] for record in flows.get(key, [])
                    for name in ("app_proto", "app_proto_orig") if name in record}
            self.judge("ndpi", capture, bool(said & wanted),
                       f"{key} nDPI {flow['proto']}, we {' '.join(sorted(said)) or '-'}")

    def print_table(self):
        failures = []
        print(f"{'what':<14}{'agreed':>8}{'of':>8}{'%':>8}{'target':>8}   strictly")
        for topic, target in TARGETS.items():
            agreed, of = self.counts[topic]
            share = 100 * agreed / of if of else 100.0
            both, either = self.strict[topic]
            print(f"{topic:<14}{agreed:>8}{of:>8}{share:>8.1f}{target:>8}   {both} of {either}")
            if share < target:
                failures.append(f"{topic}: {share:.1f} %, {target} % are wanted")
        return failures
