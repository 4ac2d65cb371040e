// SPDX-License-Identifier: Apache-2.0
// Names of SMB's numbers, as records show them: MS-CIFS 2.2.2.1, MS-SMB2 2.2.1 and 2.2.13,
// MS-ERREF 2.3.
#include <algorithm>
#include <array>

#include "app/enterprise/smb/smb_message.h"

namespace pktana::app::enterprise {
namespace {

struct NumberName {
  uint32_t number;
  std::string_view name;
};

constexpr auto kSmb1Commands = std::to_array<NumberName>({
    {0x00, "CREATE_DIRECTORY"},
    {0x01, "DELETE_DIRECTORY"},
    {0x02, "OPEN"},
    {0x03, "CREATE"},
    {0x04, "CLOSE"},
    {0x05, "FLUSH"},
    {0x06, "DELETE"},
    {0x07, "RENAME"},
    {0x08, "QUERY_INFORMATION"},
    {0x09, "SET_INFORMATION"},
    {0x0a, "READ"},
    {0x0b, "WRITE"},
    {0x0c, "LOCK_BYTE_RANGE"},
    {0x0d, "UNLOCK_BYTE_RANGE"},
    {0x0e, "CREATE_TEMPORARY"},
    {0x0f, "CREATE_NEW"},
    {0x10, "CHECK_DIRECTORY"},
    {0x11, "PROCESS_EXIT"},
    {0x12, "SEEK"},
    {0x24, "LOCKING_ANDX"},
    {0x25, "TRANS"},
    {0x2b, "ECHO"},
    {0x2e, "READ_ANDX"},
    {0x2f, "WRITE_ANDX"},
    {0x32, "TRANS2"},
    {0x34, "FIND_CLOSE2"},
    {0x71, "TREE_DISCONNECT"},
    {0x72, "NEGOTIATE_PROTOCOL"},
    {0x73, "SESSION_SETUP_ANDX"},
    {0x74, "LOGOFF_ANDX"},
    {0x75, "TREE_CONNECT_ANDX"},
    {0x80, "QUERY_INFO_DISK"},
    {0xa0, "NT_TRANS"},
    {0xa2, "NT_CREATE_ANDX"},
    {0xa4, "NT_CANCEL"},
});

constexpr auto kSmb2Commands = std::to_array<std::string_view>(
    {"NEGOTIATE_PROTOCOL", "SESSION_SETUP", "SESSION_LOGOFF", "TREE_CONNECT", "TREE_DISCONNECT",
     "CREATE", "CLOSE", "FLUSH", "READ", "WRITE", "LOCK", "IOCTL", "CANCEL", "KEEPALIVE", "FIND",
     "CHANGE_NOTIFY", "GET_INFO", "SET_INFO", "OPLOCK_BREAK"});

constexpr auto kStatuses = std::to_array<NumberName>({
    {0x00000000, "STATUS_SUCCESS"},
    {0x00000103, "STATUS_PENDING"},
    {0x0000010b, "STATUS_NOTIFY_CLEANUP"},
    {0x0000010c, "STATUS_NOTIFY_ENUM_DIR"},
    {0x80000005, "STATUS_BUFFER_OVERFLOW"},
    {0x80000006, "STATUS_NO_MORE_FILES"},
    {0xc0000001, "STATUS_UNSUCCESSFUL"},
    {0xc0000002, "STATUS_NOT_IMPLEMENTED"},
    {0xc0000003, "STATUS_INVALID_INFO_CLASS"},
    {0xc0000008, "STATUS_INVALID_HANDLE"},
    {0xc000000d, "STATUS_INVALID_PARAMETER"},
    {0xc000000f, "STATUS_NO_SUCH_FILE"},
    {0xc0000010, "STATUS_INVALID_DEVICE_REQUEST"},
    {0xc0000011, "STATUS_END_OF_FILE"},
    {0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED"},
    {0xc0000022, "STATUS_ACCESS_DENIED"},
    {0xc0000023, "STATUS_BUFFER_TOO_SMALL"},
    {0xc0000033, "STATUS_OBJECT_NAME_INVALID"},
    {0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND"},
    {0xc0000035, "STATUS_OBJECT_NAME_COLLISION"},
    {0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND"},
    {0xc0000043, "STATUS_SHARING_VIOLATION"},
    {0xc0000054, "STATUS_FILE_LOCK_CONFLICT"},
    {0xc0000056, "STATUS_DELETE_PENDING"},
    {0xc000005e, "STATUS_NO_LOGON_SERVERS"},
    {0xc0000064, "STATUS_NO_SUCH_USER"},
    {0xc000006a, "STATUS_WRONG_PASSWORD"},
    {0xc000006d, "STATUS_LOGON_FAILURE"},
    {0xc000006e, "STATUS_ACCOUNT_RESTRICTION"},
    {0xc0000071, "STATUS_PASSWORD_EXPIRED"},
    {0xc0000072, "STATUS_ACCOUNT_DISABLED"},
    {0xc000007f, "STATUS_DISK_FULL"},
    {0xc00000ac, "STATUS_PIPE_NOT_AVAILABLE"},
    {0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY"},
    {0xc00000bb, "STATUS_NOT_SUPPORTED"},
    {0xc00000c9, "STATUS_NETWORK_NAME_DELETED"},
    {0xc00000cc, "STATUS_BAD_NETWORK_NAME"},
    {0xc0000101, "STATUS_DIRECTORY_NOT_EMPTY"},
    {0xc0000103, "STATUS_NOT_A_DIRECTORY"},
    {0xc0000120, "STATUS_CANCELLED"},
    {0xc0000128, "STATUS_FILE_CLOSED"},
    {0xc000015b, "STATUS_LOGON_TYPE_NOT_GRANTED"},
    {0xc0000203, "STATUS_USER_SESSION_DELETED"},
    {0xc0000225, "STATUS_NOT_FOUND"},
    {0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT"},
    {0xc0000257, "STATUS_PATH_NOT_COVERED"},
    {0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED"},
});

constexpr auto kDialects = std::to_array<NumberName>({
    {0x0202, "2.02"},
    {0x0210, "2.10"},
    {0x0222, "2.22"},
    {0x0224, "2.24"},
    {0x02ff, "2.??"},
    {0x0300, "3.00"},
    {0x0302, "3.02"},
    {0x0310, "3.10"},
    {0x0311, "3.11"},
});

template <size_t kCount>
std::string_view name_of(const std::array<NumberName, kCount>& names, uint32_t number) noexcept {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const NumberName& one) { return one.number == number; });
  return found == names.end() ? std::string_view{} : found->name;
}

}  // namespace

std::string smb_command_text(const SmbHeader& header) noexcept {
  const std::string_view name = !header.is_smb2 ? name_of(kSmb1Commands, header.command)
                                : header.command < kSmb2Commands.size()
                                    ? kSmb2Commands[header.command]
                                    : std::string_view{};
  std::string text = header.is_smb2 ? "SMB2_COMMAND_" : "SMB1_COMMAND_";
  if (name.empty()) return text + "UNKNOWN_" + std::to_string(header.command);
  return text.append(name);
}

std::string_view nt_status_text(uint32_t status) noexcept { return name_of(kStatuses, status); }

std::string_view smb_disposition_text(uint32_t disposition) noexcept {
  constexpr auto kNames =
      std::to_array<std::string_view>({"FILE_SUPERSEDE", "FILE_OPEN", "FILE_CREATE", "FILE_OPEN_IF",
                                       "FILE_OVERWRITE", "FILE_OVERWRITE_IF"});
  return disposition < kNames.size() ? kNames[disposition] : std::string_view{};
}

std::string_view smb2_dialect_text(uint16_t dialect) noexcept {
  const std::string_view name = name_of(kDialects, dialect);
  return name.empty() ? "unknown" : name;
}

}  // namespace pktana::app::enterprise
