// SPDX-License-Identifier: Apache-2.0
// Names of Kerberos' numbers, as records show them: RFC 4120 section 7.5, RFC 3961, RFC 8009.
#include <algorithm>
#include <array>

#include "app/enterprise/krb5/krb5_message.h"

namespace pktana::app::enterprise {
namespace {

struct NumberName {
  int64_t number;
  std::string_view name;
};

constexpr auto kEncryptions = std::to_array<NumberName>({
    {1, "des-cbc-crc"},
    {2, "des-cbc-md4"},
    {3, "des-cbc-md5"},
    {5, "des3-cbc-md5"},
    {7, "des3-cbc-sha1"},
    {16, "des3-cbc-sha1-kd"},
    {17, "aes128-cts-hmac-sha1-96"},
    {18, "aes256-cts-hmac-sha1-96"},
    {19, "aes128-cts-hmac-sha256-128"},
    {20, "aes256-cts-hmac-sha384-192"},
    {23, "rc4-hmac"},
    {24, "rc4-hmac-exp"},
    {25, "camellia128-cts-cmac"},
    {26, "camellia256-cts-cmac"},
});

constexpr auto kErrors = std::to_array<NumberName>({
    {0, "KDC_ERR_NONE"},
    {1, "KDC_ERR_NAME_EXP"},
    {2, "KDC_ERR_SERVICE_EXP"},
    {3, "KDC_ERR_BAD_PVNO"},
    {4, "KDC_ERR_C_OLD_MAST_KVNO"},
    {5, "KDC_ERR_S_OLD_MAST_KVNO"},
    {6, "KDC_ERR_C_PRINCIPAL_UNKNOWN"},
    {7, "KDC_ERR_S_PRINCIPAL_UNKNOWN"},
    {8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE"},
    {9, "KDC_ERR_NULL_KEY"},
    {10, "KDC_ERR_CANNOT_POSTDATE"},
    {11, "KDC_ERR_NEVER_VALID"},
    {12, "KDC_ERR_POLICY"},
    {13, "KDC_ERR_BADOPTION"},
    {14, "KDC_ERR_ETYPE_NOSUPP"},
    {15, "KDC_ERR_SUMTYPE_NOSUPP"},
    {16, "KDC_ERR_PADATA_TYPE_NOSUPP"},
    {17, "KDC_ERR_TRTYPE_NOSUPP"},
    {18, "KDC_ERR_CLIENT_REVOKED"},
    {19, "KDC_ERR_SERVICE_REVOKED"},
    {20, "KDC_ERR_TGT_REVOKED"},
    {21, "KDC_ERR_CLIENT_NOTYET"},
    {22, "KDC_ERR_SERVICE_NOTYET"},
    {23, "KDC_ERR_KEY_EXPIRED"},
    {24, "KDC_ERR_PREAUTH_FAILED"},
    {25, "KDC_ERR_PREAUTH_REQUIRED"},
    {26, "KDC_ERR_SERVER_NOMATCH"},
    {27, "KDC_ERR_MUST_USE_USER2USER"},
    {28, "KDC_ERR_PATH_NOT_ACCEPTED"},
    {29, "KDC_ERR_SVC_UNAVAILABLE"},
    {31, "KRB_AP_ERR_BAD_INTEGRITY"},
    {32, "KRB_AP_ERR_TKT_EXPIRED"},
    {33, "KRB_AP_ERR_TKT_NYV"},
    {34, "KRB_AP_ERR_REPEAT"},
    {35, "KRB_AP_ERR_NOT_US"},
    {36, "KRB_AP_ERR_BADMATCH"},
    {37, "KRB_AP_ERR_SKEW"},
    {38, "KRB_AP_ERR_BADADDR"},
    {39, "KRB_AP_ERR_BADVERSION"},
    {40, "KRB_AP_ERR_MSG_TYPE"},
    {41, "KRB_AP_ERR_MODIFIED"},
    {44, "KRB_AP_ERR_BADKEYVER"},
    {45, "KRB_AP_ERR_NOKEY"},
    {46, "KRB_AP_ERR_MUT_FAIL"},
    {52, "KRB_ERR_RESPONSE_TOO_BIG"},
    {60, "KRB_ERR_GENERIC"},
    {61, "KRB_ERR_FIELD_TOOLONG"},
    {68, "KDC_ERR_WRONG_REALM"},
});

template <size_t kCount>
std::string_view name_of(const std::array<NumberName, kCount>& names, int64_t number) noexcept {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const NumberName& one) { return one.number == number; });
  return found == names.end() ? std::string_view{} : found->name;
}

}  // namespace

std::string_view krb5_type_text(Krb5Type type) noexcept {
  switch (type) {
    case Krb5Type::AsReq:
      return "KRB_AS_REQ";
    case Krb5Type::AsRep:
      return "KRB_AS_REP";
    case Krb5Type::TgsReq:
      return "KRB_TGS_REQ";
    case Krb5Type::TgsRep:
      return "KRB_TGS_REP";
    case Krb5Type::Error:
      return "KRB_ERROR";
  }
  return "UNKNOWN";
}

std::string_view krb5_encryption_text(int64_t encryption) noexcept {
  return name_of(kEncryptions, encryption);
}

bool krb5_is_weak(int64_t encryption) noexcept {
  const bool aes = encryption >= 17 && encryption <= 20;
  const bool camellia = encryption == 25 || encryption == 26;
  return !aes && !camellia;
}

std::string_view krb5_error_text(int64_t code) noexcept { return name_of(kErrors, code); }

}  // namespace pktana::app::enterprise
