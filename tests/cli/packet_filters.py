# SPDX-License-Identifier: Apache-2.0
"""The filters and captures on which pktana must choose the packets that tcpdump chooses: 40 filters, 20 captures of
../shared, all Ethernet, so that they can be sent over a veth pair too."""

from cli_support import CAPTURES

FILTERS = [
    "tcp", "udp", "icmp", "icmp6", "arp", "ip", "ip6", "ip or ip6", "not ip", "tcp port 80", "udp port 53",
    "port 53 or port 80", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "tcp[13] == 2", "tcp[tcpflags] & tcp-push != 0 and len > 200",
    "greater 500", "less 80", "len >= 60 and len <= 100", "host 192.168.1.1 or net 10.0.0.0/8", "src net 192.168.0.0/16",
    "dst portrange 1-1023", "ether multicast", "ether broadcast", "ether proto 0x88a8 or ether proto 0x8100",
    "ip[6:2] & 0x3fff != 0", "ip[6:2] & 0x2000 != 0", "ip6 proto 44", "ip6[6] == 0 or ip6[6] == 43 or ip6[6] == 44",
    "ip6 and udp port 53", "vlan", "vlan and ip", "vlan and tcp", "vlan 10 or vlan 20", "vlan and vlan",
    "vlan and vlan and tcp port 80", "vlan and ip[6:2] & 0x3fff != 0", "ip proto 47", "udp port 4789 or udp port 6081",
    "vlan and vlan and pppoes and tcp", "not (tcp or udp) and not vlan",
]

FILES = [
    "tunnels/vlan/zeek_http-vlan-0.pcap", "tunnels/vlan/zeek_vlan-collisions.pcap", "tunnels/vlan/zeek_vlan-pcp-dei.pcapng",
    "tunnels/qinq/zeek_http-qinq-0.pcap", "tunnels/qinq/zeek_pppoe-over-qinq.pcap",
    "tunnels/qinq/pcapplusplus_QinQ_802.1_AD.pcapng", "flows/fragments/pcapplusplus_frag_http_req.pcap",
    "flows/fragments/pcapplusplus_ip4_fragments.pcap", "flows/fragments/suricata_frag-eth-vlan-ip-tcp-syn.pcap",
    "flows/fragments/zeek_ipv6-fragmented-dns.pcap", "flows/fragments/zeek_gtp1_gn_normal_incl_fragmentation.pcap",
    "flows/ipv6-ext/zeek_ip6_esp.pcap", "flows/ipv6-ext/zeek_ipv6-http-atomic-frag.pcap",
    "tunnels/mpls/zeek_mixed-vlan-mpls.pcap", "tunnels/pppoe/suricata_pppoe-session-http.pcap",
    "tunnels/gre/zeek_gre-within-gre.pcap", "tunnels/vxlan/zeek_vxlan-encapsulated-http.pcap",
    "tunnels/geneve/ja4_tcpdump-geneve.pcap", "flows/mixed/ndpi_wechat.pcap", "flows/mixed/arkime_arkime_synthetic.pcap",
]


def captures():
    return [CAPTURES / name for name in FILES]
