#include "protocol/datagram/stream.h"

#include <algorithm>

/// What comes in, and what it changes. What goes out: sending.cpp.
namespace satchel::protocol {

using core::Code;
using core::Error;
using core::MonoUs;

DatagramStream::DatagramStream(ConnectionId id, bool calls, const NetworkPlace& peer, std::optional<LineModel::Memory> memory,
                               MonoUs now)
    : id_(id),
      calls_(calls),
      stage_(calls ? Stage::calling : Stage::open),
      peer_(peer),
      model_(memory),
      begun_(now),
      next_send_(now),
      last_heard_(now),
      last_news_(now),
      last_asked_(now),
      last_probe_(now) {}

DatagramStream DatagramStream::caller(ConnectionId id, const NetworkPlace& to, std::optional<Pass> pass,
                                      std::optional<LineModel::Memory> memory, MonoUs now) {
  DatagramStream stream{id, true, to, memory, now};
  stream.pass_ = pass;
  return stream;
}

DatagramStream DatagramStream::answerer(ConnectionId id, const NetworkPlace& from, core::Rng& rng, MonoUs now) {
  DatagramStream stream{id, false, from, std::nullopt, now};
  stream.rng_ = &rng;
  return stream;
}

void DatagramStream::receive(const Packet& packet, const NetworkPlace& from, MonoUs now) {
  if (stage_ == Stage::broken || stage_ == Stage::over || packet.by_answerer != calls_) return;
  switch (packet.kind) {
    case PacketKind::open:
    case PacketKind::carry: on_numbered(packet, from, now); break;
    case PacketKind::pass: on_pass(packet.pass, now); break;
    case PacketKind::gone: on_gone(); break;
    case PacketKind::challenge: on_challenge(packet); break;
    case PacketKind::response: on_response(packet, from); break;
  }
  settle();
}

void DatagramStream::on_numbered(const Packet& packet, const NetworkPlace& from, MonoUs now) {
  if (stage_ == Stage::calling) {
    stage_ = Stage::open;
    model_.resumed(flight_.next_number(), 0, now);
  }
  const bool newest_before = in_.any();
  const std::uint64_t before = newest_before ? in_.newest() : 0;
  const auto fresh = in_.take(packet, now);
  if (!fresh) return break_off(fresh.error());
  // An acknowledgement may be told twice; it is true all the same.
  const bool news = packet.ack && on_ack(*packet.ack, now);
  if (!*fresh) return;
  heard(news, now);
  if (newest_before && in_.newest() == before) return;  // overtaken: what it says of its sender is old
  peer_more_ = packet.more;
  if (from != peer_ && !calls_) check_path(from, now);
}

bool DatagramStream::on_ack(const Ack& ack, MonoUs now) {
  auto news = flight_.acknowledged(ack, model_.overdue_us(), now);
  if (!news) return false;  // of what we never sent
  const std::uint64_t whole = expand(ack.whole, 24, out_.kept_from());
  if (whole > out_.sent_to()) return false;
  for (const Flying& packet : news->arrived) {
    out_.arrived(packet);
    model_.acked(packet.number, packet.wire, packet.lower, now);
  }
  out_.whole_to(whole);
  if (!news->arrived.empty()) last_news_ = now;
  // What was sent before a silence tells how long the silence was, not how long the way is: the peer was busy, or its answer
  // was kept somewhere. What went after it is on its way, too, unless later ones have overtaken it.
  late_ = silent_since_ && news->newest && news->newest->sent_at <= *silent_since_;
  if (news->newest && !late_) {
    model_.round_trip(now - news->newest->sent_at - std::int64_t{ack.waited} * 250, news->newest->wire, now);
  }
  note_lost(news->lost, false);
  model_.settle(flight_.next_number(), now);
  return !news->arrived.empty();
}

void DatagramStream::note_lost(const std::vector<Flying>& packets, bool by_line) {
  for (const Flying& packet : packets) {
    out_.lost(packet);
    // What an absent line lost says nothing about chance.
    if (!by_line && !silent_since_ && packet.bytes.size() > 0) model_.lost(packet.lower);
  }
}

/// The peer's word that reaches us is a sign that ours reaches the peer, too. Where that proves wrong (a line that is away in one
/// direction) only the peer's having heard us counts.
void DatagramStream::heard(bool news, MonoUs now) {
  const bool resumes = silent_since_ && (news || trusting_ || flight_.flying_count() == 0);
  if (news) trusting_ = true;
  if (resumes) {
    if (!news) trusting_ = false;
    if (!(news && late_)) note_lost(flight_.lose_until(*silent_since_), true);
    away_us_ += now - *silent_since_;
    model_.resumed(flight_.next_number(), now - *silent_since_, now);
    silent_since_.reset();
    next_send_ = now;
  }
  last_heard_ = now;
}

void DatagramStream::on_pass(const Pass& pass, MonoUs now) {
  if (stage_ != Stage::calling || passes_ >= kPassesMost || pass_ == pass) return;
  ++passes_;
  pass_ = pass;
  note_lost(flight_.lose_until(now), true);
  heard(true, now);
  next_send_ = now;
}

/// After our own end this is the peer's way of saying that it has heard it.
void DatagramStream::on_gone() {
  if (finishing_ && in_.finished()) {
    stage_ = Stage::over;
  } else {
    break_off(Error{Code::kLinkBroken, {}});
  }
}

// --- another address

void DatagramStream::check_path(const NetworkPlace& from, MonoUs now) {
  if (new_place_ && *new_place_ == from && now - challenged_at_ < kProbeUs) return;
  if (now - challenged_at_ < kPathCheckUs) return;
  new_place_ = from;
  challenge_ = rng_->u64();
  challenge_due_ = true;
  challenged_at_ = now;
}

void DatagramStream::on_challenge(const Packet& packet) {
  if (calls_) response_due_ = packet.token;
}

void DatagramStream::on_response(const Packet& packet, const NetworkPlace& from) {
  if (calls_ || !new_place_ || from != *new_place_ || packet.token != challenge_) return;
  peer_ = from;
  new_place_.reset();
}

// --- the end

void DatagramStream::break_off(Error error) {
  if (stage_ == Stage::broken || stage_ == Stage::over) return;
  stage_ = Stage::broken;
  failure_ = std::move(error);
}

void DatagramStream::settle() {
  if (stage_ == Stage::open && finishing_ && out_.all_arrived() && in_.finished() && !in_.ack_due()) stage_ = Stage::over;
}

void DatagramStream::write(core::ByteView bytes) {
  SATCHEL_CHECK(bytes.size() <= room());
  out_.write(bytes);
}

void DatagramStream::finish() {
  finishing_ = true;
  out_.finish();
}

void DatagramStream::abandon() {
  if (stage_ == Stage::broken || stage_ == Stage::over) return;
  last_word_ = true;
  break_off(Error{Code::kLinkBroken, {}});
}

std::int64_t DatagramStream::away_us(MonoUs now) const { return away_us_ + (silent_since_ ? now - *silent_since_ : 0); }

}  // namespace satchel::protocol
