#include <algorithm>
#include <tuple>

#include "core/store/keys.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::ByteView;
using core::kHubNumber;
using core::LogId;
using core::Result;
using core::Seq;

bool Shelf::sendable(const LogId& log, const Peer& peer) const {
  if (log.author.node == peer.number) return false;
  if (own(log) && forsaken(log.author.incarnation)) return false;
  if (for_us_alone(log)) return false;
  const bool for_peer = log.audience == core::kEveryone || log.audience.value == peer.number.value;
  if (for_peer) return true;
  if (!peer.carries || peer.number == kHubNumber) return false;
  if (!peer.way.takes(log.lane)) return false;
  // News for one node would fill every site's line if all carried it; a relay's it is for, and who brought us something from that
  // node will meet it again.
  return log.audience == core::kToHub || peer.role == core::Role::relay ||
         brings(peer.number, core::NodeNumber{log.audience.value});
}

Seq Shelf::settled(const LogId& log, const Peer& peer) const {
  // The addressee's own frontier is the truth: a node that was restored from a backup gets again what it lost.
  return log.audience.value == peer.number.value ? Seq{} : covered(log);
}

void Listed::note(const Offer& offer) {
  if (offer.begun) return;
  (offer.urgent ? urgent : all).raise(offer.id.log, offer.id.seq);
}

/// What a row of a complete bundle says to those who send it; nullopt when its body is not here any more.
Result<std::optional<Offer>> Shelf::offer_from(const BundleId& id, ByteView header_row) {
  if (body_dropped(header_row)) return std::optional<Offer>{};
  SATCHEL_TRY_ASSIGN(const HeaderRow stored, decode_header_row(header_row));
  const auto front = peek_header(stored.header);
  if (!front) return core::Error{core::Code::kStoreDamaged, "header of a bundle"};
  return std::optional{Offer{id, front->urgent, false, front->body_size, stored.arrival}};
}

/// The rest of a log, by seq. In one log nothing counts as older than what stands before it.
Result<void> Shelf::list_log(const LogId& log, Seq after, const Handing& handing, const std::set<BundleId>& listed,
                             std::vector<Offer>& out) const {
  if (log_row(log).highest <= after) return {};
  const bool revoked = !own(log) && membership_->revoked(log.author.node);
  std::optional<core::Error> fault;
  std::uint64_t oldest = 0;
  const auto visit = [&](ByteView key, ByteView value) {
    const auto id = keys::parse_at(key);
    if (id && revoked && !membership_->trusted(*id)) return false;  // nothing above it is trusted either
    // What comes behind it would lie beyond a gap there.
    if (id && !handing.gives(id->seq, arrival_of(value))) return false;
    if (!id || listed.contains(*id)) return true;
    auto offer = offer_from(*id, value);
    if (!offer) fault = offer.error();
    if (offer && *offer && !(*offer)->urgent) {
      oldest = (*offer)->arrival = std::max(oldest, (*offer)->arrival);
      out.push_back(**offer);
    }
    return !fault && out.size() < kOffersMax;
  };
  SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), keys::at(keys::kHeader, log, Seq{after.value + 1}), visit));
  if (fault) return *fault;
  return {};
}

/// The urgent ones of a log, found by rows of their own: they go first however many lie before them.
Result<void> Shelf::list_urgent(const LogId& log, Seq after, const Handing& handing, const std::set<BundleId>& listed,
                                std::vector<Offer>& out) const {
  if (log_row(log).highest <= after) return {};
  const bool revoked = !own(log) && membership_->revoked(log.author.node);
  std::vector<BundleId> found;
  const auto visit = [&](ByteView key, ByteView) {
    const auto id = keys::parse_at(key);
    if (id && revoked && !membership_->trusted(*id)) return false;
    if (id && !listed.contains(*id)) found.push_back(*id);
    return out.size() + found.size() < kOffersMax;
  };
  SATCHEL_TRY(store_->scan(keys::log(keys::kUrgent, log), keys::at(keys::kUrgent, log, Seq{after.value + 1}), visit));
  std::uint64_t oldest = 0;
  for (const BundleId& id : found) {
    SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(keys::bundle(keys::kHeader, id)));
    if (!bytes || !handing.gives(id.seq, arrival_of(*bytes))) continue;
    SATCHEL_TRY_ASSIGN(auto offer, offer_from(id, *bytes));
    if (!offer) continue;
    oldest = offer->arrival = std::max(oldest, offer->arrival);
    out.push_back(*offer);
  }
  return {};
}

