// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "app/enterprise/enip/cip.h"
#include "app/enterprise/number_name.h"

namespace pktana::app::enterprise {
namespace {

constexpr auto kServices = std::to_array<NumberName>({
    {0x01, "Get Attributes All"},
    {0x02, "Set Attributes All"},
    {0x03, "Get Attribute List"},
    {0x04, "Set Attribute List"},
    {0x05, "Reset"},
    {0x06, "Start"},
    {0x07, "Stop"},
    {0x08, "Create"},
    {0x09, "Delete"},
    {0x0a, "Multiple Service Packet"},
    {0x0d, "Apply Attributes"},
    {0x0e, "Get Attribute Single"},
    {0x10, "Set Attribute Single"},
    {0x11, "Find Next Object Instance"},
    {0x15, "Restore"},
    {0x16, "Save"},
    {0x17, "Nop"},
    {0x18, "Get Member"},
    {0x19, "Set Member"},
    {0x1a, "Insert Member"},
    {0x1b, "Remove Member"},
    {0x1c, "Group Sync"},
    {0x4b, "Execute PCCC Service"},
    {0x4c, "Read Data"},
    {0x4d, "Write Data"},
    {0x4e, "Read Write Modify Data"},
    {0x52, "Read Data Fragmented"},
    {0x53, "Write Data Fragmented"},
    {0x54, "Forward Open"},
});

constexpr auto kStatuses = std::to_array<NumberName>({
    {0x00, "Success"},
    {0x01, "Connection Failure"},
    {0x02, "Resource Unavailable"},
    {0x03, "Invalid Parameter Value"},
    {0x04, "Path Segment Error"},
    {0x05, "Path Destination Unknown"},
    {0x06, "Partial Transfer"},
    {0x07, "Connection Lost"},
    {0x08, "Service Not Supported"},
    {0x09, "Invalid Attribute Value"},
    {0x0a, "Attribute List Error"},
    {0x0b, "Already In Requested Mode/State"},
    {0x0c, "Object State Conflict"},
    {0x0d, "Object Already Exists"},
    {0x0e, "Attribute Not Settable"},
    {0x0f, "Privilege Violation"},
    {0x10, "Device State Conflict"},
    {0x11, "Reply Data Too Large"},
    {0x12, "Fragmentation Of A Primitive Value"},
    {0x13, "Not Enough Data"},
    {0x14, "Attribute Not Supported"},
    {0x15, "Too Much Data"},
    {0x16, "Object Does Not Exist"},
    {0x1e, "Embedded Service Error"},
    {0x1f, "Vendor Specific Error"},
    {0x20, "Invalid Parameter"},
    {0x26, "Path Size Invalid"},
    {0x2c, "Attribute Not Gettable"},
    {0xff, "Still Processing"},
});

constexpr auto kExtended = std::to_array<NumberName>({
    {0x100, "Connection in use or duplicate Forward Open"},
    {0x106, "Ownership conflict"},
    {0x107, "Target connection not found"},
    {0x109, "Invalid connection size"},
    {0x113, "Out of connections"},
    {0x114, "Vendor ID or product code mismatch"},
    {0x203, "Connection timed out"},
    {0x204, "Unconnected request timed out"},
    {0x311, "Port not available"},
    {0x312, "Link address not valid"},
});

constexpr auto kClasses = std::to_array<NumberName>({
    {0x01, "Identity"},
    {0x02, "Message Router"},
    {0x03, "DeviceNet"},
    {0x04, "Assembly"},
    {0x05, "Connection"},
    {0x06, "Connection Manager"},
    {0x07, "Register"},
    {0x08, "Discrete Input Point"},
    {0x09, "Discrete Output Point"},
    {0x0a, "Analog Input Point"},
    {0x0b, "Analog Output Point"},
    {0x0f, "Parameter"},
    {0x28, "Motor Data"},
    {0x29, "Control Supervisor"},
    {0x2a, "AC/DC Drive"},
    {0x37, "File"},
    {0x39, "Safety Supervisor"},
    {0x3a, "Safety Validator"},
    {0x41, "Event Log"},
    {0x42, "Motion Device Axis"},
    {0x43, "Time Sync"},
    {0x44, "Modbus"},
    {0x48, "QoS"},
    {0x5d, "CIP Security"},
    {0x5e, "EtherNet/IP Security"},
    {0x5f, "Certificate Management"},
    {0x67, "PCCC Class"},
    {0xf4, "Port"},
    {0xf5, "TCP/IP Interface"},
    {0xf6, "Ethernet Link"},
});

constexpr auto kVendors = std::to_array<NumberName>({
    {1, "Rockwell Automation/Allen-Bradley"},
    {40, "Wago Corporation"},
    {46, "ABB Industrial Systems"},
    {47, "Omron Corporation"},
    {90, "HMS Industrial Networks AB"},
    {108, "Beckhoff Automation GmbH"},
    {161, "Mitsubishi Electric Corporation"},
    {243, "Schneider Automation Inc."},
    {283, "Hilscher GmbH"},
});

constexpr auto kDevices = std::to_array<NumberName>({
    {0x00, "Generic Device (deprecated)"},
    {0x02, "AC Drive"},
    {0x03, "Motor Overload"},
    {0x07, "General Purpose Discrete I/O"},
    {0x0c, "Communications Adapter"},
    {0x0e, "Programmable Logic Controller"},
    {0x13, "DC Drive"},
    {0x18, "Human-Machine Interface"},
    {0x25, "CIP Motion Drive"},
    {0x2b, "Generic Device, keyable"},
    {0x2c, "Managed Ethernet Switch"},
});

}  // namespace

std::string cip_service_text(uint8_t service) noexcept {
  return name_or_unknown(kServices, service);
}
std::string cip_status_text(uint8_t status) noexcept { return name_or_unknown(kStatuses, status); }
std::string cip_class_text(uint32_t number) noexcept { return name_or_unknown(kClasses, number); }
std::string cip_vendor_text(uint16_t vendor) noexcept { return name_or_unknown(kVendors, vendor); }
std::string cip_device_text(uint16_t type) noexcept { return name_or_unknown(kDevices, type); }
std::string_view cip_extended_text(uint16_t status) noexcept { return name_of(kExtended, status); }

}  // namespace pktana::app::enterprise
