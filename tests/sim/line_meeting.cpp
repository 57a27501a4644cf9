#include "tests/sim/line_meeting.h"

#include <algorithm>
#include <numeric>

namespace satchel::tests {

using protocol::Session;

namespace {

constexpr std::int64_t kTickMs = 5;

Session call(CampaignNode& from, CampaignNode& to, core::MonoMs now, const std::function<void(protocol::SessionSetup&)>& adjust) {
  protocol::SessionSetup setup = from.session_setup();
  adjust(setup);
  return Session::caller(std::move(setup), to.member, now);
}

}  // namespace

LineMeeting::LineMeeting(CampaignNode& caller, CampaignNode& answerer, const LineWay& both, const LineTurns& turns,
                         const std::function<void(protocol::SessionSetup&)>& adjust)
    : turns_(turns),
      begun_(now),
      sides_{Side{&caller, call(caller, answerer, now, adjust)},
             Side{&answerer, Session::answerer(answerer.session_setup(), now)}},
      ways_{Way{&sides_[0], &sides_[1], both, {}, both.window, 0, {}},
            Way{&sides_[1], &sides_[0], both, {}, both.window, 0, {}}} {}

bool LineMeeting::line_up() const {
  if (turns_.down_ms == 0) return true;
  return (now - begun_) % (turns_.up_ms + turns_.down_ms) < turns_.up_ms;
}

/// The kernel takes what it has room for.
void LineMeeting::take(Way& way) {
  while (true) {
    const core::ByteView pending = way.from->session.pending();
    const std::size_t most = std::max(way.shape.below, way.window_left);
    if (pending.empty() || way.below.size() >= most) return;
    const std::size_t n = std::min(pending.size(), most - way.below.size());
    core::append(way.below, pending.first(n));
    way.window_left -= std::min(way.window_left, n);
    way.from->session.sent(n, now);
  }
}

void LineMeeting::transmit(Way& way) {
  if (!line_up()) return;
  way.credit += way.shape.bytes_per_second * static_cast<std::uint64_t>(kTickMs);
  core::Bytes on_the_line;
  while (way.credit >= 1'000) {
    if (way.below.empty()) take(way);
    if (way.below.empty()) break;
    const std::size_t n = std::min<std::size_t>(way.below.size(), static_cast<std::size_t>(way.credit / 1'000));
    core::append(on_the_line, core::ByteView{way.below}.first(n));
    way.below.erase(way.below.begin(), way.below.begin() + static_cast<std::ptrdiff_t>(n));
    way.credit -= n * 1'000;
    take(way);
  }
  if (way.below.empty()) way.credit = 0;  // time in which nothing was to be sent is not saved up
  if (on_the_line.empty()) return;
  way.put += on_the_line.size();
  way.flying.push_back({now + way.shape.delay_ms, std::move(on_the_line)});
}

void LineMeeting::deliver(Way& way) {
  while (!way.flying.empty() && way.flying.front().at <= now) {
    const core::Bytes bytes = std::move(way.flying.front().bytes);
    way.flying.pop_front();
    way.arrived += bytes.size();
    Side& to = *way.to;
    if (to.session.failure() || !to.session.receive(bytes, now)) continue;
    const protocol::SessionStats stats = to.session.stats();
    const std::uint64_t taken = std::accumulate(stats.bundles_received.begin(), stats.bundles_received.end(), std::uint64_t{0});
    if (taken == to.seen) continue;
    to.seen = taken;
    to.node->digest();
    to.session.shelf_changed(now);
  }
}

void LineMeeting::wake(Side& side) const {
  if (side.session.failure() || side.session.deadline() > now) return;
  static_cast<void>(side.session.wake(now).has_value());
}

void LineMeeting::run_for(std::int64_t ms) {
  for (const core::MonoMs end = now + ms; now < end && !cut_;) {
    now = now + kTickMs;
    for (Way& way : ways_) {
      take(way);
      transmit(way);
    }
    for (Way& way : ways_) deliver(way);
    for (Side& side : sides_) wake(side);
  }
}

std::int64_t LineMeeting::run_until(std::int64_t most_ms, const std::function<bool()>& done) {
  const core::MonoMs begun = now;
  while (!done() && now - begun < most_ms) run_for(kTickMs);
  return now - begun;
}

void LineMeeting::set_rate(std::uint64_t bytes_per_second) {
  for (Way& way : ways_) way.shape.bytes_per_second = bytes_per_second;
}

void LineMeeting::cut() {
  cut_ = true;
  for (Side& side : sides_) static_cast<void>(side.session.ended().has_value());
}

}  // namespace satchel::tests
