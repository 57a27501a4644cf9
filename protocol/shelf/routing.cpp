#include "protocol/shelf/routing.h"

#include <algorithm>

#include "core/store/keys.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Lane;
using core::LogId;
using core::NodeNumber;
using core::Result;
using core::Role;
using core::Seq;

namespace {

constexpr unsigned kHopsMask = 0x0F;

std::uint8_t behind(std::uint8_t hops) { return hops >= kHopsUnknown - 1 ? hops : static_cast<std::uint8_t>(hops + 1); }

}  // namespace

std::uint8_t encode(const Way& way) { return static_cast<std::uint8_t>((way.full << 4U) | way.hops); }
Way decode_way(std::uint8_t byte) { return {static_cast<std::uint8_t>(byte & kHopsMask), static_cast<std::uint8_t>(byte >> 4U)}; }

// --- how far we are

void Standing::met_hub() {
  hops = 1;
  direct = kDirectNews;
}

void Standing::heard_from(std::uint8_t hops_of_peer) {
  if (direct > 0) {
    --direct;
    return;
  }
  hops = behind(hops_of_peer);
}

void Standing::beside(std::uint8_t hops_of_peer) { hops = std::min(hops, behind(hops_of_peer)); }

void Standing::count_news(std::uint64_t arrivals) {
  if (++news % kNewsEpoch != 0) return;
  std::shift_right(epochs.begin(), epochs.end(), 1);
  epochs.front() = arrivals;
}

unsigned Standing::epochs_since(std::uint64_t arrival) const {
  const auto ended = std::ranges::count_if(epochs, [&](std::uint64_t at) { return at != 0 && arrival <= at; });
  return ended > 0 ? static_cast<unsigned>(ended - 1) : 0;  // the first one had begun before it came
}

Bytes encode(const Standing& standing) {
  core::ByteWriter out;
  out.u8(standing.hops).u8(standing.direct).varint(standing.meetings).varint(standing.news);
  for (const std::uint64_t at : standing.epochs) out.varint(at);
  return std::move(out).take();
}

Result<Standing> decode_standing(ByteView bytes) {
  core::ByteReader in{bytes};
  Standing out;
  out.hops = in.u8();
  out.direct = in.u8();
  out.meetings = in.varint();
  out.news = in.varint();
  for (std::uint64_t& at : out.epochs) at = in.varint();
  if (!in.done() || out.hops > kHopsUnknown) return Error{Code::kStoreDamaged, "distance to the hub"};
  return out;
}

Bytes encode(const Neighbour& neighbour) {
  core::ByteWriter out;
  out.u8(neighbour.hops).varint(neighbour.turn).varint(neighbour.gap);
  for (const std::uint64_t at : neighbour.meetings) out.varint(at);
  out.varint(neighbour.brings.size());
  for (const NodeNumber& author : neighbour.brings) out.varint(author.value);
  out.raw(core::encode(neighbour.holds));
  return std::move(out).take();
}

Result<Neighbour> decode_neighbour(ByteView bytes) {
  core::ByteReader in{bytes};
  Neighbour out;
  out.hops = in.u8();
  out.turn = in.varint();
  out.gap = in.varint();
  for (std::uint64_t& at : out.meetings) at = in.varint();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    out.brings.insert(NodeNumber{static_cast<std::uint32_t>(in.varint())});
  }
  const ByteView holds = in.rest();
  auto frontier = core::decode_frontier(holds);
  if (!in.ok() || out.hops > kHopsUnknown || !frontier) return Error{Code::kStoreDamaged, "neighbour"};
  out.holds = *std::move(frontier);
  return out;
}

// --- what is handed on

bool Handing::gives(Seq seq, std::uint64_t arrival) const {
  if (all_) return true;
  if (patient_until_ != 0 && arrival <= patient_until_) return true;
  if (!wanted_) return false;
  const auto copies = static_cast<unsigned>(std::ranges::count_if(held_, [&](Seq upto) { return upto >= seq; }));
  return copies < copies_ << standing_->epochs_since(arrival);
}

Handing Shelf::handing(const LogId& log, const Peer& peer) const {
  Handing out;
  if (log.audience != core::kToHub || peer.number == core::kHubNumber || peer.by_hand || !limits_.routed) return out;
  out.all_ = false;
  const std::size_t lane = core::lane_index(log.lane);
  if (const auto known = neighbours_.find(peer.number); known != neighbours_.end()) {
    out.patient_until_ = known->second.meetings[kPatience[lane]];
  }
  out.wanted_ = on_the_way(log, peer);
  if (!out.wanted_) return out;
  out.copies_ = own(log) ? kOwnCopies[lane] : kForeignCopies[lane];
  // A hand that is as good as another is given no second copy.
  if (standing_.hops >= kHopsUnknown && peer.role != Role::relay) out.copies_ = 1;
  out.standing_ = &standing_;
  for (const auto& [number, neighbour] : neighbours_) {
    if (number == log.author.node || number == peer.number || number == core::kHubNumber) continue;
    const Seq upto = neighbour.holds.at(log);
    if (upto.value == 0) continue;
    // Of others' bundles one copy came from somewhere behind us.
    const auto member = membership_->find(number);
    const bool relay = member && member->role == Role::relay && role_ != Role::relay;
    if (own(log) || relay || neighbour.hops < standing_.hops) out.held_.push_back(upto);
  }
  return out;
}

