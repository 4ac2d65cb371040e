// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/ldap/ldap_message.h"

#include <algorithm>
#include <array>
#include <string>

#include "app/ber.h"

namespace pktana::app::enterprise {
namespace {

using Op = LdapOperation;

struct OperationInfo {
  Op operation;
  const char* name;
  bool is_request;
};

constexpr auto kOperations = std::to_array<OperationInfo>({
    {Op::BindRequest, "bind_request", true},
    {Op::BindResponse, "bind_response", false},
    {Op::UnbindRequest, "unbind_request", true},
    {Op::SearchRequest, "search_request", true},
    {Op::SearchEntry, "search_result_entry", false},
    {Op::SearchDone, "search_result_done", false},
    {Op::ModifyRequest, "modify_request", true},
    {Op::ModifyResponse, "modify_response", false},
    {Op::AddRequest, "add_request", true},
    {Op::AddResponse, "add_response", false},
    {Op::DeleteRequest, "del_request", true},
    {Op::DeleteResponse, "del_response", false},
    {Op::RenameRequest, "mod_dn_request", true},
    {Op::RenameResponse, "mod_dn_response", false},
    {Op::CompareRequest, "compare_request", true},
    {Op::CompareResponse, "compare_response", false},
    {Op::AbandonRequest, "abandon_request", true},
    {Op::SearchReference, "search_result_reference", false},
    {Op::ExtendedRequest, "extended_request", true},
    {Op::ExtendedResponse, "extended_response", false},
    {Op::IntermediateResponse, "intermediate_response", false},
});

const OperationInfo* find_operation(uint8_t number) noexcept {
  const auto found = std::find_if(
      kOperations.begin(), kOperations.end(),
      [&](const OperationInfo& one) { return static_cast<uint8_t>(one.operation) == number; });
  return found == kOperations.end() ? nullptr : &*found;
}

struct ResultName {
  int64_t code;
  std::string_view name;
};

constexpr auto kResults = std::to_array<ResultName>({
    {0, "success"},
    {1, "operations_error"},
    {2, "protocol_error"},
    {3, "time_limit_exceeded"},
    {4, "size_limit_exceeded"},
    {5, "compare_false"},
    {6, "compare_true"},
    {7, "auth_method_not_supported"},
    {8, "stronger_auth_required"},
    {10, "referral"},
    {11, "admin_limit_exceeded"},
    {12, "unavailable_critical_extension"},
    {13, "confidentiality_required"},
    {14, "sasl_bind_in_progress"},
    {16, "no_such_attribute"},
    {17, "undefined_attribute_type"},
    {18, "inappropriate_matching"},
    {19, "constraint_violation"},
    {20, "attribute_or_value_exists"},
    {21, "invalid_attribute_syntax"},
    {32, "no_such_object"},
    {33, "alias_problem"},
    {34, "invalid_dns_syntax"},
    {36, "alias_dereferencing_problem"},
    {48, "inappropriate_authentication"},
    {49, "invalid_credentials"},
    {50, "insufficient_access_rights"},
    {51, "busy"},
    {52, "unavailable"},
    {53, "unwilling_to_perform"},
    {54, "loop_detect"},
    {64, "naming_violation"},
    {65, "object_class_violation"},
    {66, "not_allowed_on_non_leaf"},
    {67, "not_allowed_on_rdn"},
    {68, "entry_already_exists"},
    {69, "object_class_mods_prohibited"},
    {71, "affects_multiple_dsas"},
    {80, "other"},
});

}  // namespace

std::optional<LdapMessage> parse_ldap(Bytes bytes) noexcept {
  constexpr uint8_t kClass = 0xc0, kApplication = 0x40, kNumber = 0x1f;
  const std::optional<Bytes> envelope = BerReader(bytes).take(kBerSequence);
  if (!envelope) return {};
  BerReader reader(*envelope);
  const std::optional<Bytes> id = reader.take(kBerInteger);
  BerElement operation;
  if (!id || !reader.next(operation) || (operation.tag & kClass) != kApplication) return {};
  const std::optional<int64_t> number = ber_number(*id);
  const OperationInfo* info = find_operation(operation.tag & kNumber);
  if (!number || *number < 0 || info == nullptr) return {};
  return LdapMessage{.id = *number, .operation = info->operation, .body = operation.value};
}

bool is_request(LdapOperation operation) noexcept {
  return find_operation(static_cast<uint8_t>(operation))->is_request;
}

bool is_unanswered(LdapOperation operation) noexcept {
  return operation == Op::UnbindRequest || operation == Op::AbandonRequest;
}

bool is_final(LdapOperation operation) noexcept {
  return !is_request(operation) && operation != Op::SearchEntry &&
         operation != Op::SearchReference && operation != Op::IntermediateResponse;
}

const char* ldap_operation_text(LdapOperation operation) noexcept {
  return find_operation(static_cast<uint8_t>(operation))->name;
}

std::string_view ldap_result_text(int64_t code) noexcept {
  const auto found = std::find_if(kResults.begin(), kResults.end(),
                                  [&](const ResultName& one) { return one.code == code; });
  return found == kResults.end() ? "unknown" : found->name;
}

std::optional<int64_t> ldap_result(const LdapMessage& message) noexcept {
  const std::optional<Bytes> code = BerReader(message.body).take(kBerEnumerated);
  return code && is_final(message.operation) ? ber_number(*code) : std::nullopt;
}

std::string_view ldap_extension(const LdapMessage& message) noexcept {
  constexpr uint8_t kName = 0x80;
  if (message.operation != Op::ExtendedRequest) return {};
  return text_of(ber_child(message.body, kName).value_or(Bytes{}));
}

void put_hex(Fields& out, const char* key, Bytes bytes) noexcept {
  constexpr size_t kMax = 1024;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes.first(std::min(bytes.size(), kMax))) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0x0f]);
  }
  out.text(key, text);
}

void put_values(Fields& out, const char* key, Bytes set) noexcept {
  constexpr unsigned kMaxValues = 64;
  Array values = out.array(key);
  BerReader reader(set);
  BerElement value;
  for (unsigned i = 0; i < kMaxValues && reader.next(value); ++i)
    values.add(text_of(value.value));
}

void put_attributes(Fields& out, const char* type_key, Bytes list) noexcept {
  constexpr unsigned kMaxAttributes = 64;
  BerReader attributes(list);
  Array array = out.array("attributes");
  BerElement attribute;
  for (unsigned i = 0; i < kMaxAttributes && attributes.next(attribute); ++i) {
    BerReader inside(attribute.value);
    Object object = array.object(nullptr);
    object.text(type_key, text_of(inside.take(kBerOctets).value_or(Bytes{})));
    put_values(object, "values", inside.take(kBerSet).value_or(Bytes{}));
  }
}

}  // namespace pktana::app::enterprise
