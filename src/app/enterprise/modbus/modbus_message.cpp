// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/modbus/modbus_message.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

enum Function : uint8_t {
  kReadCoils = 1,
  kReadDiscrete = 2,
  kReadHolding = 3,
  kReadInput = 4,
  kWriteCoil = 5,
  kWriteRegister = 6,
  kDiagnostic = 8,
  kWriteCoils = 15,
  kWriteRegisters = 16,
  kMaskWrite = 22,
  kReadWrite = 23,
  kMei = 43,
};

struct FunctionInfo {
  uint8_t code;
  std::string_view name;
  std::string_view access;
};

constexpr std::string_view kNone = "NONE";
constexpr auto kFunctions = std::to_array<FunctionInfo>({
    {kReadCoils, "RdCoils", "READ | COILS"},
    {kReadDiscrete, "RdDiscreteInputs", "READ | DISCRETES"},
    {kReadHolding, "RdHoldRegs", "READ | HOLDING"},
    {kReadInput, "RdInputRegs", "READ | INPUT"},
    {kWriteCoil, "WrSingleCoil", "WRITE | COILS | SINGLE"},
    {kWriteRegister, "WrSingleReg", "WRITE | HOLDING | SINGLE"},
    {7, "RdExcStatus", kNone},
    {kDiagnostic, "Diagnostic", kNone},
    {9, "Program484", kNone},
    {10, "Poll484", kNone},
    {11, "GetCommEventCtr", kNone},
    {12, "GetCommEventLog", kNone},
    {13, "ProgramController", kNone},
    {14, "PollController", kNone},
    {kWriteCoils, "WrMultCoils", "WRITE | COILS | MULTIPLE"},
    {kWriteRegisters, "WrMultRegs", "WRITE | HOLDING | MULTIPLE"},
    {17, "ReportServerID", kNone},
    {18, "Program884", kNone},
    {19, "ResetCommLink", kNone},
    {20, "RdFileRec", kNone},
    {21, "WrFileRec", kNone},
    {kMaskWrite, "MaskWrReg", "WRITE | HOLDING | SINGLE"},
    {kReadWrite, "RdWrMultRegs", "READ | WRITE | HOLDING | MULTIPLE"},
    {24, "RdFIFOQueue", kNone},
    {kMei, "MEI", kNone},
});

const FunctionInfo* find_function(uint8_t code) noexcept {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const FunctionInfo& one) { return one.code == code; });
  return found == kFunctions.end() ? nullptr : &*found;
}

/// Specification section 5 and annex A.
std::string_view category_of(uint8_t code) noexcept {
  constexpr auto kReserved =
      std::to_array<uint8_t>({9, 10, 13, 14, 18, 19, 41, 42, 90, 91, 125, 126, 127});
  if (std::find(kReserved.begin(), kReserved.end(), code) != kReserved.end()) return "RESERVED";
  if ((code >= 65 && code <= 72) || (code >= 100 && code <= 110)) return "USER_DEFINED";
  return find_function(code) != nullptr ? "PUBLIC_ASSIGNED" : "PUBLIC_UNASSIGNED";
}

template <size_t kCount>
std::string_view name_at(const std::array<std::string_view, kCount>& names, size_t at,
                         std::string_view unknown) noexcept {
  return at < kCount && !names[at].empty() ? names[at] : unknown;
}

constexpr auto kExceptions = std::to_array<std::string_view>(
    {"", "IllegalFunction", "IllegalDataAddr", "IllegalDataValue", "ServerDeviceFail", "Ack",
     "ServerDeviceBusy", "NegAck", "MemParityErr", "", "GatewayPathUnavailable",
     "GatewayTargetFailToResp"});

