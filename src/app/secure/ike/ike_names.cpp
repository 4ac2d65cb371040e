// SPDX-License-Identifier: Apache-2.0
#include "app/secure/ike/ike_names.h"

#include <span>

namespace pktana::app::secure {
namespace {

struct Word {
  uint16_t number;
  std::string_view text;
};

std::string_view find(std::span<const Word> words, uint64_t number) noexcept {
  for (const Word& word : words)
    if (word.number == number) return word.text;
  return {};
}

constexpr Word kPayloads1[] = {
    {0, "NoNextPayload"},
    {1, "SecurityAssociation"},
    {2, "Proposal"},
    {3, "Transform"},
    {4, "KeyExchange"},
    {5, "Identification"},
    {6, "Certificate"},
    {7, "CertificateRequest"},
    {8, "Hash"},
    {9, "Signature"},
    {10, "Nonce"},
    {11, "Notification"},
    {12, "Delete"},
    {13, "VendorID"},
    {15, "SaKekPayload"},
    {16, "SaTekPayload"},
    {17, "KeyDownload"},
    {18, "SequenceNumber"},
    {19, "ProofOfPossession"},
    {20, "NatDiscovery"},
    {21, "NatOriginalAddress"},
    {130, "NatDiscovery"},
    {131, "NatOriginalAddress"},
    {132, "Fragmentation"},
};
constexpr Word kPayloads2[] = {
    {0, "NoNextPayload"},
    {33, "SecurityAssociation"},
    {34, "KeyExchange"},
    {35, "IDInitiator"},
    {36, "IDResponder"},
    {37, "Certificate"},
    {38, "CertificateRequest"},
    {39, "Authentication"},
    {40, "Nonce"},
    {41, "Notify"},
    {42, "Delete"},
    {43, "VendorID"},
    {44, "TrafficSelectorInitiator"},
    {45, "TrafficSelectorResponder"},
    {46, "EncryptedAndAuthenticated"},
    {47, "Configuration"},
    {48, "ExtensibleAuthentication"},
};
constexpr Word kNotify[] = {
    {1, "UNSUPPORTED_CRITICAL_PAYLOAD"},
    {4, "INVALID_IKE_SPI"},
    {5, "INVALID_MAJOR_VERSION"},
    {7, "INVALID_SYNTAX"},
    {9, "INVALID_MESSAGE_ID"},
    {11, "INVALID_SPI"},
    {14, "NO_PROPOSAL_CHOSEN"},
    {17, "INVALID_KE_PAYLOAD"},
    {24, "AUTHENTICATION_FAILED"},
    {34, "SINGLE_PAIR_REQUIRED"},
    {35, "NO_ADDITIONAL_SAS"},
    {36, "INTERNAL_ADDRESS_FAILURE"},
    {37, "FAILED_CP_REQUIRED"},
    {38, "TS_UNACCEPTABLE"},
    {39, "INVALID_SELECTORS"},
    {43, "TEMPORARY_FAILURE"},
    {44, "CHILD_SA_NOT_FOUND"},
    {16384, "INITIAL_CONTACT"},
    {16385, "SET_WINDOW_SIZE"},
    {16386, "ADDITIONAL_TS_POSSIBLE"},
    {16387, "IPCOMP_SUPPORTED"},
    {16388, "NAT_DETECTION_SOURCE_IP"},
    {16389, "NAT_DETECTION_DESTINATION_IP"},
    {16390, "COOKIE"},
    {16391, "USE_TRANSPORT_MODE"},
    {16392, "HTTP_CERT_LOOKUP_SUPPORTED"},
    {16393, "REKEY_SA"},
    {16394, "ESP_TFC_PADDING_NOT_SUPPORTED"},
    {16395, "NON_FIRST_FRAGMENTS_ALSO"},
    {16396, "MOBIKE_SUPPORTED"},
    {16404, "MULTIPLE_AUTH_SUPPORTED"},
    {16406, "REDIRECT_SUPPORTED"},
    {16407, "REDIRECT"},
    {16430, "IKEV2_FRAGMENTATION_SUPPORTED"},
    {16431, "SIGNATURE_HASH_ALGORITHMS"},
};
constexpr Word kEncryption[] = {
    {1, "ENCR_DES_IV64"},
    {2, "ENCR_DES"},
    {3, "ENCR_3DES"},
    {4, "ENCR_RC5"},
    {5, "ENCR_IDEA"},
    {6, "ENCR_CAST"},
    {7, "ENCR_BLOWFISH"},
    {8, "ENCR_3IDEA"},
    {9, "ENCR_DES_IV32"},
    {11, "ENCR_NULL"},
    {12, "ENCR_AES_CBC"},
    {13, "ENCR_AES_CTR"},
    {14, "ENCR_AES_CCM_8"},
    {15, "ENCR_AES_CCM_12"},
    {16, "ENCR_AES_CCM_16"},
    {18, "ENCR_AES_GCM_8"},
    {19, "ENCR_AES_GCM_12"},
    {20, "ENCR_AES_GCM_16"},
    {21, "ENCR_NULL_AUTH_AES_GMAC"},
    {23, "ENCR_CAMELLIA_CBC"},
    {24, "ENCR_CAMELLIA_CTR"},
    {28, "ENCR_CHACHA20_POLY1305"},
};
constexpr Word kIntegrity[] = {
    {0, "NONE"},
    {1, "AUTH_HMAC_MD5_96"},
    {2, "AUTH_HMAC_SHA1_96"},
    {3, "AUTH_DES_MAC"},
    {4, "AUTH_KPDK_MD5"},
    {5, "AUTH_AES_XCBC_96"},
    {8, "AUTH_AES_CMAC_96"},
    {12, "AUTH_HMAC_SHA2_256_128"},
    {13, "AUTH_HMAC_SHA2_384_192"},
    {14, "AUTH_HMAC_SHA2_512_256"},
};
constexpr Word kGroups2[] = {
    {0, "None"},
    {1, "Modp768"},
    {2, "Modp1024"},
    {5, "Modp1536"},
    {14, "Modp2048"},
    {15, "Modp3072"},
    {16, "Modp4096"},
    {17, "Modp6144"},
    {18, "Modp8192"},
    {19, "Ecp256"},
    {20, "Ecp384"},
    {21, "Ecp521"},
    {22, "Modp1024s160"},
    {23, "Modp2048s224"},
    {24, "Modp2048s256"},
    {25, "Ecp192"},
    {26, "Ecp224"},
    {27, "BrainpoolP224r1"},
    {28, "BrainpoolP256r1"},
    {29, "BrainpoolP384r1"},
    {30, "BrainpoolP512r1"},
    {31, "Curve25519"},
    {32, "Curve448"},
};
constexpr Word kEncryption1[] = {
    {1, "EncDesCbc"},       {2, "EncIdeaCbc"}, {3, "EncBlowfishCbc"}, {4, "EncRc5R16B64Cbc"},
    {5, "EncTripleDesCbc"}, {6, "EncCastCbc"}, {7, "EncAesCbc"},      {8, "EncCamelliaCbc"},
};
constexpr Word kHash1[] = {
    {1, "HashMd5"},      {2, "HashSha"},      {3, "HashTiger"},
    {4, "HashSha2_256"}, {5, "HashSha2_384"}, {6, "HashSha2_512"},
};
constexpr Word kAuth1[] = {
    {1, "AuthPreSharedKey"},      {2, "AuthDssSignatures"},        {3, "AuthRsaSignatures"},
    {4, "AuthEncryptionWithRsa"}, {5, "AuthRevEncryptionWithRsa"},
};
constexpr Word kGroups1[] = {
    {1, "GroupDefault768BitModp"}, {2, "GroupAlternate1024BitModpGroup"},
    {5, "GroupModp1536Bit"},       {14, "GroupModp2048Bit"},
    {15, "GroupModp3072Bit"},      {16, "GroupModp4096Bit"},
    {17, "GroupModp6144Bit"},      {18, "GroupModp8192Bit"},
};
constexpr Word kLifeTypes[] = {{1, "LifeTypeSeconds"}, {2, "LifeTypeKilobytes"}};

}  // namespace

std::string_view ike_payload_name(uint8_t major, uint8_t type) noexcept {
  return major == 1 ? find(kPayloads1, type) : find(kPayloads2, type);
}

std::string_view ike_notify_name(uint16_t type) noexcept { return find(kNotify, type); }

std::string_view ike2_transform_key(uint8_t type) noexcept {
  if (type == 1) return "alg_enc";
  if (type == 3) return "alg_auth";
  return type == 4 ? std::string_view("alg_dh") : std::string_view{};
}

std::string_view ike2_transform_name(uint8_t type, uint16_t id) noexcept {
  if (type == 1) return find(kEncryption, id);
  if (type == 3) return find(kIntegrity, id);
  return type == 4 ? find(kGroups2, id) : std::string_view{};
}

IkeAttributeNames ike1_attribute_names(uint16_t type, uint64_t value) noexcept {
  switch (type) {
    case 1:
      return {"alg_enc", find(kEncryption1, value)};
    case 2:
      return {"alg_hash", find(kHash1, value)};
    case 3:
      return {"alg_auth", find(kAuth1, value)};
    case 4:
      return {"alg_dh", find(kGroups1, value)};
    case 11:
      return {"sa_life_type", find(kLifeTypes, value)};
    case 12:
      return {"sa_life_duration", {}};
    case 14:
      return {"sa_key_length", {}};
    default:
      return {};
  }
}

}  // namespace pktana::app::secure
