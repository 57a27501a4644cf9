#include <algorithm>

#include "protocol/session/session.h"

/// Which bundle is next.
namespace satchel::protocol {

using core::BundleId;
using core::Lane;
using core::Result;

namespace {

/// Held originals go again when the line would carry them in three quarters of the time: a pace that wavers about the limit does
/// not open and close the lane with every frame.
constexpr std::int64_t kReleaseNumerator = 3;
constexpr std::int64_t kReleaseDenominator = 4;

bool is_original(std::size_t stream) { return stream_at(stream).lane == Lane::original; }

}  // namespace

// --- what waits

Result<void> Session::load_offers() {
  if (std::exchange(offers_stale_, false)) {
    listed_ = {};
    offers_more_ = true;
    turns_.clear();
    for (const auto& [id, offset] : resend_from_) SATCHEL_TRY(offer_again(id));
  }
  const Peer to = addressee();
  while (offers_more_ && turns_.empty()) {
    SATCHEL_TRY_ASSIGN(const std::vector<Offer> offers, setup_.shelf->waiting_for(to, peer_frontier_, peer_partials_, listed_));
    offers_more_ = offers.size() >= kOffersMax;
    for (const Offer& offer : offers) {
      listed_.note(offer);
      const Stream stream{offer.id.log.lane, !setup_.shelf->own(offer.id.log), offer.urgent};
      if (wanted(offer.id)) turns_.add(stream, {offer.id, offer.left, offer.arrival, offer.begun});
    }
  }
  return {};
}

bool Session::wanted(const BundleId& id) const {
  return !handled_.contains(id) && !peer_has_.contains(id) && !refused_logs_.contains(id.log);
}

/// The peer wants it once more: before all others of its stream.
Result<void> Session::offer_again(const BundleId& id) {
  SATCHEL_TRY_ASSIGN(const auto header, setup_.shelf->header(id));
  if (!header) return {};
  const std::uint64_t from = std::min(resend_from_[id], header->body_size());
  turns_.add(Stream::of(*header, setup_.link.self->number), {id, header->body_size() - from, 0, true});
  return {};
}

bool Session::anything_waits() const {
  for (std::size_t i = 0; i < kStreams; ++i) {
    if (originals_held_ && is_original(i)) continue;
    if (outgoing_[i] || aside_[i] || !turns_.empty(stream_at(i))) return true;
  }
  return false;
}

// --- whose turn it is

bool Session::ready(const Stream& stream) const {
  const std::size_t at = stream.index();
  return outgoing_[at] || ((aside_[at] || !turns_.empty(stream)) && unconfirmed_.size() < kUnconfirmedMax);
}

std::uint64_t Session::left_of_first(const Stream& stream) const {
  const auto& out = outgoing_[stream.index()];
  if (out && !out->passes) return out->left();
  if (const auto& aside = aside_[stream.index()]) return aside->left();
  if (const auto* first = turns_.first(stream)) return first->left;
  return out ? out->left() : 0;
}

std::optional<Stream> Session::turn_of_side(Lane lane, bool foreign) const {
  const Stream urgent{lane, foreign, true};
  const Stream ordinary{lane, foreign, false};
  if (!ready(urgent)) return ready(ordinary) ? std::optional{ordinary} : std::nullopt;
  if (!ready(ordinary)) return urgent;
  return turns_.urgent_first(lane, foreign, left_of_first(ordinary)) ? urgent : ordinary;
}

std::optional<Stream> Session::turn_in(Lane lane) const {
  const auto own = turn_of_side(lane, false);
  const auto foreign = turn_of_side(lane, true);
  if (own && foreign) return turns_.foreign_first(lane) ? foreign : own;
  return own ? own : foreign;
}

void Session::note_sent(const Stream& stream, bool passes, std::uint64_t bytes) {
  Turns::Sent sent{stream, bytes, passes, false, false, false};
  sent.ordinary_waits = ready({stream.lane, stream.foreign, false});
  sent.own_urgent = ready({stream.lane, false, true});
  sent.own_waits = sent.own_urgent || ready({stream.lane, false, false});
  turns_.note_sent(sent);
}

// --- opening it

/// Opens the next bundle of a stream that has none open, or puts the open one aside for a much smaller one.
Result<void> Session::refill(const Stream& stream) {
  auto& out = outgoing_[stream.index()];
  auto& aside = aside_[stream.index()];
  if (out && !out->passes && !aside && unconfirmed_.size() < kUnconfirmedMax) {
    const auto next = turns_.take_passing(stream, {out->header.id, out->left(), 0, true});
    if (!next) return {};
    SATCHEL_TRY_ASSIGN(auto smaller, open_next(*next));
    if (!smaller) return {};
    aside = std::exchange(out, std::move(smaller));
    aside->announced = false;
    return {};
  }
  while (!out && unconfirmed_.size() < kUnconfirmedMax) {
    std::optional<Turns::Next> next;
    if (aside) {
      next = turns_.take_passing(stream, {aside->header.id, aside->left(), 0, true});
    } else if (!turns_.empty(stream)) {
      next = turns_.take(stream);
    } else {
      return {};
    }
    if (next) {
      SATCHEL_TRY_ASSIGN(out, open_next(*next));
    } else {
      out = std::exchange(aside, std::nullopt);
      if (peer_frontier_.covers(out->header.id) || peer_has_.contains(out->header.id)) out.reset();
    }
  }
  return {};
}

/// nullopt when it is not wanted or not here any more.
Result<std::optional<Session::Outgoing>> Session::open_next(const Turns::Next& next) {
  const std::optional<Outgoing> none;
  const BundleId& id = next.bundle.id;
  const auto again = resend_from_.find(id);
  const bool first_time = again == resend_from_.end();
  if (refused_logs_.contains(id.log) || peer_frontier_.covers(id) || (first_time && !wanted(id))) return none;
  SATCHEL_TRY_ASSIGN(const auto header, setup_.shelf->header(id));
  std::uint64_t offset = 0;
  if (!first_time) {
    offset = again->second;
    resend_from_.erase(again);
  } else if (header && next.bundle.begun) {
    offset = header->body_size() - std::min(next.bundle.left, header->body_size());
  }
  if (!header) return none;
  offset = first_time ? first_offset(*header, offset) : std::min(offset, header->body_size());
  return std::optional{Outgoing{0, *header, offset, false, next.passes}};
}

// --- originals

Tally Session::originals_waiting() const {
  Tally out;
  for (std::size_t i = 0; i < kStreams; ++i) {
    if (!is_original(i)) continue;
    out.bundles += turns_.size(stream_at(i));
    for (const auto* each : {&outgoing_[i], &aside_[i]}) {
      if (!*each) continue;
      out.bundles += 1;
      out.bytes += (*each)->left();
    }
  }
  out.bytes += turns_.bytes(Lane::original);
  return out;
}

/// Whether originals go by this line, by what it has shown to carry in this meeting. What it carried at the last one says
/// nothing: it may have been another line. So the first seconds of a meeting go to originals when nothing else waits.
void Session::judge_originals() {
  const std::uint64_t rate = steady_rate_.value_or(0);
  if (!setup_.originals_within_ms || rate == 0) return;
  const std::uint64_t bytes = originals_waiting().bytes;
  const auto takes_ms = static_cast<std::int64_t>(bytes * 1'000 / rate);
  const std::int64_t most = *setup_.originals_within_ms;
  const bool held = takes_ms > (originals_held_ ? most * kReleaseNumerator / kReleaseDenominator : most);
  if (held == std::exchange(originals_held_, held) || !held) return;
  // The peer hears `done`, and would pass over what still came of them: they begin anew when their time has come.
  for (std::size_t i = 0; i < kStreams; ++i) {
    if (!is_original(i) || !outgoing_[i]) continue;
    if (aside_[i]) {
      handled_.erase(outgoing_[i]->header.id);
      offers_stale_ = true;
      outgoing_[i].reset();
    } else {
      aside_[i] = std::exchange(outgoing_[i], std::nullopt);
      aside_[i]->announced = false;
    }
  }
}

}  // namespace satchel::protocol
