// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_tunnel.h"

#include "sink/text.h"

namespace pktana::sink {
namespace {

char* put_layer(char* out, const flow::TunnelLayer& layer) noexcept {
  out = put_text(put_literal(out, R"({"type":")"), flow::type_name(layer));
  *out++ = '"';
  if (layer.ip_version != 0) {
    out = put_literal(out, R"(,"src_ip":")");
    out = put_address(out, layer.src.data(), layer.ip_version);
    out = put_literal(out, R"(","dest_ip":")");
    out = put_address(out, layer.dst.data(), layer.ip_version);
    *out++ = '"';
  }
  out = put_decimal(put_literal(out, R"(,"id":)"), layer.id);
  *out++ = '}';
  return out;
}

}  // namespace

char* put_eve_tunnel(char* out, uint32_t number,
                     const flow::EncapsulationTable& encapsulations) noexcept {
  if (number == flow::EncapsulationTable::kNoRoom)
    return put_literal(out, R"(,"tunnel_unknown":true)");
  flow::Encapsulation around;
  encapsulations.read(number, around);
  out = put_literal(out, R"(,"tunnel":[)");
  for (unsigned i = 0; i < around.count; ++i) {
    if (i > 0) *out++ = ',';
    out = put_layer(out, around.layer[i]);
  }
  *out++ = ']';
  return out;
}

}  // namespace pktana::sink
