#pragma once

#include <map>
#include <optional>

#include "core/base/result.h"
#include "core/base/time.h"
#include "protocol/datagram/packet.h"
#include "protocol/datagram/ranges.h"

namespace satchel::protocol {

/// The bytes that come in: put in order, and acknowledged. Keeps at most kStreamWindow bytes and kPiecesMost pieces, whatever the
/// peer sends.
class Incoming {
 public:
  /// Takes a numbered packet in. False when it is a copy, too old, or has no room here: it is as if it had not come. kMalformed
  /// when the peer contradicts itself about where its stream ends.
  core::Result<bool> take(const Packet& packet, core::MonoUs now);

  /// In order, and not taken yet; borrowed until the next call that changes something.
  core::ByteView arrived() const noexcept { return core::ByteView{ready_}.subspan(ready_at_); }
  void taken(std::size_t n);
  /// The peer has said all, and all of it is in arrived() or was taken.
  bool finished() const noexcept { return end_ && whole() == *end_; }
  /// Pieces are missing below others.
  bool has_gaps() const noexcept { return !pieces_.empty(); }

  /// When what has come should be acknowledged at the latest; nullopt when nothing needs it.
  std::optional<core::MonoUs> ack_due() const noexcept { return ack_due_; }
  bool any() const noexcept { return newest_.has_value(); }
  /// Everything that has come so far, and counts it as told. any() first.
  Ack acknowledge(core::MonoUs now);
  std::uint64_t newest() const { return *newest_; }
  /// The usual time between two packets with data; 0: not known.
  std::int64_t usual_gap_us() const noexcept { return gap_us_; }

 private:
  std::uint64_t whole() const noexcept { return taken_ + ready_.size() - ready_at_; }
  core::Result<bool> take_data(const Packet& packet);
  void keep(std::uint64_t from, core::ByteView bytes);
  void join();
  void note_arrival(std::uint64_t number, bool wants_ack, core::MonoUs now);

  core::Bytes ready_;
  std::size_t ready_at_ = 0;
  std::uint64_t taken_ = 0;  ///< offset of the first byte of arrived()
  std::map<std::uint64_t, core::Bytes> pieces_;
  std::optional<std::uint64_t> end_;

  Ranges numbers_;
  std::uint64_t floor_ = 0;  ///< numbers below are too old to tell apart
  std::optional<std::uint64_t> newest_;
  core::MonoUs newest_at_;
  std::optional<core::MonoUs> ack_due_;
  int unacknowledged_ = 0;
  core::MonoUs data_at_;
  std::int64_t gap_us_ = 0;
};

}  // namespace satchel::protocol
