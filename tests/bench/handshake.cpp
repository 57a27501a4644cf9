// bench_handshake: what meetings cost the processor. Two nodes shake hands over a stream in memory, both sides in this thread.
//   build/bench/bench_handshake [SECONDS]
// Prints handshakes a second of one core (both sides together), the share that the four Curve25519 agreements of each side and
// the two key pairs take, and what one secret's memory costs to take and give back.
#include <cstdio>
#include <cstdlib>

#include "protocol/link/link.h"
#include "tests/bench/stopwatch.h"
#include "tests/sim/campaign.h"

namespace {

using namespace satchel;

/// Runs `what` for about that long; microseconds of the processor each.
template <typename What>
double cost_us(double seconds, What what) {
  const tests::Stopwatch watch;
  std::uint64_t count = 0;
  do {
    for (int i = 0; i < 20; ++i) what();
    count += 20;
  } while (watch.spent().wall_s < seconds);
  return watch.spent().cpu_s * 1e6 / static_cast<double>(count);
}

void move(protocol::Link& from, protocol::Link& to) {
  const core::Bytes bytes = core::to_bytes(from.pending());
  from.sent(bytes.size());
  to.feed(bytes);
}

void shake_hands(tests::CampaignNode& from, tests::CampaignNode& to) {
  const core::Bytes hello(40);
  auto caller = protocol::Link::caller(from.session_setup().link, to.member);
  auto answerer = protocol::Link::answerer(to.session_setup().link);
  SATCHEL_CHECK(caller.greet(hello).has_value());
  move(caller, answerer);
  SATCHEL_CHECK(answerer.next().has_value());
  SATCHEL_CHECK(answerer.greet(hello).has_value());
  move(answerer, caller);
  SATCHEL_CHECK(caller.next().has_value());
  SATCHEL_CHECK(caller.stage() == protocol::Link::Stage::open && answerer.stage() == protocol::Link::Stage::open);
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::strtod(arguments[1], nullptr) : 2;
  tests::Campaign campaign{1};
  tests::CampaignNode& east = campaign["east"];
  tests::CampaignNode& hub = campaign.hub();
  const double whole = cost_us(seconds, [&] { shake_hands(east, hub); });
  const double agreement =
      cost_us(seconds / 4, [&] { SATCHEL_CHECK(core::agree(east.identity.box, hub.identity.box.public_key)); });
  const double pair = cost_us(seconds / 4, [&] { core::make_box_keys(east.rng); });
  const double secret = cost_us(seconds / 4, [] { const core::SecretBytes made{32}; });
  const double curve = 8 * agreement + 2 * pair;
  std::printf("%-44s %10.0f /s %10.1f us\n", "handshakes, both sides", 1e6 / whole, whole);
  std::printf("%-44s %10.0f %% %10.1f us\n", "  of that the curve (8 agreements, 2 pairs)", 100 * curve / whole, curve);
  std::printf("%-44s %10.0f /s %10.2f us\n", "a secret of 32 bytes, taken and given back", 1e6 / secret, secret);
  return 0;
}
