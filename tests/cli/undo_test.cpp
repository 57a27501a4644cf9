// A reviewer who changes their mind.
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;

TEST_CASE("a rejection is taken back by an approval while the hub has the whole picture, and the site hears of it") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  world.deliver_by_stick(world.east, world.hub);
  const std::string student = world.reference(world.east, person);

  REQUIRE(world.hub.say({"review", "reject", student, "--reason", "R-BLUR"}).exit == 0);
  world.deliver_by_stick(world.hub, world.east);
  const auto counts = [](const NodeHome& home) { return home.ask({"status"}).at("students").as_object(); };
  REQUIRE(number_at(counts(world.east), "rejected") == 1);
  REQUIRE(number_at(counts(world.east), "stored_at_hub") == 0);

  REQUIRE(world.hub.say({"review", "approve", student}).exit == 0);
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(number_at(counts(world.east), "approved") == 1);
  REQUIRE(number_at(counts(world.east), "stored_at_hub") == 1);
  world.hub.refuses({"review", "approve", student}, 7, "E-APPROVED");
}
