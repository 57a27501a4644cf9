// Bytes from a stream against a node that listens, calls, asks, or has an open channel. The first byte chooses which, the second
// in pieces of how many bytes the rest arrives.
#include <algorithm>

#include "tests/sim/campaign.h"

namespace {

using namespace satchel;
using core::ByteView;
using protocol::Session;

/// Built once: no input gets far enough to change it.
tests::Campaign& campaign() {
  static tests::Campaign one{1};
  return one;
}

Session start(unsigned which) {
  tests::CampaignNode& east = campaign()["east"];
  tests::CampaignNode& hub = campaign().hub();
  const core::MonoMs now{1'000};
  if (which == 0) return Session::answerer(hub.session_setup(), now);
  if (which == 1) return Session::caller(east.session_setup(), hub.member, now);
  if (which == 2) return Session::caller(east.session_setup(), std::nullopt, now);
  Session caller = Session::caller(east.session_setup(), hub.member, now);
  Session answerer = Session::answerer(hub.session_setup(), now);
  SATCHEL_CHECK(answerer.receive(caller.pending(), now).has_value());
  return answerer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Session session = start(data[0] & 3U);
  const std::size_t step = 1 + data[1] * std::size_t{16};
  ByteView rest{data + 2, size - 2};
  while (!rest.empty()) {
    const std::size_t n = std::min(step, rest.size());
    const bool failed = session.failure().has_value();
    const auto received = session.receive(rest.first(n), {1'000});
    SATCHEL_CHECK(received.has_value() == !session.failure().has_value());
    SATCHEL_CHECK(!failed || !received);
    SATCHEL_CHECK(session.pending().size() < 2 * protocol::kAheadMax);
    rest = rest.subspan(n);
  }
  // Nobody without keys gets anything into the shelf.
  SATCHEL_CHECK(campaign().hub().shelf->partials().empty());
  return 0;
}