constexpr auto kDiagnostics = std::to_array<std::string_view>({"RetQueryData",
                                                               "RestartCommOpt",
                                                               "RetDiagReg",
                                                               "ChangeInputDelimiter",
                                                               "ForceListenOnlyMode",
                                                               "",
                                                               "",
                                                               "",
                                                               "",
                                                               "",
                                                               "ClearCountersDiagReg",
                                                               "RetBusMsgCount",
                                                               "RetBusCommErrCount",
                                                               "RetBusExcErrCount",
                                                               "RetServerMsgCount",
                                                               "RetServerNoRespCount",
                                                               "RetServerNAKCount",
                                                               "RetServerBusyCount",
                                                               "RetBusCharOverrunCount",
                                                               "RetOverrunErrCount",
                                                               "ClearOverrunCounterFlag",
                                                               "GetClearPlusStats"});

std::string_view mei_name(uint8_t type) noexcept {
  constexpr uint8_t kCanOpen = 13, kDeviceId = 14;
  return type == kCanOpen ? "CANOpenGenRefReqResp" : type == kDeviceId ? "RdDevId" : "Unknown";
}

bool reads(uint8_t code) noexcept { return code >= kReadCoils && code <= kReadInput; }
bool writes_one(uint8_t code) noexcept { return code == kWriteCoil || code == kWriteRegister; }
bool writes_many(uint8_t code) noexcept { return code == kWriteCoils || code == kWriteRegisters; }

/// How long and how large what a function carries must be.
struct Faults {
  bool length = false;
  bool value = false;
};

/// Number of coils or registers that may be asked for at once (section 6).
bool is_quantity(uint8_t code, uint16_t quantity) noexcept {
  constexpr uint16_t kReadBits = 2000, kReadWords = 125, kWriteBits = 1968, kWriteWords = 123;
  const uint16_t most = code == kWriteCoils                           ? kWriteBits
                        : code == kWriteRegisters                     ? kWriteWords
                        : code == kReadCoils || code == kReadDiscrete ? kReadBits
                                                                      : kReadWords;
  return quantity >= 1 && quantity <= most;
}

Faults request_faults(uint8_t code, Bytes data) noexcept {
  if (reads(code)) return {data.size() != 4, data.size() >= 4 && !is_quantity(code, be16(data, 2))};
  if (writes_one(code)) {
    const bool is_state = data.size() < 4 || be16(data, 2) == 0 || be16(data, 2) == 0xff00;
    return {data.size() != 4, code == kWriteCoil && !is_state};
  }
  if (writes_many(code))
    return {data.size() < 5 || data.size() != 5u + data[4],
            data.size() >= 4 && !is_quantity(code, be16(data, 2))};
  if (code == kMaskWrite) return {data.size() != 6, false};
  if (code == kReadWrite)
    return {data.size() < 9 || data.size() != 9u + data[8],
            data.size() >= 4 && !is_quantity(code, be16(data, 2))};
  return {};
}

Faults response_faults(uint8_t code, Bytes data) noexcept {
  if (reads(code) || code == kReadWrite)
    return {data.empty() || data.size() != 1u + data[0], false};
  if (writes_one(code) || writes_many(code)) return {data.size() != 4, false};
  if (code == kMaskWrite) return {data.size() != 6, false};
  return {};
}

std::string error_flags(const ModbusMessage& message, ModbusSide side) noexcept {
  std::string flags;
  const auto add = [&](bool set, std::string_view name) {
    if (!set) return;
    if (!flags.empty()) flags += " | ";
    flags += name;
  };
  Faults faults;
  bool bad_exception = false;
  if (message.is_exception()) {
    faults.length = message.data.size() != 1;
    bad_exception = message.data.empty() || name_at(kExceptions, message.data[0], kNone) == kNone;
  } else {
    faults = side == ModbusSide::Request ? request_faults(message.code(), message.data)
                                         : response_faults(message.code(), message.data);
  }
  add(faults.value, "DATA_VALUE");
  add(faults.length, "DATA_LENGTH");
  add(bad_exception, "EXC_CODE");
  add(find_function(message.code()) == nullptr, "FUNC_CODE");
  return flags.empty() ? std::string(kNone) : flags;
}

