// A machine's disk is set back to an older state, or a node is set up from one: ordinary events in the field.
#include <array>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

std::int64_t students(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

}  // namespace

TEST_CASE("a database set back to an older copy goes on under a new incarnation, and nothing that had left is lost") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  REQUIRE(people.size() == 3);
  world.submit(world.east, people[0], 0);
  copy_folder(world.east.path() / "db", scratch / "older");

  world.submit(world.east, people[1], 1);
  const fs::path stick = scratch / "stick";
  fs::create_directories(stick);
  world.east.ask({"stick", "write", stick.string()});  // from here on these numbers are out in the world
  copy_folder(scratch / "older", world.east.path() / "db");

  REQUIRE(students(world.east, "submitted") == 1);
  world.submit(world.east, people[2], 2);  // would have used the numbers of people[1]'s records again
  world.hub.ask({"stick", "read", stick.string()});
  world.deliver_by_stick(world.east, world.hub);
  REQUIRE(students(world.hub, "submitted") == 3);
  REQUIRE(students(world.hub, "opened_at_hub") == 3);
  REQUIRE(number_at(world.hub.ask({"status"}), "quarantined") == 0);
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("of two machines with one cloned disk the second goes on under numbers of its own, and the hub names the site") {
  const Scratch scratch;
  World world(scratch, {.students = 8, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  REQUIRE(people.size() == 4);
  world.submit(world.east, people[0], 0);
  world.deliver_by_stick(world.east, world.hub);
  const NodeHome twin("twin", scratch / "twin");
  copy_folder(world.east.path(), twin.path());

  RunningNode hub(world.hub);
  world.submit(world.east, people[1], 1);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  // More than the first, so that something of it is news to the hub.
  world.submit(twin, people[2], 2);
  world.submit(twin, people[3], 3);
  twin.say({"sync", "--peer", hub.address(), "--deadline", "20s"});
  const auto told = world.hub.ask({"status"}).at("written_twice").as_array();
  REQUIRE(!told.empty());
  REQUIRE(text_at(told.at(0).as_object(), "name") == kEastName);

  // From here on it writes in a life of its own, and what it writes arrives.
  const auto before = students(world.hub, "submitted");
  const auto known = world.people_of(world.east).front();
  twin.ask({"status"});
  const auto again = twin.say(
      {"capture", "--code", world.code(known).string(), "--photo", good_photo(4).string(), "--override", "test", "--json"});
  INFO(again.out << again.err);
  twin.say({"sync", "--peer", hub.address(), "--deadline", "20s"});
  REQUIRE(students(world.hub, "submitted") == before);
  for (const NodeHome* node : std::array<const NodeHome*, 3>{&world.hub, &world.east, &twin}) {
    REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
  }
  hub.stop();
}

TEST_CASE("a whole home set back to an older copy goes on under a new incarnation once it hears the hub") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  copy_folder(world.east.path(), scratch / "older");
  world.submit(world.east, people[1], 1);
  RunningNode hub(world.hub);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});

  copy_folder(scratch / "older", world.east.path());  // the high-water file too: nothing here remembers
  world.east.ask({"sync", "--peer", hub.address(), "--deadline", "60s"});
  world.submit(world.east, people[2], 2);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(students(world.hub, "submitted") == 3);
  REQUIRE(world.hub.ask({"status"}).at("written_twice").as_array().empty());
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  hub.stop();
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("a hub set back to an older copy takes in again what it lost, and takes its word back until then") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  world.deliver_by_stick(world.east, world.hub);
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 1);
  copy_folder(world.hub.path() / "db", scratch / "older");

  world.submit(world.east, people[1], 1);
  world.deliver_by_stick(world.east, world.hub);
  const auto review = world.hub.ask({"review", "list"});
  for (const auto& waiting : review.at("waiting").as_array()) {
    world.hub.ask({"review", "approve", text_at(waiting.as_object(), "student")});
  }
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  copy_folder(scratch / "older", world.hub.path() / "db");
  REQUIRE(students(world.hub, "submitted") == 1);

  {
    RunningNode hub(world.hub);
    world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
    REQUIRE(students(world.hub, "submitted") == 2);
    REQUIRE(students(world.east, "stored_at_hub") == 2);
    hub.stop();
  }
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("with a passphrase a home opens for those who have it, and for nobody else") {
  const Scratch scratch;
  const NodeHome hub("hub", scratch / "locked");
  const auto run_with = [&](const char* passphrase, const Arguments& arguments) {
    Arguments all{"--home", hub.path().string(), "--no-input", "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Launch launch{SATCHEL_PROGRAM, all};
    launch.environment = {{"SATCHEL_PASSPHRASE", passphrase}};
    return run(launch, kCommandTime);
  };
  const Outcome made = run_with("correct horse", {"hub", "init", "--profile", default_profile().string()});
  INFO(made.out << made.err);
  REQUIRE(made.exit == 0);
  REQUIRE(run_with("correct horse", {"status"}).exit == 0);
  const Outcome wrong = run_with("wrong horse", {"status"});
  REQUIRE(wrong.exit == 1);
  REQUIRE(wrong.out.find("E-KEY-PASSPHRASE") != std::string::npos);
  hub.refuses({"status"}, 1, "E-KEY-PASSPHRASE");
}
