#include <algorithm>
#include <utility>

#include "protocol/session/session.h"

/// What the peer answers to the bundles that we sent.
namespace satchel::protocol {

using core::BundleId;
using core::Code;
using core::Error;
using core::Result;

Result<void> Session::on_answer(const Answer& said) {
  if (said.ref >= next_ref_) return Error{Code::kMalformed, "an answer to nothing"};
  if (said.kind == MessageKind::accept) return on_accept(said);
  if (said.kind == MessageKind::back) return on_back(said);
  if (said.kind == MessageKind::previous) return on_previous(said);
  const auto id = close_reference(said.ref);
  if (!id) return {};
  if (said.kind == MessageKind::skip) {
    peer_has(*id);
    return {};
  }
  note_refused(*id, said.code, true);
  // Only the hub's word counts: any other could make us change lives as often as it likes.
  if (said.code == Code::kEquivocation && setup_.shelf->own(id->log) && peer()->role == core::Role::hub) {
    SATCHEL_TRY(setup_.shelf->note_beyond(*id));
  }
  // A copy that is damaged here says nothing of the next one; whatever else is refused holds for the whole log.
  if (said.code != Code::kHashBad) refused_logs_.insert(id->log);
  // A full disk gets room, an unknown author is introduced: a meeting that stays open for weeks must not wait for its own end.
  if (said.code == Code::kQuota || said.code == Code::kDiskFull || said.code == Code::kPeerNotEnrolled) refuse_for_now(id->log);
  return {};
}

void Session::refuse_for_now(const core::LogId& log) {
  refused_for_now_.insert(log);
  if (ask_again_) return;
  ask_again_ = now_ + ask_again_ms_;
  ask_again_ms_ = std::min(2 * ask_again_ms_, kAskAgainMostMs);
}

void Session::offer_refused_again() {
  ask_again_.reset();
  for (const core::LogId& log : std::exchange(refused_for_now_, {})) {
    refused_logs_.erase(log);
    std::erase_if(handled_, [&](const BundleId& id) { return id.log == log; });
  }
  // What is on its way or waits for an answer is not said twice.
  for (const auto& [ref, id] : unconfirmed_) handled_.insert(id);
  for (const auto* streams : {&outgoing_, &aside_}) {
    for (const auto& out : *streams) {
      if (out) handled_.insert(out->header.id);
    }
  }
  offers_stale_ = true;
}

Result<void> Session::on_accept(const Answer& said) {
  for (auto& out : outgoing_) {
    if (!out || !out->announced || out->ref != said.ref) continue;
    if (said.offset > out->header.body_size()) return Error{Code::kMalformed, "an offset beyond the end of the body"};
    if (said.offset > out->offset) out->offset = said.offset;
    if (out->offset == out->header.body_size()) {
      unconfirmed_.emplace(out->ref, out->header.id);
      out.reset();
    }
    return {};
  }
  return {};
}

Result<void> Session::on_back(const Answer& said) {
  for (auto& out : outgoing_) {
    if (!out || !out->announced || out->ref != said.ref) continue;
    if (said.offset > out->offset) return Error{Code::kMalformed, "an offset that was not sent yet"};
    out->offset = said.offset;
    return {};
  }
  const auto id = close_reference(said.ref);
  if (!id) return {};
  if (++resent_[*id] > kDamagedMost + 1) {
    note_refused(*id, Code::kHashBad, false);
    return {};
  }
  resend_from_[*id] = said.offset;
  return offer_again(*id);
}

Result<void> Session::on_previous(const Answer& said) {
  const auto id = close_reference(said.ref);
  if (!id) return {};
  if (!with_previous_.insert(*id).second) {
    note_refused(*id, Code::kSignatureBad, true);
    return {};
  }
  resend_from_.try_emplace(*id, 0);
  return offer_again(*id);
}

Result<void> Session::on_stored(const Stored& stored) {
  core::Frontier direct;
  for (const std::uint64_t ref : stored.refs) {
    if (ref >= next_ref_) return Error{Code::kMalformed, "a confirmation of nothing"};
    const auto id = close_reference(ref);
    if (!id) continue;
    stats_.bundles_sent[core::lane_index(id->log.lane)] += 1;
    // The hub's receipt on it is still to come, and then it is done anew.
    if (peer()->role == core::Role::hub && id->log.audience == core::kToHub) peer_done_ = false;
    peer_has(*id);
    raise_over_gaps(heard_, heard_beyond_, *id);
    // Neighbours are known by how far they hold a log: what lies beyond a gap there does not count yet.
    if (const core::Seq reach = peer_frontier_.at(id->log); reach.value > 0)
      setup_.shelf->note_handed(peer()->number, {id->log, reach});
    direct.raise(id->log, peer_frontier_.at(id->log));
  }
  return note_direct(direct);
}

/// The bundle of that reference is out of our hands; nullopt when it was already.
std::optional<BundleId> Session::close_reference(std::uint64_t ref) {
  for (auto& out : outgoing_) {
    if (!out || !out->announced || out->ref != ref) continue;
    const BundleId id = out->header.id;
    out.reset();
    return id;
  }
  const auto found = unconfirmed_.find(ref);
  if (found == unconfirmed_.end()) return std::nullopt;
  const BundleId id = found->second;
  unconfirmed_.erase(found);
  return id;
}

void Session::peer_has(const BundleId& id) {
  peer_has_.insert(id);
  // What the frontier covers need not be remembered one by one.
  for (BundleId next = id; next.seq.value == peer_frontier_.at(next.log).value + 1 && peer_has_.erase(next) > 0;) {
    peer_frontier_.raise(next.log, next.seq);
    handled_.erase(next);
    ++next.seq.value;
  }
}

void Session::note_refused(const BundleId& id, Code code, bool by_peer) {
  stats_.refused += 1;
  if (stats_.refused_list.size() < kRefusedListed) stats_.refused_list.push_back({id, code, by_peer});
}

}  // namespace satchel::protocol