Result<void> Shelf::list_begun(std::span<const Partial> partials, core::Lane lane, const Peer& peer,
                               const core::Frontier& peer_frontier, std::set<BundleId>& listed, std::vector<Offer>& out) const {
  for (const Partial& partial : partials) {
    const LogId& log = partial.id.log;
    if (log.lane != lane || out.size() >= kOffersMax || !sendable(log, peer)) continue;
    if (std::max(peer_frontier.at(log), settled(log, peer)) >= partial.id.seq || listed.contains(partial.id)) continue;
    SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(keys::bundle(keys::kHeader, partial.id)));
    if (!bytes) continue;
    SATCHEL_TRY_ASSIGN(auto offer, offer_from(partial.id, *bytes));
    if (!offer) continue;
    offer->begun = true;
    offer->left -= std::min(offer->left, partial.offset);
    listed.insert(partial.id);
    out.push_back(*offer);
  }
  return {};
}

Result<std::vector<Offer>> Shelf::waiting_for(const Peer& peer, const core::Frontier& peer_frontier,
                                              std::span<const Partial> peer_partials, const Listed& before) const {
  // A hub has thousands of logs, and nearly all of them hold nothing for a peer: they are passed over once and not once a lane.
  struct Candidate {
    LogId log;
    Seq after;
    bool own;
  };
  std::vector<Candidate> candidates;
  for (const auto& [log, log_summary] : logs_) {
    if (!sendable(log, peer)) continue;
    const Seq after = std::max(peer_frontier.at(log), settled(log, peer));
    if (log_summary.highest > after) candidates.push_back({log, after, own(log)});
  }
  std::vector<Offer> out;
  for (const core::Lane lane : core::kLanes) {
    std::set<BundleId> listed;
    SATCHEL_TRY(list_begun(peer_partials, lane, peer, peer_frontier, listed, out));
    for (const bool urgent : {true, false}) {
      const core::Frontier& asked = urgent ? before.urgent : before.all;
      for (const bool own_first : {true, false}) {
        for (const Candidate& each : candidates) {
          if (out.size() >= kOffersMax) return out;
          if (each.log.lane != lane || each.own != own_first) continue;
          const Seq after = std::max(each.after, asked.at(each.log));
          const Handing given = handing(each.log, peer);
          SATCHEL_TRY(urgent ? list_urgent(each.log, after, given, listed, out) : list_log(each.log, after, given, listed, out));
        }
      }
    }
  }
  return out;
}

namespace {

std::vector<BundleId> ids_of(std::vector<Offer> offers) {
  const auto rank = [](const Offer& offer) { return std::tuple{offer.id.log.lane, !offer.urgent}; };
  std::ranges::stable_sort(offers, {}, rank);
  std::vector<BundleId> out;
  out.reserve(offers.size());
  for (const Offer& offer : offers) out.push_back(offer.id);
  return out;
}

}  // namespace

Result<std::vector<BundleId>> Shelf::offers_for(const Peer& peer, const core::Frontier& peer_frontier,
                                                std::span<const Partial> peer_partials) const {
  SATCHEL_TRY_ASSIGN(std::vector<Offer> offers, waiting_for(peer, peer_frontier, peer_partials, {}));
  return ids_of(std::move(offers));
}

Result<std::vector<BundleId>> Shelf::all_offers_for(const Peer& peer) const {
  std::vector<Offer> out;
  Listed seen;
  Peer hand = peer;
  hand.by_hand = true;
  while (true) {
    SATCHEL_TRY_ASSIGN(const std::vector<Offer> page, waiting_for(hand, {}, {}, seen));
    if (page.empty()) break;
    for (const Offer& offer : page) seen.note(offer);
    out.insert(out.end(), page.begin(), page.end());
  }
  return ids_of(std::move(out));  // each page begins anew with the first lane
}

}  // namespace satchel::protocol
