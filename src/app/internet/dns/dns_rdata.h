// SPDX-License-Identifier: Apache-2.0
// Record data of DNS as fields of an event, under the keys of EVE's dns records.
#pragma once

#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet::dns {

/// Which of the structured forms the schema of the place allows.
struct RdataForms {
  bool soa = false;
  bool srv = false;  ///< and sshfp
  bool opt = false;
};

/// The number of texts that a record's data makes: one per string for TXT, else 1.
[[nodiscard]] unsigned text_count(const Record& record) noexcept;

/// Data that EVE shows as one text ("rdata"): A, AAAA, names, MX's exchange, TXT's string number
/// `which`, NULL, and of our own SVCB, HTTPS (RFC 9460) and CAA (RFC 8659) in presentation form.
/// False if the type has no text or the data is malformed.
[[nodiscard]] bool rdata_text(const Message& message, const Record& record, unsigned which,
                              Name& text) noexcept;

/// "soa", "srv", "sshfp" or "opt"; nothing for other types and malformed data.
void write_structured(Fields& fields, const Message& message, const Record& record,
                      const RdataForms& forms) noexcept;

/// The data as elements of an array of EVE's `grouped`.
void write_grouped(Array& array, const Message& message, const Record& record) noexcept;

/// Whether there is anything to write for the record.
[[nodiscard]] bool is_grouped(const Message& message, const Record& record) noexcept;

/// An OPT record without options: EVE leaves it out.
[[nodiscard]] inline bool is_empty_opt(const Record& record) noexcept {
  return record.type == 41 && record.data.empty();
}

}  // namespace pktana::app::internet::dns