/// Whether `peer` is a step on the way to the hub for this log, as far as anybody can know.
bool Shelf::on_the_way(const LogId& log, const Peer& peer) const {
  const bool relay = peer.role == Role::relay;
  // An original is dear: it goes the last step, or to who is made to carry.
  if (log.lane == Lane::original && !relay && peer.way.hops > 1) return false;
  // Where nobody has heard of the hub any hand is as good as another for what is our own.
  if (standing_.hops >= kHopsUnknown && (relay || own(log))) return true;
  if (relay && role_ != Role::relay && (own(log) || standing_.hops > 1)) return true;
  if (peer.way.hops >= standing_.hops) return false;
  if (peer.way.hops <= 1) return true;
  // By how many hands a receipt came says something of a neighbour that we meet every day, and nothing of one met by chance.
  const auto known = neighbours_.find(peer.number);
  return known != neighbours_.end() && known->second.gap != 0 && known->second.gap <= kOftenMet;
}

bool Shelf::brings(NodeNumber peer, NodeNumber author) const {
  const auto known = neighbours_.find(peer);
  return known != neighbours_.end() && known->second.brings.contains(author);
}

// --- what a meeting teaches

Way Shelf::way() const {
  if (role_ == Role::hub) return {0, 0};
  return {standing_.hops, full_lanes()};
}

Way Shelf::last_way_of(NodeNumber node) const {
  const auto known = neighbours_.find(node);
  return known == neighbours_.end() ? Way{} : Way{known->second.hops, 0};
}

Result<void> Shelf::set_standing(const Standing& next) {
  if (next == standing_ || role_ == Role::hub) return {};
  core::WriteBatch batch;
  batch.put(standing_key(), encode(next));
  SATCHEL_TRY(commit(batch, core::Durability::later));
  standing_ = next;
  return {};
}

Result<void> Shelf::met(const Peer& peer, bool same_receipt, core::MonoMs now) {
  Standing next = standing_;
  // A line that breaks every minute is one meeting.
  const auto last = met_at_.find(peer.number);
  const bool anew = last == met_at_.end() || now - last->second >= kMeetingApartMs;
  if (anew) ++next.meetings;
  if (peer.number == core::kHubNumber) {
    next.met_hub();
    SATCHEL_TRY(set_standing(next));
    met_at_[peer.number] = now;
    return {};
  }
  if (same_receipt) next.beside(peer.way.hops);
  SATCHEL_TRY(set_standing(next));
  Neighbour& neighbour = neighbours_[peer.number];
  neighbour.hops = peer.way.hops;
  if (!anew) return keep_neighbour(peer.number);
  met_at_[peer.number] = now;
  neighbour.gap = neighbour.turn == 0 ? 0 : standing_.meetings - neighbour.turn;
  neighbour.turn = standing_.meetings;
  std::shift_right(neighbour.meetings.begin(), neighbour.meetings.end(), 1);
  neighbour.meetings.front() = arrivals_;
  return keep_neighbour(peer.number);
}

Result<void> Shelf::heard_from(const Peer& peer) {
  Standing next = standing_;
  if (peer.number == core::kHubNumber) {
    next.met_hub();
  } else {
    next.heard_from(peer.way.hops);
  }
  return set_standing(next);
}

void Shelf::forget_holds(NodeNumber peer) {
  if (const auto known = neighbours_.find(peer); known != neighbours_.end()) known->second.holds = {};
}

void Shelf::note_holds(NodeNumber peer, const core::Frontier& told) {
  if (role_ == Role::hub || peer == core::kHubNumber) return;
  core::Frontier& holds = neighbours_[peer].holds;
  // Of what does not lie here nobody asks us; so a liar cannot fill our memory.
  for (const auto& [log, summary] : logs_) {
    if (log.audience != core::kToHub || summary.held_bundles == 0) continue;
    if (const Seq upto = told.at(log); upto > covered(log)) holds.raise(log, upto);
  }
}

void Shelf::note_handed(NodeNumber peer, const core::BundleId& id) {
  if (role_ == Role::hub || peer == core::kHubNumber || id.log.audience != core::kToHub) return;
  neighbours_[peer].holds.raise(id.log, id.seq);
}

void Shelf::note_brought(NodeNumber peer, NodeNumber author) {
  if (peer == author || peer == core::kHubNumber || author == core::kHubNumber || author == self_) return;
  auto& brings = neighbours_[peer].brings;
  if (brings.size() < kBringsMax) brings.insert(author);
}

Result<void> Shelf::keep_neighbour(NodeNumber peer) {
  const auto known = neighbours_.find(peer);
  if (known == neighbours_.end()) return {};
  Bytes row = encode(known->second);
  auto& kept = kept_neighbours_[peer];
  if (row == kept) return {};
  core::WriteBatch batch;
  batch.put(neighbour_key(peer), row);
  SATCHEL_TRY(commit(batch, core::Durability::later));
  kept = std::move(row);
  return {};
}

Result<void> Shelf::load_routing() {
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(standing_key()));
  if (bytes) {
    SATCHEL_TRY_ASSIGN(standing_, decode_standing(*bytes));
  }
  bool whole = true;
  SATCHEL_TRY(store_->scan(Bytes{static_cast<std::uint8_t>(core::keys::kNeighbour)}, {}, [&](ByteView key, ByteView value) {
    core::ByteReader in{key.subspan(1)};
    const NodeNumber node{in.u32_be()};
    auto neighbour = decode_neighbour(value);
    whole = in.done() && neighbour;
    if (whole) {
      neighbours_[node] = *std::move(neighbour);
      kept_neighbours_[node] = core::to_bytes(value);
    }
    return whole;
  }));
  if (!whole) return Error{Code::kStoreDamaged, "neighbour"};
  return {};
}

}  // namespace satchel::protocol
