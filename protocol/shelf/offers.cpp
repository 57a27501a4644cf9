#include <algorithm>

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
  if (for_us(log) && log.audience != core::kEveryone) return false;  // it has arrived where it should
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

Result<void> Shelf::list_log(const LogId& log, Seq after, const Handing& handing, const std::set<BundleId>& listed,
                             std::vector<BundleId>& out) const {
  if (log_row(log).highest <= after) return {};
  const bool revoked = !own(log) && membership_->revoked(log.author.node);
  const auto visit = [&](ByteView key, ByteView value) {
    const auto id = keys::parse_at(key);
    if (id && revoked && !membership_->trusted(*id)) return false;  // nothing above it is trusted either
    // What comes behind it would lie beyond a gap there.
    if (id && !handing.gives(id->seq, arrival_of(value))) return false;
    if (id && !body_dropped(value) && !listed.contains(*id)) out.push_back(*id);
    return out.size() < kOffersMax;
  };
  return store_->scan(keys::log(keys::kHeader, log), keys::at(keys::kHeader, log, Seq{after.value + 1}), visit);
}

Result<std::vector<BundleId>> Shelf::offers_for(const Peer& peer, const core::Frontier& peer_frontier,
                                                std::span<const Partial> peer_partials) const {
  const auto after = [&](const LogId& log) { return std::max(peer_frontier.at(log), settled(log, peer)); };
  std::vector<BundleId> out;
  for (const core::Lane lane : core::kLanes) {
    std::set<BundleId> listed;
    for (const Partial& partial : peer_partials) {
      const LogId& log = partial.id.log;
      if (log.lane != lane || out.size() >= kOffersMax || !sendable(log, peer) || after(log) >= partial.id.seq) continue;
      SATCHEL_TRY_ASSIGN(const auto there, row(partial.id));
      if (there && !there->body_dropped && listed.insert(partial.id).second) out.push_back(partial.id);
    }
    for (const bool own_first : {true, false}) {
      for (const auto& [log, log_summary] : logs_) {
        if (out.size() >= kOffersMax) return out;
        if (log.lane != lane || own(log) != own_first || !sendable(log, peer)) continue;
        SATCHEL_TRY(list_log(log, after(log), handing(log, peer), listed, out));
      }
    }
  }
  return out;
}

Result<std::vector<BundleId>> Shelf::all_offers_for(const Peer& peer) const {
  std::vector<BundleId> out;
  core::Frontier seen;
  Peer hand = peer;
  hand.by_hand = true;
  while (true) {
    SATCHEL_TRY_ASSIGN(const std::vector<BundleId> page, offers_for(hand, seen, {}));
    if (page.empty()) break;
    for (const BundleId& id : page) seen.raise(id.log, id.seq);
    out.insert(out.end(), page.begin(), page.end());
  }
  std::ranges::stable_sort(out, {}, [](const BundleId& id) { return id.log.lane; });  // each page begins anew with the first lane
  return out;
}

}  // namespace satchel::protocol
