#include "tests/unit/session/meeting.h"

#include <algorithm>
#include <numeric>

namespace satchel::tests {

using protocol::Session;

namespace {

std::optional<core::Member> whom(const Meeting::Options& options, const CampaignNode& answerer) {
  if (options.expected) return options.expected;
  if (options.known) return answerer.member;
  return std::nullopt;
}

}  // namespace

Meeting::Meeting(CampaignNode& caller, CampaignNode& answerer, const Options& options)
    : now(options.begin),
      options_(options),
      sides_{Side{&caller, Session::caller(caller.session_setup(), whom(options, answerer), now)},
             Side{&answerer, Session::answerer(answerer.session_setup(), now)}} {}

void Meeting::after(Side& side) {
  const protocol::SessionStats stats = side.session.stats();
  const std::uint64_t taken = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
  if (taken == side.seen || !options_.digest) return;
  side.seen = taken;
  side.node->digest();
  side.session.shelf_changed(now);
}

bool Meeting::hand_over(Side& from, Side& to, std::size_t most) {
  const core::ByteView pending = from.session.pending();
  if (pending.empty() || cut_) return false;
  std::size_t n = std::min(pending.size(), most);
  if (options_.cut_after) n = static_cast<std::size_t>(std::min<std::uint64_t>(n, *options_.cut_after - moved()));
  const core::Bytes piece = core::to_bytes(pending.first(n));
  from.bytes += n;
  from.session.sent(n, now);
  if (n > 0 && to.session.receive(piece, now)) after(to);
  if (options_.cut_after && moved() == *options_.cut_after) {
    cut_ = true;
    for (Side& side : sides_) {
      const auto ended = side.session.ended();
      static_cast<void>(ended);
    }
  }
  return true;
}

bool Meeting::step() {
  const bool there = hand_over(sides_[0], sides_[1], options_.step);
  const bool back = hand_over(sides_[1], sides_[0], options_.step);
  return there || back;
}

void Meeting::run() {
  constexpr int kFar = 10'000'000;
  for (int i = 0; step(); ++i) SATCHEL_CHECK(i < kFar);
}

void Meeting::wait_for_deadline() {
  now = std::max(now, std::min(sides_[0].session.deadline(), sides_[1].session.deadline()));
  wake_late();
}

void Meeting::wake_late() {
  for (Side& side : sides_) {
    if (side.session.deadline() > now || side.session.failure()) continue;
    const auto woken = side.session.wake(now);
    static_cast<void>(woken);
  }
}

void Meeting::run_for(std::int64_t ms, std::uint64_t bytes_per_second) {
  constexpr std::int64_t kTickMs = 20;
  const auto a_tick = static_cast<std::size_t>(bytes_per_second * static_cast<std::uint64_t>(kTickMs) / 1000);
  for (const core::MonoMs end = now + ms; now < end;) {
    now = now + kTickMs;
    for (const int from : {0, 1}) {
      Side& sender = sides_[static_cast<std::size_t>(from)];
      Side& receiver = sides_[static_cast<std::size_t>(1 - from)];
      // What the line takes in one tick may be the end of one frame and the beginning of the next.
      for (std::size_t left = a_tick; left > 0;) {
        const std::uint64_t before = sender.bytes;
        if (!hand_over(sender, receiver, left)) break;
        left -= static_cast<std::size_t>(sender.bytes - before);
      }
    }
    wake_late();
  }
}

void Meeting::shelf_changed() {
  for (Side& side : sides_) side.session.shelf_changed(now);
}

}  // namespace satchel::tests
