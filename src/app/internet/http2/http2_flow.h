// SPDX-License-Identifier: Apache-2.0
// An HTTP/2 connection in clear: one http event a stream, and one for what is said of the
// connection itself, as EVE has them.
#pragma once

#include <vector>

#include "app/dissector.h"
#include "app/internet/http2/hpack_decoder.h"
#include "app/internet/http2/http2_frame.h"

namespace pktana::app::internet::http2 {

inline constexpr size_t kMaxStreams = 64;      ///< kept at a time
inline constexpr size_t kMaxBlockLen = 65536;  ///< of a header block in several frames
inline constexpr size_t kMaxSettings = 32;     ///< shown of one frame

struct Setting {
  uint16_t id = 0;
  uint32_t value = 0;
};

/// What one side has said in a stream, or (stream 0) in one frame about the connection.
struct Said {
  HeaderList headers;
  std::vector<Setting> settings;
  bool has_error = false;
  uint32_t error = 0;
  bool has_weight = false;
  uint8_t weight = 0;
};

struct Stream {
  uint32_t id = 0;
  Said request;
  Said response;
};

/// @param event_direction that of the requests.
void write_event(const Flow& flow, uint8_t event_direction, int64_t ts_ns,
                 const Stream& stream) noexcept;

class Http2Flow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept;
  void on_end(const Flow& flow, int64_t ts_ns) noexcept;

 private:
  /// A header block of which more frames are to come.
  struct OpenBlock {
    std::vector<uint8_t> bytes;
    uint32_t stream = 0;
    bool ends_stream = false;
  };

  /// Length of the preface that is due in front of the frames; false if more is needed.
  bool skip_preface(const Chunk& chunk, size_t& at) noexcept;
  bool on_frame(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;
  bool on_block_start(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;
  bool on_continuation(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;
  void on_block_end(const Flow& flow, uint8_t direction) noexcept;
  void on_connection_frame(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;
  void on_stream_end(const Flow& flow, uint8_t direction, uint32_t id) noexcept;
  void on_reset(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;
  void on_priority(const Flow& flow, uint8_t direction, const Frame& frame) noexcept;

  [[nodiscard]] Said& said(Stream& stream, uint8_t direction) const noexcept {
    return direction == client_direction_ ? stream.request : stream.response;
  }
  [[nodiscard]] bool is_open(uint32_t id) const noexcept;
  Stream& stream_of(const Flow& flow, uint32_t id) noexcept;
  void finish(const Flow& flow, uint32_t id) noexcept;
  void learn_host(const Flow& flow, const HeaderList& headers) noexcept;

  HpackDecoder decoders_[2];
  OpenBlock blocks_[2];
  std::vector<Stream> streams_;
  int64_t ts_ns_ = 0;
  uint32_t highest_stream_ = 0;  // of those that have begun
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool began_[2] = {};
  bool has_name_ = false;
};

}  // namespace pktana::app::internet::http2
