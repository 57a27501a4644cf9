// Nodes that find each other on the local network, with no address typed anywhere. Needs multicast; says so and passes where
// there is none.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

constexpr const char* kEverywhere = "0.0.0.0:0";

/// Tries what the nodes need: one multicast datagram on some interface that comes back to this machine.
bool multicast_works() {
  const int hear = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int say = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_port = htons(7423);
  group.sin_addr.s_addr = ::inet_addr("239.255.74.21");
  const int yes = 1;
  ::setsockopt(hear, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  bool works = ::bind(hear, reinterpret_cast<const sockaddr*>(&group), sizeof group) == 0;
  bool heard = false;
  for (unsigned index = 1; works && !heard && index < 16; ++index) {
    ip_mreqn wish{};
    wish.imr_multiaddr = group.sin_addr;
    wish.imr_ifindex = static_cast<int>(index);
    if (::setsockopt(hear, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wish, sizeof wish) != 0) continue;
    ::setsockopt(say, IPPROTO_IP, IP_MULTICAST_IF, &wish, sizeof wish);
    if (::sendto(say, "?", 1, 0, reinterpret_cast<const sockaddr*>(&group), sizeof group) != 1) continue;
    pollfd arrived{hear, POLLIN, 0};
    heard = ::poll(&arrived, 1, 500) == 1;
  }
  ::close(hear);
  ::close(say);
  if (!heard) WARN("skipped: no multicast on this machine");
  return heard;
}

std::int64_t count(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

template <class Holds>
bool comes_true(Holds holds) {
  for (int tries = 0; tries < 240; ++tries) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
  return false;
}

}  // namespace

TEST_CASE("two nodes find each other on the local network and are done without an address") {
  if (!multicast_works()) return;
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const auto people = world.people_of(world.east);
  RunningNode hub(world.hub, {}, kEverywhere);
  RunningNode east(world.east, {}, kEverywhere);
  const auto all = static_cast<std::int64_t>(people.size());
  REQUIRE(comes_true([&] { return count(world.east, "eligible") == all; }));
  for (const Person& person : people) world.submit(world.east, person, 0);
  // Over the link that stands already: nobody has to wait for a next beacon.
  REQUIRE(comes_true([&] { return count(world.east, "stored_at_hub") == all; }));
  east.stop();
  hub.stop();
}

TEST_CASE("a node that was told to keep to itself is not found and finds nobody") {
  if (!multicast_works()) return;
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  RunningNode hub(world.hub, {}, kEverywhere);
  RunningNode east(world.east, {"--no-lan"}, kEverywhere);
  std::this_thread::sleep_for(std::chrono::seconds(8));  // the first four calls of the hub
  CHECK(count(world.east, "eligible") == 0);
  east.stop();
  RunningNode again(world.east, {}, kEverywhere);
  const auto all = static_cast<std::int64_t>(world.people_of(world.east).size());
  CHECK(comes_true([&] { return count(world.east, "eligible") == all; }));
}

TEST_CASE("a carrier's laptop that meets a site and then the hub brings pictures there and receipts back, with nothing typed") {
  if (!multicast_works()) return;
  const Scratch scratch;
  World world(scratch, {.students = 4});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const auto all = static_cast<std::int64_t>(people.size());
  for (const Person& person : people) world.submit(world.east, person, 0);
  const auto bundles = [](const NodeHome& home) { return number_at(home.ask({"log", "verify"}), "bundles"); };
  // Counted, not waited for: a busy machine pauses in the middle for longer than any guess. The site's slice of the roster is at
  // its end here, so the laptop carries everything that the site holds but that.
  const std::int64_t pictures = all * 4;  // a record, a preview, a standard picture and an original of everybody
  const std::int64_t load = bundles(world.east) - 1;

  RunningNode relay(world.relay, {}, kEverywhere);
  {  // the laptop is at the site
    RunningNode east(world.east, {}, kEverywhere);
    REQUIRE(comes_true([&] { return bundles(world.relay) == load; }));
    east.stop();
  }
  CHECK(count(world.relay, "eligible") == 0);
  {  // … and now at the hub
    RunningNode hub(world.hub, {}, kEverywhere);
    REQUIRE(comes_true([&] { return count(world.hub, "submitted") == all; }));
    // The hub's receipts have freed all that the laptop carried.
    REQUIRE(comes_true([&] { return bundles(world.relay) == load - pictures; }));
    hub.stop();
  }
  REQUIRE(count(world.east, "stored_at_hub") == 0);
  {  // … and back at the site
    RunningNode east(world.east, {}, kEverywhere);
    REQUIRE(comes_true([&] { return count(world.east, "stored_at_hub") == all; }));
    east.stop();
  }
  relay.stop();
}
