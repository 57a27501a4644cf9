// A machine's disk is set back to an older state, or a node is set up from one: ordinary events in the field.
#include <signal.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>

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
  // The receipt is for more than this database knows of its former life. It proves nothing: what is left here is said again.
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 1);
  world.deliver_by_stick(world.east, world.hub);
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  REQUIRE(students(world.hub, "submitted") == 3);
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

namespace {

/// Two machines run from one disk, the second behind the first or before it; each takes two students.
struct Twins {
  Scratch scratch;
  World world;
  NodeHome twin;
  std::vector<Person> people;

  Twins() : world(scratch, {.students = 10, .with_relay = false}), twin("twin", scratch / "twin") {
    world.deliver_by_stick(world.hub, world.east);
    people = world.people_of(world.east);
    REQUIRE(people.size() == 5);
    world.submit(world.east, people[0], 0);
    copy_folder(world.east.path(), twin.path());
    for (const int i : {1, 2}) world.submit(world.east, people[static_cast<std::size_t>(i)], i);
    for (const int i : {3, 4}) world.submit(twin, people[static_cast<std::size_t>(i)], i);
  }
  void require_whole() const {
    REQUIRE(students(world.hub, "submitted") == 5);
    REQUIRE(students(world.hub, "opened_at_hub") == 5);
    REQUIRE(students(world.east, "stored_at_hub") == 3);
    REQUIRE(students(twin, "stored_at_hub") == 3);
    // Nobody's picture was counted twice.
    const auto shown = world.hub.ask({"status", "--site", kEastName});
    for (const auto& one : shown.at("list").as_array()) REQUIRE(number_at(one.as_object(), "attempts") == 1);
    for (const NodeHome* node : std::array<const NodeHome*, 3>{&world.hub, &world.east, &twin}) {
      INFO(node->name());
      REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
      REQUIRE(number_at(node->ask({"status"}), "quarantined") == 0);
    }
  }
};

}  // namespace

TEST_CASE("of two machines with one cloned disk both deliver all that they took, and neither believes the other's receipt") {
  const Twins twins;
  RunningNode hub(twins.world.hub);
  const NodeHome& first = twins.world.east;
  first.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(students(first, "stored_at_hub") == 3);
  twins.twin.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  hub.stop();
  twins.require_whole();
}

TEST_CASE("a cloned machine that hears of the hub by stick alone issues again what the receipt does not prove") {
  const Twins twins;
  const World& world = twins.world;
  const auto carry = [&](const NodeHome& from, const NodeHome& to, const char* name) {
    const fs::path stick = twins.scratch / name;
    fs::create_directories(stick);
    from.ask({"stick", "write", stick.string()});
    to.ask({"stick", "read", stick.string()});
  };
  carry(world.east, world.hub, "one");
  carry(world.hub, twins.twin, "two");  // a receipt for exactly the numbers that the twin has used
  REQUIRE(students(twins.twin, "stored_at_hub") == 0);
  carry(twins.twin, world.hub, "three");
  REQUIRE(students(world.hub, "submitted") == 5);
  carry(world.hub, twins.twin, "four");
  carry(world.hub, world.east, "five");
  twins.require_whole();
}

TEST_CASE("a program that is killed while it issues again finishes at the next start, and nothing is said twice") {
  const Twins twins;
  const World& world = twins.world;
  RunningNode hub(world.hub);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  for (int kill_ms = 0; kill_ms < 400; kill_ms += 40) {
    Process meeting = twins.twin.start({"sync", "--peer", hub.address(), "--deadline", "60s"});
    std::this_thread::sleep_for(std::chrono::milliseconds(kill_ms));
    meeting.send(SIGKILL);
    meeting.wait(kCommandTime);
  }
  twins.twin.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  hub.stop();
  twins.require_whole();
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
  // Both approvals are forgotten: the site hears that a picture of which the hub knows waits, and the next word counts of either.
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "approved") <= 1);
  world.hub.ask({"review", "approve", world.reference(world.east, people[0])});
  world.hub.ask({"review", "reject", world.reference(world.east, people[1]), "--reason", "R-BLUR"});
  world.deliver_by_stick(world.hub, world.east);
  for (const NodeHome* node : {&world.hub, &world.east}) {
    REQUIRE(students(*node, "approved") == 1);
    REQUIRE(students(*node, "rejected") == 1);
  }
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("a hub whose whole home is set back hears from a site what it forgot, and what it said meanwhile still arrives") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  world.deliver_by_stick(world.east, world.hub);
  world.deliver_by_stick(world.hub, world.east);
  copy_folder(world.hub.path(), scratch / "older");
  world.submit(world.east, people[1], 1);
  world.deliver_by_stick(world.east, world.hub);
  world.hub.ask({"review", "approve", world.reference(world.east, people[1])});
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  REQUIRE(students(world.east, "approved") == 1);

  copy_folder(scratch / "older", world.hub.path());  // the high-water file too
  REQUIRE(students(world.hub, "submitted") == 1);
  world.hub.ask({"review", "approve", world.reference(world.east, people[0])});  // under a number that the other approval has
  RunningNode hub(world.hub);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(students(world.hub, "submitted") == 2);
  REQUIRE(students(world.east, "stored_at_hub") == 2);
  REQUIRE(world.hub.ask({"status"}).contains("set_back"));
  REQUIRE(students(world.hub, "approved") == 1);  // what was said meanwhile; the other one is to be decided again
  world.hub.ask({"review", "approve", world.reference(world.east, people[1])});
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(students(world.hub, "approved") == 2);
  REQUIRE(students(world.east, "approved") == 2);
  hub.stop();
  for (const NodeHome* node : {&world.hub, &world.east}) REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("a hub whose whole home is set back delivers what it says under a number that it had used, though it says no more") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  RunningNode before(world.hub);
  world.east.ask({"sync", "--peer", before.address(), "--until-done", "--deadline", "60s"});
  before.stop();
  copy_folder(world.hub.path(), scratch / "older");
  {
    RunningNode hub(world.hub);
    world.hub.ask({"review", "reject", world.reference(world.east, people[0]), "--reason", "R-BLUR"});
    world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
    hub.stop();
  }
  REQUIRE(students(world.east, "rejected") == 1);

  copy_folder(scratch / "older", world.hub.path());
  world.hub.ask({"review", "approve", world.reference(world.east, people[0])});
  RunningNode hub(world.hub);
  for (int i = 0; i < 2; ++i) world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(students(world.east, "approved") == 1);
  REQUIRE(students(world.east, "rejected") == 0);
  hub.stop();
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
