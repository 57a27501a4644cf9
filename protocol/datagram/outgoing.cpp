#include "protocol/datagram/outgoing.h"

#include <algorithm>

namespace satchel::protocol {

void Outgoing::write(core::ByteView bytes) {
  SATCHEL_CHECK(!finished_ || bytes.empty());
  core::append(buffer_, bytes);
}

bool Outgoing::has_more() const noexcept { return !lost_.empty() || unsent() > 0 || (finished_ && !fin_sent_); }

std::optional<Outgoing::Piece> Outgoing::next_piece(std::size_t most) {
  Piece piece;
  if (!lost_.empty()) {
    piece.range = lost_.first();
    piece.range.to = std::min<std::uint64_t>(piece.range.to, piece.range.from + most);
    lost_.remove(piece.range);
  } else if (unsent() > 0) {
    piece.range = {next_, std::min<std::uint64_t>(end(), next_ + most)};
    next_ = piece.range.to;
  } else if (finished_ && !fin_sent_) {
    piece.range = {end(), end()};
  } else {
    return std::nullopt;
  }
  piece.fin = finished_ && piece.range.to == end();
  if (piece.fin) fin_sent_ = true;
  return piece;
}

core::ByteView Outgoing::view(Range range) const {
  SATCHEL_CHECK(range.from >= kept_from_ && range.to <= end());
  const auto at = static_cast<std::size_t>(range.from - kept_from_) + skipped_;
  return core::ByteView{buffer_}.subspan(at, static_cast<std::size_t>(range.size()));
}

std::optional<Outgoing::Piece> Outgoing::still_wanted(const Flying& packet) const {
  Range range = packet.bytes;
  range.from = std::max(range.from, kept_from_);
  const auto missing = arrived_.first_missing(range);
  const bool fin = packet.fin && !fin_arrived_;
  if (!missing) {
    if (!fin) return std::nullopt;
    return Piece{{end(), end()}, true};
  }
  return Piece{*missing, fin && missing->to == end()};
}

void Outgoing::arrived(const Flying& packet) {
  if (packet.fin) fin_arrived_ = true;
  if (packet.bytes.size() == 0) return;
  lost_.remove(packet.bytes);
  arrived_.add({std::max(packet.bytes.from, kept_from_), packet.bytes.to});
  if (!arrived_.empty() && arrived_.first().from <= kept_from_) release(arrived_.first().to);
}

void Outgoing::whole_to(std::uint64_t offset) {
  if (offset > kept_from_ && offset <= next_) release(offset);
}

void Outgoing::release(std::uint64_t offset) {
  if (offset <= kept_from_) return;
  skipped_ += static_cast<std::size_t>(offset - kept_from_);
  kept_from_ = offset;
  arrived_.drop_below(offset);
  lost_.drop_below(offset);
  if (skipped_ >= 64 * 1024 || skipped_ == buffer_.size()) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(skipped_));
    skipped_ = 0;
  }
  // What has become contiguous with it goes too.
  if (!arrived_.empty() && arrived_.first().from == kept_from_) release(arrived_.first().to);
}

void Outgoing::lost(const Flying& packet) {
  if (packet.fin && !fin_arrived_) fin_sent_ = false;
  Range range{std::max(packet.bytes.from, kept_from_), packet.bytes.to};
  while (range.from < range.to) {
    const auto missing = arrived_.first_missing(range);
    if (!missing) break;
    lost_.add(*missing);
    range.from = missing->to;
  }
}

}  // namespace satchel::protocol
