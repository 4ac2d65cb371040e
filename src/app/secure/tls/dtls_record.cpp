// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/dtls_record.h"

#include <algorithm>

#include "app/secure/tls/tls_record.h"

namespace pktana::app::secure {
namespace {

bool is_dtls_version(uint16_t version) noexcept {
  return version == 0xFEFF || version == 0xFEFD || version == 0xFEFC;
}

}  // namespace

bool next_dtls_record(Reader& datagram, DtlsRecord& record) noexcept {
  record.type = datagram.u8();
  record.version = datagram.u16();
  record.epoch = datagram.u16();
  datagram.take(6);  // sequence number
  const uint16_t length = datagram.u16();
  if (!datagram.ok() || !is_dtls_version(record.version)) return false;
  if (record.type < kChangeCipherSpec || record.type > 26 || length == 0 || length > kMaxRecord)
    return false;
  record.whole = length <= datagram.left();
  record.content = datagram.take(std::min<size_t>(length, datagram.left()));
  return true;
}

bool next_dtls_fragment(Reader& record, DtlsFragment& fragment) noexcept {
  if (record.empty()) return false;
  fragment.type = record.u8();
  fragment.message_bytes = record.u24();
  fragment.sequence = record.u16();
  fragment.offset = record.u24();
  const uint32_t length = record.u24();
  fragment.body = record.take(length);
  return record.ok() && fragment.offset + length <= fragment.message_bytes;
}

bool looks_like_dtls(Bytes datagram) noexcept {
  Reader in(datagram);
  DtlsRecord record;
  if (!next_dtls_record(in, record)) return false;
  if (record.type != kHandshake || record.epoch != 0)
    return record.epoch != 0 && record.epoch < 16 && record.whole &&
           record.type <= kApplicationData && in.empty();
  Reader content(record.content);
  DtlsFragment fragment;
  if (!next_dtls_fragment(content, fragment)) return false;
  const bool is_hello = fragment.type >= 1 && fragment.type <= 3;
  if (!is_hello || fragment.message_bytes > 65536 || fragment.sequence > 16) return false;
  Reader body(fragment.body);
  return fragment.offset != 0 || is_dtls_version(body.u16());
}

}  // namespace pktana::app::secure