/// Address and number behind it, or the address alone.
void show_place(Fields& out, const char* key, Bytes data, const char* number) noexcept {
  Object object = out.object(key);
  object.number("address", be16(data, 0));
  if (number != nullptr) object.number(number, be16(data, 2));
}

void show_raw(Fields& out, Bytes data) noexcept { out.text_if("data", text_of(data)); }

void show_request(Fields& out, uint8_t code, Bytes data) noexcept {
  if (data.size() < 4) return show_raw(out, data);
  if (reads(code)) return show_place(out, "read", data, "quantity");
  if (writes_one(code)) return show_place(out, "write", data, "data");
  if (writes_many(code) || code == kMaskWrite) {
    show_place(out, "write", data, nullptr);
    return show_raw(out, data.subspan(std::min<size_t>(data.size(), code == kMaskWrite ? 2 : 5)));
  }
  if (code != kReadWrite || data.size() < 9) return show_raw(out, data);
  show_place(out, "read", data, "quantity");
  show_place(out, "write", data.subspan(4), nullptr);
  show_raw(out, data.subspan(9));
}

void show_response(Fields& out, uint8_t code, Bytes data) noexcept {
  if ((reads(code) || code == kReadWrite) && !data.empty()) {
    Object object = out.object("read");
    return object.text("data", text_of(data.subspan(1)));
  }
  if (data.size() < 4) return show_raw(out, data);
  if (writes_one(code) || writes_many(code)) return show_place(out, "write", data, "data");
  if (code != kMaskWrite) return show_raw(out, data);
  show_place(out, "write", data, nullptr);
  show_raw(out, data.subspan(2));
}

void show_coded(Fields& out, const char* key, uint64_t raw, std::string_view code,
                Bytes data) noexcept {
  Object object = out.object(key);
  object.number("raw", raw);
  object.text("code", code);
  object.text_if("data", text_of(data));
}

}  // namespace

size_t modbus_length(Bytes bytes) noexcept {
  constexpr uint16_t kLeast = 2, kMost = 254;
  const uint16_t len = be16(bytes, 4);
  if (be16(bytes, 2) != 0 || len < kLeast || len > kMost) return 0;
  return kModbusHeader + len;
}

ModbusMessage parse_modbus(Bytes bytes) noexcept {
  return {.transaction_id = be16(bytes, 0),
          .protocol_id = be16(bytes, 2),
          .unit_id = bytes[6],
          .function = bytes[7],
          .data = bytes.subspan(8)};
}

void show_modbus(Fields& out, const ModbusMessage& message, ModbusSide side) noexcept {
  const uint8_t code = message.code();
  const FunctionInfo* info = find_function(code);
  out.number("transaction_id", message.transaction_id);
  out.number("protocol_id", message.protocol_id);
  out.number("unit_id", message.unit_id);
  out.number("function_raw", message.function);
  out.text("function_code", info == nullptr ? "Unknown" : info->name);
  out.text("access_type", info == nullptr ? kNone : info->access);
  out.text("category", category_of(code));
  out.text("error_flags", error_flags(message, side));
  const Bytes data = message.data;
  if (message.is_exception()) {
    if (data.empty()) return;
    return show_coded(out, "exception", data[0], name_at(kExceptions, data[0], "Unknown"), {});
  }
  if (code == kDiagnostic && data.size() >= 2)
    return show_coded(out, "diagnostic", be16(data, 0),
                      name_at(kDiagnostics, be16(data, 0), "Reserved"), data.subspan(2));
  if (code == kMei && !data.empty())
    return show_coded(out, "mei", data[0], mei_name(data[0]), data.subspan(1));
  if (side == ModbusSide::Request)
    show_request(out, code, data);
  else
    show_response(out, code, data);
}

}  // namespace pktana::app::enterprise
