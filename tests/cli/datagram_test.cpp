// The real program over datagrams, through a proxy that treats them as bad lines do, and by TCP where they do not pass.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/udp_proxy.h"
#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

/// A hub and a site that has pictures to send.
struct Delivery {
  Scratch scratch;
  World world;
  explicit Delivery(int pictures) : world(scratch, {.students = 2 * pictures, .with_relay = false}) {
    world.deliver_by_stick(world.hub, world.east);
    const auto people = world.people_of(world.east);
    for (int i = 0; i < pictures; ++i) world.submit(world.east, people.at(static_cast<std::size_t>(i)), i);
  }
  boost::json::object sync(const std::string& peer, const Arguments& more) {
    Arguments arguments{"sync", "--peer", peer, "--until-done", "--deadline", "100s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return world.east.ask(arguments);
  }
  void require_delivered(int pictures) {
    const auto students = world.east.ask({"status"}).at("students").as_object();
    CHECK(number_at(students, "opened_at_hub") == pictures);
  }
};

}  // namespace

TEST_CASE("a site delivers over datagrams, and a meeting with nothing to do stays small") {
  Delivery delivery(2);
  RunningNode hub(delivery.world.hub);
  const auto answer = delivery.sync(hub.address(), {});
  CHECK(text_at(answer, "outcome") == "done");
  CHECK(text_at(answer, "carrier") == "udp");
  delivery.require_delivered(2);
  const auto again = delivery.sync(hub.address(), {});
  CHECK(text_at(again, "carrier") == "udp");
  CHECK(number_at(again, "sent_bytes") + number_at(again, "received_bytes") <= 300);
  hub.stop();
}

TEST_CASE("where datagrams vanish TCP delivers, and the next meeting begins with it") {
  Delivery delivery(1);
  RunningNode hub(delivery.world.hub, {"--carrier", "tcp"});
  UdpHole hole(hub.address());
  const auto answer = delivery.sync(hub.address(), {});
  CHECK(text_at(answer, "outcome") == "done");
  CHECK(text_at(answer, "carrier") == "tcp");
  delivery.require_delivered(1);
  CHECK(hole.swallowed() > 0);
  CHECK(text_at(delivery.sync(hub.address(), {}), "carrier") == "tcp");
  CHECK(hole.swallowed() == 0);
  // Whoever insists on datagrams is told that nobody answers.
  const auto insisting = delivery.world.east.ask({"sync", "--peer", hub.address(), "--carrier", "udp", "--deadline", "2s"}, 13);
  CHECK(text_at(insisting, "outcome") == "unreachable");
  CHECK(hole.swallowed() > 0);
  hub.stop();
}

TEST_CASE("a hub that takes only TCP is met by TCP, and one carrier that is asked for is the one that is used") {
  Delivery delivery(1);
  {
    RunningNode hub(delivery.world.hub, {"--carrier", "tcp"});
    CHECK(text_at(delivery.sync(hub.address(), {}), "carrier") == "tcp");
    hub.stop();
  }
  RunningNode hub(delivery.world.hub);
  CHECK(text_at(delivery.sync(hub.address(), {"--carrier", "tcp"}), "carrier") == "tcp");
  CHECK(text_at(delivery.sync(hub.address(), {"--carrier", "udp"}), "carrier") == "udp");
  delivery.world.east.refuses({"sync", "--peer", hub.address(), "--carrier", "pigeon"}, 2, "E-USAGE");
  delivery.world.east.refuses({"run", "--carrier", "pigeon"}, 2, "E-USAGE");
  hub.stop();
}

TEST_CASE("one meeting outlives loss, copies, disorder, a change of port and seconds of silence") {
  Delivery delivery(3);
  RunningNode hub(delivery.world.hub);
  UdpWeather weather;
  weather.seed = 41;
  weather.drop_percent = 8;
  weather.double_percent = 5;
  weather.swap_percent = 5;
  weather.silent_from = 90;
  weather.silent_for = std::chrono::milliseconds(4'000);
  weather.moves_at = 180;
  INFO("seed " << weather.seed);
  UdpProxy proxy(hub.address(), weather);
  const auto answer = delivery.sync(proxy.address(), {"--carrier", "udp"});
  CHECK(text_at(answer, "outcome") == "done");
  CHECK(number_at(answer, "meetings") == 1);
  CHECK(proxy.from_caller() > weather.moves_at);
  CHECK(proxy.lost() > 0);
  delivery.require_delivered(3);
  hub.stop();
}

TEST_CASE("a flood of noise at the port of datagrams does not keep a site from delivering") {
  Delivery delivery(2);
  RunningNode hub(delivery.world.hub);
  std::atomic<bool> enough{false};
  std::thread flood([&] {
    for (std::uint64_t seed = 1; !enough; ++seed) {
      send_noise(hub.address(), seed, 50);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  const auto answer = delivery.sync(hub.address(), {"--carrier", "udp"});
  enough = true;
  flood.join();
  CHECK(text_at(answer, "outcome") == "done");
  delivery.require_delivered(2);
  hub.stop();
}
