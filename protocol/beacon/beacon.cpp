#include "protocol/beacon/beacon.h"

#include <algorithm>

#include "protocol/beacon/limits.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::MonoMs;
using core::Nonce24;

namespace {

std::array<std::uint8_t, kBeaconEchoSize> echo_of(const Nonce24& nonce) {
  std::array<std::uint8_t, kBeaconEchoSize> out{};
  std::copy_n(nonce.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

Beacon::Beacon(const Setup& setup, MonoMs now)
    : campaign_(setup.campaign),
      key_(beacon_key(setup.group_key)),
      self_(setup.self),
      port_(setup.port),
      rng_(setup.rng),
      replies_milli_(kBeaconRepliesAtOnce * 1000),
      replies_at_(now) {
  network_changed(now);
}

std::int64_t Beacon::jittered(std::int64_t ms) {
  const std::int64_t most = ms * kBeaconJitterPercent / 100;
  return ms - most + static_cast<std::int64_t>(rng_->u64() % static_cast<std::uint64_t>(2 * most + 1));
}

void Beacon::network_changed(MonoMs now) {
  quick_ = 0;
  next_call_ = now + jittered(kBeaconQuickMs[quick_++]);
}

std::optional<Bytes> Beacon::wake(MonoMs now) {
  if (now < next_call_) return std::nullopt;
  const std::int64_t gap = quick_ < kBeaconQuickMs.size() ? kBeaconQuickMs[quick_++] : kBeaconSteadyMs;
  next_call_ = now + jittered(gap);
  return call(now);
}

Nonce24 Beacon::fresh_nonce() {
  Nonce24 nonce{};
  // An echo of zeros is no echo; that it comes out of the generator happens once in 2^128.
  do rng_->fill(nonce);
  while (echo_of(nonce) == Echo{});
  return nonce;
}

Bytes Beacon::seal(const BeaconWord& word, const Nonce24& nonce) const {
  return encode_beacon(word, key_.view(), campaign_, nonce);
}

Bytes Beacon::call(MonoMs now) {
  const Nonce24 nonce = fresh_nonce();
  asked_.push_back({echo_of(nonce), now});
  if (asked_.size() > kBeaconCallsKept) asked_.pop_front();
  return seal({BeaconKind::call, self_, port_, {}}, nonce);
}

std::optional<Beacon::Heard> Beacon::receive(ByteView datagram, MonoMs now) {
  const auto opened = open_beacon(datagram, key_.view(), campaign_);
  if (!opened || opened->word.node == self_) return std::nullopt;
  const BeaconWord& word = opened->word;
  Heard heard{word.node, word.port, word.kind == BeaconKind::answer, opened->nonce};
  if (heard.proven) {
    const bool fresh = std::ranges::any_of(
        asked_, [&](const Asked& asked) { return asked.echo == word.echo && now - asked.at <= kBeaconAnswerMs; });
    return fresh ? std::optional{heard} : std::nullopt;
  }
  const Echo mark = echo_of(opened->nonce);
  if (!heard_set_.insert(mark).second) return std::nullopt;  // by another interface, or played again
  heard_.push_back(mark);
  if (heard_.size() > kBeaconHeardKept) {
    heard_set_.erase(heard_.front());
    heard_.pop_front();
  }
  return heard;
}

bool Beacon::may_reply(MonoMs now) {
  const std::int64_t since_ms = std::max<std::int64_t>(0, now - replies_at_);
  replies_at_ = now;
  replies_milli_ = std::min(kBeaconRepliesAtOnce * 1000, replies_milli_ + since_ms * kBeaconRepliesPerSecond);
  if (replies_milli_ < 1000) return false;
  replies_milli_ -= 1000;
  return true;
}

std::optional<Bytes> Beacon::answer(const Heard& call, MonoMs now) {
  if (!may_reply(now)) return std::nullopt;
  return seal({BeaconKind::answer, self_, port_, echo_of(call.nonce)}, fresh_nonce());
}

std::optional<Bytes> Beacon::ask(MonoMs now) {
  if (!may_reply(now)) return std::nullopt;
  return call(now);
}

}  // namespace satchel::protocol
