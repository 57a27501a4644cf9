#pragma once

#include <optional>

#include "core/base/bytes.h"
#include "protocol/datagram/flight.h"
#include "protocol/datagram/ranges.h"

namespace satchel::protocol {

/// The bytes that one side sends: kept until they have arrived, sent again where they were lost.
class Outgoing {
 public:
  /// Takes bytes at the end; the caller asks room first.
  void write(core::ByteView bytes);
  /// No more bytes will come.
  void finish() noexcept { finished_ = true; }

  /// Bytes that were never sent.
  std::uint64_t unsent() const noexcept { return end() - next_; }
  /// Bytes that are kept, sent or not.
  std::uint64_t kept() const noexcept { return end() - kept_from_; }
  /// Something should go out: lost bytes, new ones, or the end.
  bool has_more() const noexcept;
  /// Everything, the end included, has arrived.
  bool all_arrived() const noexcept { return kept() == 0 && (!finished_ || fin_arrived_); }
  bool finish_arrived() const noexcept { return fin_arrived_; }

  struct Piece {
    Range range;
    bool fin = false;
  };
  /// What goes next: lost bytes first; at most `most` bytes. nullopt when nothing does. Marks it as sent.
  std::optional<Piece> next_piece(std::size_t most);
  /// The bytes of a range that has not arrived as a whole; borrowed until the next call.
  core::ByteView view(Range range) const;
  /// The part of an old packet that is still worth sending again.
  std::optional<Piece> still_wanted(const Flying& packet) const;

  void arrived(const Flying& packet);
  /// Everything below this offset has arrived.
  void whole_to(std::uint64_t offset);
  void lost(const Flying& packet);
  std::uint64_t kept_from() const noexcept { return kept_from_; }
  std::uint64_t sent_to() const noexcept { return next_; }

 private:
  std::uint64_t end() const noexcept { return kept_from_ + buffer_.size() - skipped_; }
  void release(std::uint64_t offset);

  core::Bytes buffer_;
  std::size_t skipped_ = 0;      ///< bytes at the front of buffer_ that have arrived
  std::uint64_t kept_from_ = 0;  ///< offset of the first byte that has not arrived
  std::uint64_t next_ = 0;       ///< offset of the first byte that was never sent
  Ranges arrived_;               ///< beyond kept_from_
  Ranges lost_;
  bool finished_ = false;
  bool fin_sent_ = false;
  bool fin_arrived_ = false;
};

}  // namespace satchel::protocol
