#include "node/peers.h"

#include <algorithm>

namespace satchel::node {

using core::MonoMs;
using core::NodeNumber;

namespace {

/// Nodes of which we remember anything: more than stand in one room. Only members can make us remember one.
constexpr std::size_t kKnownMost = 256;
/// Addresses of one node: by cable and by radio, in both versions of IP.
constexpr std::size_t kPlacesMost = 8;
/// The lower number dials. If it has not after this long, its way may be blocked, and the other one tries: a steady beacon came
/// by in the meantime.
constexpr std::int64_t kPatienceMs = 40'000;
/// After a meeting that ended by itself; after a try that failed, doubled each time.
constexpr std::int64_t kAfterMeetingMs = 3'000;
constexpr std::int64_t kAfterFailureMs = 5'000;
constexpr std::int64_t kLongestMs = 600'000;
constexpr std::int64_t kJitterPercent = 25;

}  // namespace

std::int64_t Peers::jittered(std::int64_t ms) {
  const std::int64_t most = ms * kJitterPercent / 100;
  return ms - most + static_cast<std::int64_t>(rng_->u64() % static_cast<std::uint64_t>(2 * most + 1));
}

Peers::Known& Peers::known(NodeNumber node, MonoMs now) {
  if (const auto found = known_.find(node); found != known_.end()) return found->second;
  if (known_.size() >= kKnownMost) {
    auto oldest = known_.end();
    for (auto at = known_.begin(); at != known_.end(); ++at) {
      if (dialled_.contains(at->first)) continue;
      if (oldest == known_.end() || at->second.first_heard < oldest->second.first_heard) oldest = at;
    }
    if (oldest != known_.end()) known_.erase(oldest);
  }
  Known fresh;
  fresh.first_heard = now;
  return known_.insert_or_assign(node, std::move(fresh)).first->second;
}

bool Peers::would_dial(const Heard& heard, MonoMs now) {
  Known& about = known(heard.node, now);
  if (heard.linked) {
    about.first_heard = now;  // patience begins when the link is gone
    return false;
  }
  if (heard.port == 0 || dialled_.contains(heard.node)) return false;
  if (dialled_.size() >= kFoundLinksMost && heard.node != core::kHubNumber) return false;
  const auto place = about.places.find(heard.host);
  if (place != about.places.end() && now < place->second.not_before) return false;
  return port_ == 0 || self_ < heard.node || now - about.first_heard >= kPatienceMs;
}

Peers::Reply Peers::on_call(const Heard& heard, MonoMs now) {
  if (heard.node == self_) return Reply::nothing;
  if (would_dial(heard, now)) return Reply::ask;
  return heard.linked || port_ == 0 ? Reply::nothing : Reply::answer;
}

bool Peers::on_proof(const Heard& heard, MonoMs now) {
  if (heard.node == self_ || !would_dial(heard, now)) return false;
  dialled_.insert(heard.node);
  return true;
}

void Peers::dialled_out(NodeNumber node, const std::string& host, bool met, MonoMs now) {
  dialled_.erase(node);
  Known& about = known(node, now);
  about.first_heard = now;
  about.doubled_since.reset();
  if (about.places.size() >= kPlacesMost && !about.places.contains(host)) {
    about.places.erase(std::ranges::min_element(about.places, {}, [](const auto& entry) { return entry.second.not_before; }));
  }
  Place& place = about.places[host];
  place.failures = met ? 0 : std::min(place.failures + 1, 16);
  const std::int64_t pause = met ? kAfterMeetingMs : std::min(kLongestMs, kAfterFailureMs << (place.failures - 1));
  place.not_before = now + jittered(pause);
}

bool Peers::spare(NodeNumber node, bool other_is_ours, MonoMs now) {
  Known& about = known(node, now);
  // One that a person typed stays; of two that both sides found, the one that the higher number dialled goes.
  if (other_is_ours || self_ > node) return true;
  // The other side keeps its own, since somebody typed our address there: then ours goes, later.
  if (!about.doubled_since) about.doubled_since = now;
  return now - *about.doubled_since >= kPatienceMs;
}

}  // namespace satchel::node
