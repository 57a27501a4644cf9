// A reviewer who changes their mind.
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;

TEST_CASE("the hub unlocks a student by stick, before and after the approval, and a new picture is taken") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  world.deliver_by_stick(world.east, world.hub);
  const std::string student = world.reference(world.east, person);
  const auto stage = [&](const NodeHome& home) {
    return std::string(home.ask({"status", "--student", student}).at("list").as_array().at(0).at("stage").as_string());
  };

  REQUIRE(world.hub.say({"review", "unlock", student, "--note", "换一件衣服"}).exit == 0);
  REQUIRE(stage(world.hub) != "submitted");
  REQUIRE(stage(world.east) == "submitted");  // it has not heard yet
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(stage(world.east) == "captured");
  const auto told = world.east.say({"status", "--student", student});
  REQUIRE(told.out.find("换一件衣服") != std::string::npos);

  world.submit(world.east, person, 1);
  world.deliver_by_stick(world.east, world.hub);
  REQUIRE(stage(world.hub) == "submitted");
  REQUIRE(world.hub.say({"review", "approve", student}).exit == 0);
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(stage(world.east) == "approved");

  REQUIRE(world.hub.say({"review", "unlock", student, "--attempts", "2"}).exit == 0);
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, person, 2);
  world.deliver_by_stick(world.east, world.hub);
  REQUIRE(stage(world.hub) == "submitted");
  world.hub.refuses({"review", "unlock", student, "--attempts", "many"}, 2, "E-USAGE");
  world.east.refuses({"review", "unlock", student}, 7, "E-NOT-HUB");
}

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
