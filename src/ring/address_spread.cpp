// SPDX-License-Identifier: Apache-2.0
#include "ring/address_spread.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>

namespace pktana::ring {
namespace {

using Program = std::vector<sock_filter>;

constexpr auto kProtocol = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL);
constexpr auto kPacketType = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
constexpr uint32_t kFirstFactor = 0x9E3779B1;  // primes of xxHash
constexpr uint32_t kSecondFactor = 0x85EBCA77;
constexpr uint32_t kVlanTagBytes = 4;

struct AddressFields {
  uint32_t src;
  uint32_t dst;
  uint32_t words;
};
constexpr AddressFields kIpv4{12, 16, 1};
constexpr AddressFields kIpv6{8, 24, 4};

void append(Program& to, const Program& more) { to.insert(to.end(), more.begin(), more.end()); }

/// A = A ^ A >> 15, times a factor.
void put_stir(Program& to, uint32_t factor) {
  append(to, {BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 15),
              BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, factor)});
}

/// A = keyed hash of the address at `offset`.
void put_address_hash(Program& to, uint32_t offset, uint32_t words, uint64_t secret) {
  to.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
  for (uint32_t i = 1; i < words; ++i)
    append(to, {BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, static_cast<uint32_t>(secret >> 32)),
                BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, kFirstFactor), BPF_STMT(BPF_MISC | BPF_TAX, 0),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset + 4 * i),
                BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0)});
  append(to, {BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, static_cast<uint32_t>(secret)),
              BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, kFirstFactor)});
  put_stir(to, kSecondFactor);
}

/// "The type in A is `type`? then return the hash of the two addresses of the header at `network`."
void put_header(Program& to, uint32_t type, uint32_t network, const AddressFields& fields,
                uint64_t secret) {
  Program block;
  put_address_hash(block, network + fields.src, fields.words, secret);
  block.push_back(BPF_STMT(BPF_ST, 0));
  put_address_hash(block, network + fields.dst, fields.words, secret);
  // A sum says nothing of the order, so both directions get the same.
  append(block, {BPF_STMT(BPF_LDX | BPF_MEM, 0), BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0)});
  put_stir(block, kFirstFactor);
  append(block, {BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16), BPF_STMT(BPF_RET | BPF_A, 0)});
  to.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, type, 0, static_cast<uint8_t>(block.size())));
  append(to, block);
}

/// The whole decision, with the network header at `network`. A frame too short for a load gets 0.
Program decide(uint32_t network, uint64_t secret) {
  Program program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kProtocol)};
  put_header(program, ETH_P_IP, network, kIpv4, secret);
  put_header(program, ETH_P_IPV6, network, kIpv6, secret);
  append(program, {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021Q, 2, 0),
                   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021AD, 1, 0),
                   BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_LD | BPF_H | BPF_ABS, network + 2)});
  put_header(program, ETH_P_IP, network + kVlanTagBytes, kIpv4, secret);
  put_header(program, ETH_P_IPV6, network + kVlanTagBytes, kIpv6, secret);
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
  return program;
}

}  // namespace

std::vector<sock_filter> address_pair_program(uint64_t secret) {
  // Received packets start at their network header here, sent ones at their link header. Offsets
  // from the network header (SKF_NET_OFF) would do for both, but only reach what lies in the
  // packet's first piece of memory.
  const Program received = decide(0, secret);
  Program program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kPacketType),
                  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
                  BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(received.size()))};
  append(program, received);
  append(program, decide(static_cast<uint32_t>(SKF_NET_OFF), secret));
  return program;
}

}  // namespace pktana::ring
