#include <algorithm>

#include "protocol/datagram/stream.h"

/// What goes out, and when.
namespace satchel::protocol {

using core::Code;
using core::Error;
using core::MonoUs;

namespace {

/// Repeated just in case: at the end of what there is to say, so that a lost last packet need not be missed first.
constexpr std::size_t kTailMost = 4;
constexpr double kTailLoss = 0.01;
constexpr std::int64_t kTailUsLeast = 30'000;
constexpr std::int64_t kTailUsFirst = 250'000;
/// A pace that fell behind may catch up so much at once: timers wake late.
constexpr std::int64_t kCatchUpUs = 4'000;
/// How long an acknowledgement waits for bytes that go the same way.
constexpr std::int64_t kAckAlongUs = 25'000;

void no_later(std::optional<MonoUs>& next, const std::optional<MonoUs>& time) {
  if (time && (!next || *time < *next)) next = time;
}

}  // namespace

std::optional<DatagramStream::Datagram> DatagramStream::next_datagram(MonoUs now) {
  if (std::exchange(last_word_, false)) return Datagram{gone_packet(id_, !calls_), peer_};
  if (stage_ == Stage::broken || stage_ == Stage::over) return std::nullopt;
  keep_time(now);
  if (stage_ == Stage::broken) return std::nullopt;
  if (response_due_) {
    Packet packet;
    packet.kind = PacketKind::response;
    packet.by_answerer = !calls_;
    packet.id = id_;
    packet.token = *std::exchange(response_due_, std::nullopt);
    return Datagram{encode(packet), peer_};
  }
  if (std::exchange(challenge_due_, false) && new_place_) {
    Packet packet;
    packet.kind = PacketKind::challenge;
    packet.by_answerer = !calls_;
    packet.id = id_;
    packet.token = challenge_;
    return Datagram{encode(packet), *new_place_};
  }
  auto next = next_data(now);
  if (!next) next = next_repeat(now);
  if (!next) next = next_probe(now);
  if (!next) next = next_ack(now);
  settle();
  return next;
}

std::optional<MonoUs> DatagramStream::deadline() const {
  if (last_word_ || challenge_due_ || response_due_) return begun_;
  if (stage_ == Stage::broken || stage_ == Stage::over) return std::nullopt;
  std::optional<MonoUs> next;
  no_later(next, ack_due());
  no_later(next, data_due());
  no_later(next, repeat_due());
  no_later(next, probe_due());
  no_later(next, flight_.overdue_at(model_.overdue_us()));
  return next;
}

void DatagramStream::keep_time(MonoUs now) {
  note_lost(flight_.overdue(model_.overdue_us(), now), false);
  const auto oldest = flight_.oldest_at();
  const bool unheard = oldest && now - std::max(*oldest, last_news_) >= kGiveUpUs;
  if (unheard || (silent_since_ && now - *silent_since_ >= kGiveUpUs)) break_off(Error{Code::kPeerSilent, {}});
}

// --- data

std::size_t DatagramStream::packet_room(const std::optional<Ack>& ack) const {
  const std::size_t head = kCarryHeader + (stage_ == Stage::calling ? kOpenHeader : 0) + (ack ? encoded_size(*ack) : 0);
  return std::min(model_.packet_bytes(), kDatagramMax - head);
}

bool DatagramStream::may_send_data() const {
  if (flight_.full() || silent_since_) return false;
  // Without a pass all bytes would be thrown away: the first packet only asks for one.
  if (stage_ == Stage::calling && !pass_) return false;
  return flight_.flying_count() == 0 || flight_.flying_bytes() < model_.flying_most();
}

bool DatagramStream::has_data() const { return out_.has_more() && out_.kept() <= kStreamWindow; }

std::optional<MonoUs> DatagramStream::data_due() const {
  if (!has_data() || !may_send_data()) return std::nullopt;
  return next_send_;
}

std::optional<DatagramStream::Datagram> DatagramStream::next_data(MonoUs now) {
  const auto due = data_due();
  if (!due) {
    if (may_send_data() && next_send_ <= now) model_.short_of_bytes();
    return std::nullopt;
  }
  if (*due > now) return std::nullopt;
  auto ack = due_ack(now);
  const auto piece = out_.next_piece(packet_room(ack));
  SATCHEL_CHECK(piece.has_value());
  return carry_piece(*piece, std::move(ack), false, now);
}

std::optional<Ack> DatagramStream::due_ack(MonoUs now) {
  if (!in_.any() || !in_.ack_due()) return std::nullopt;
  return in_.acknowledge(now);
}

DatagramStream::Datagram DatagramStream::carry_piece(const Outgoing::Piece& piece, std::optional<Ack> ack, bool repeated,
                                                     MonoUs now) {
  Packet packet;
  packet.ack = std::move(ack);
  packet.has_data = true;
  packet.offset = static_cast<std::uint32_t>(piece.range.from & 0xFFFFFFU);
  packet.data = out_.view(piece.range);
  packet.fin = piece.fin;
  packet.more = out_.has_more();
  Flying flying;
  flying.bytes = piece.range;
  flying.fin = piece.fin;
  flying.repeated = repeated;
  return send(std::move(packet), flying, now);
}

DatagramStream::Datagram DatagramStream::send(Packet packet, Flying flying, MonoUs now) {
  packet.kind = stage_ == Stage::calling ? PacketKind::open : PacketKind::carry;
  packet.by_answerer = !calls_;
  packet.id = id_;
  if (stage_ == Stage::calling && pass_) packet.pass = *pass_;
  const bool asks = packet.has_data || packet.asks;
  if (in_.any() && !packet.has_data) packet.ack = in_.acknowledge(now);
  packet.number = static_cast<std::uint16_t>(flight_.next_number());
  Datagram out{encode(packet), peer_};
  flying.number = flight_.next_number();
  flying.sent_at = now;
  flying.wire = static_cast<std::uint32_t>(out.bytes.size() + kDatagramEnvelope);
  flying.fate = asks ? Flying::Fate::flying : Flying::Fate::unasked;
  if (asks) {
    flying.lower = model_.lower_round();
    model_.sent(flying.number, flight_.flying_bytes(), now);
    last_asked_ = now;
  }
  flight_.add(flying);
  // An acknowledgement alone goes by the peer's pace: counted here, those of a quick peer would leave no time for our own bytes.
  if (const auto pace = asks ? model_.pace() : std::nullopt) {
    const auto takes_us = static_cast<std::int64_t>(std::uint64_t{flying.wire} * 1'000'000 / *pace);
    next_send_ = std::max(next_send_, now + (-kCatchUpUs)) + takes_us;
  }
  return out;
}

std::size_t DatagramStream::room() const {
  if (finishing_ || stage_ == Stage::broken || stage_ == Stage::over || out_.kept() >= kStreamWindow) return 0;
  const std::uint64_t packet = model_.packet_bytes();
  std::uint64_t wanted = 2 * packet;
  if (const auto pace = model_.pace()) {
    const std::uint64_t least = model_.starting() ? 2 * packet : packet;
    wanted = std::clamp<std::uint64_t>(*pace * static_cast<std::uint64_t>(kWaitingUs) / 1'000'000, least, kStreamWindow / 4);
  }
  if (out_.unsent() >= wanted) return 0;
  return static_cast<std::size_t>(std::min(wanted - out_.unsent(), kStreamWindow - out_.kept()));
}

// --- just in case

std::optional<MonoUs> DatagramStream::repeat_due() const {
  if (out_.has_more() || silent_since_ || flight_.full()) return std::nullopt;
  const std::size_t flying = flight_.flying_count();
  if (flying == 0 || flying > 2 * kTailMost || !(model_.unproven() || model_.loss() >= kTailLoss)) return std::nullopt;
  const auto packets = flight_.still_flying(2 * kTailMost);
  const bool some = std::any_of(packets.begin(), packets.end(),
                                [](const Flying& each) { return !each.repeated && (each.bytes.size() > 0 || each.fin); });
  const auto fresh =
      static_cast<std::size_t>(std::count_if(packets.begin(), packets.end(), [](const Flying& each) { return !each.repeated; }));
  if (!some || fresh > kTailMost) return std::nullopt;
  const auto smooth = model_.smooth_us();
  return std::max(last_asked_ + (smooth ? std::max(*smooth / 4, kTailUsLeast) : kTailUsFirst), next_send_);
}

std::optional<DatagramStream::Datagram> DatagramStream::next_repeat(MonoUs now) {
  const auto due = repeat_due();
  if (!due || *due > now) return std::nullopt;
  for (const Flying& packet : flight_.still_flying(2 * kTailMost)) {
    if (packet.repeated) continue;
    flight_.mark_repeated(packet.number);
    if (const auto piece = out_.still_wanted(packet)) return carry_piece(*piece, std::nullopt, true, now);
  }
  return std::nullopt;
}

// --- is the line there?

std::int64_t DatagramStream::quiet_us() const { return std::clamp(4 * in_.usual_gap_us(), kQuietUs, kQuietUsMost); }

std::int64_t DatagramStream::probe_gap_us() const {
  if (stage_ == Stage::calling) return kFirstAnswerUs;
  return silent_since_ && last_probe_ - *silent_since_ > kProbeSlowAfterUs ? kProbeSlowUs : kProbeUs;
}

std::optional<MonoUs> DatagramStream::probe_due() const {
  if (flight_.full()) return std::nullopt;
  if (silent_since_) return last_probe_ + probe_gap_us();
  if (stage_ == Stage::calling && flight_.next_number() == 0 && !pass_) return begun_;
  const auto oldest = stage_ == Stage::calling ? flight_.oldest_at() : flight_.oldest_of_stream_at();
  if (oldest) return std::max({last_news_, *oldest, last_probe_}) + model_.answer_us();
  if (peer_more_ || in_.has_gaps()) return std::max(last_heard_, last_probe_) + quiet_us();
  return std::nullopt;
}

/// The first question after a silence brings the oldest bytes that are missing, which also serves a tail that was lost. While the
/// line stays silent small ones follow.
std::optional<DatagramStream::Datagram> DatagramStream::next_probe(MonoUs now) {
  const auto due = probe_due();
  if (!due || *due > now) return std::nullopt;
  const bool was_silent = silent_since_.has_value();
  const std::int64_t patience_us = flight_.flying_count() > 0 ? model_.answer_us() : quiet_us();
  if (!was_silent && flight_.next_number() > 0 && now - last_heard_ >= patience_us) silent_since_ = now;
  last_probe_ = now;
  if (!was_silent || stage_ == Stage::calling) {
    for (const Flying& packet : flight_.still_flying(2 * kTailMost)) {
      if (const auto piece = out_.still_wanted(packet)) return carry_piece(*piece, std::nullopt, packet.repeated, now);
    }
  }
  return ask(now);
}

DatagramStream::Datagram DatagramStream::ask(MonoUs now) {
  Packet packet;
  packet.asks = true;
  packet.more = unfinished();
  return send(std::move(packet), Flying{}, now);
}

/// Bytes that go out in a moment take the acknowledgement along.
std::optional<MonoUs> DatagramStream::ack_due() const {
  const auto due = in_.ack_due();
  if (!due) return due;
  const auto data = data_due();
  return data && *data - *due < kAckAlongUs ? std::max(*due, *data) : *due;
}

std::optional<DatagramStream::Datagram> DatagramStream::next_ack(MonoUs now) {
  const auto due = ack_due();
  if (!due || *due > now) return std::nullopt;
  Packet packet;
  packet.more = unfinished();
  return send(std::move(packet), Flying{}, now);
}

}  // namespace satchel::protocol
