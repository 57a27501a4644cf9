// A computer is stolen, or is no longer trusted: what it signs from a position on counts nowhere until a person says so.
#include <array>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

std::int64_t students(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

std::int64_t quarantined(const NodeHome& home) { return number_at(home.ask({"status"}), "quarantined"); }

}  // namespace

TEST_CASE("what a revoked site signs later is refused by the hub, the relay and the stick, and what came before stays") {
  const Scratch scratch;
  World world(scratch, {.students = 8});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  world.deliver_by_stick(world.east, world.hub);
  const auto revoked = world.hub.ask({"revoke", kEastName, "--reason", "stolen"});
  REQUIRE(number_at(revoked, "set_aside") == 0);
  REQUIRE(students(world.hub, "submitted") == 1);

  world.submit(world.east, people[1], 1);
  // A stick with something of a revoked node on it is read, and each of its bundles is named as refused.
  const fs::path stick = scratch / "stick";
  fs::create_directories(stick);
  world.east.ask({"stick", "write", stick.string()});
  const auto read = world.hub.ask({"stick", "read", stick.string()}, 9);
  REQUIRE(text_at(read.at("damaged").as_array().at(0).as_object(), "code") == "E-REVOKED");
  REQUIRE(students(world.hub, "submitted") == 1);

  // The relay hears of it by stick, takes nothing more of that site, and does not meet it.
  world.deliver_by_stick(world.hub, world.relay);
  const auto carried = [&] { return number_at(world.relay.ask({"status"}).at("carrying").as_object(), "bundles"); };
  const auto before = carried();
  world.relay.ask({"stick", "read", stick.string()}, 9);
  REQUIRE(carried() == before);
  RunningNode relay(world.relay);
  world.east.refuses({"sync", "--peer", relay.address()}, 11, "E-REFUSED-BY-PEER");
  relay.stop();

  // After a restart it still holds, and the site itself is told.
  REQUIRE(students(world.hub, "submitted") == 1);
  RunningNode hub(world.hub);
  world.east.refuses({"sync", "--peer", hub.address()}, 11, "E-REFUSED-BY-PEER");
  hub.stop();
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(world.east.ask({"status"}).at("node").as_object().at("revoked").as_bool());
  for (const NodeHome* node : {&world.hub, &world.east, &world.relay}) {
    REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
  }
}

TEST_CASE("what lies above the last trusted position is set aside, shown, and counts again when a person releases it") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  world.submit(world.east, people[1], 1);
  world.deliver_by_stick(world.east, world.hub);
  REQUIRE(students(world.hub, "submitted") == 2);

  const auto revoked = world.hub.ask({"revoke", kEastName, "--last-trusted", "none"});
  REQUIRE(number_at(revoked, "set_aside") > 0);
  REQUIRE(students(world.hub, "submitted") == 0);
  REQUIRE(students(world.hub, "eligible") == 6);
  REQUIRE(world.hub.ask({"review", "list"}).at("waiting").as_array().empty());
  const auto list = world.hub.ask({"quarantine", "list"});
  const auto& bundles = list.at("bundles").as_array();
  REQUIRE(static_cast<std::int64_t>(bundles.size()) == quarantined(world.hub));
  bool shown = false;
  for (const auto& bundle : bundles) {
    require_keys(bundle.as_object(), {"id", "node", "name", "lane", "seq", "error", "says"});
    REQUIRE(text_at(bundle.as_object(), "name") == kEastName);
    for (const auto& one : bundle.as_object().at("says").as_array()) shown |= text_at(one.as_object(), "kind") == "submission";
  }
  REQUIRE(shown);

  world.hub.refuses({"quarantine", "release", "0123456789abcdef"}, 2, "E-USAGE");
  const auto released = world.hub.ask({"quarantine", "release", kEastName});
  REQUIRE(number_at(released, "released") == static_cast<std::int64_t>(bundles.size()));
  REQUIRE(quarantined(world.hub) == 0);
  REQUIRE(students(world.hub, "submitted") == 2);
  REQUIRE(students(world.hub, "opened_at_hub") == 2);
  REQUIRE(world.hub.ask({"quarantine", "list"}, 3).at("bundles").as_array().empty());
  REQUIRE(world.hub.ask({"log", "verify"}).at("faults").as_array().empty());
}

TEST_CASE("a new computer takes over the name, the students and the verdicts of one that is gone") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people[0], 0);
  world.submit(world.east, people[1], 1);
  world.deliver_by_stick(world.east, world.hub);
  const std::string approved = world.reference(world.east, people[0]);
  const std::string rejected = world.reference(world.east, people[1]);
  world.hub.ask({"review", "approve", approved});
  world.hub.ask({"review", "reject", rejected, "--reason", "R-BLUR"});

  const NodeHome heir(kEastName, scratch / "heir");
  const std::string request = (scratch / "heir.request").string();
  const std::string card = (scratch / "heir.card").string();
  heir.ask({"site", "init", "--name", kEastName, "--out", request});
  world.hub.refuses({"hub", "enroll", request, "--out", card}, 7, "E-NAME-TAKEN");
  world.hub.ask({"revoke", kEastName});
  const auto enrolled = world.hub.ask({"hub", "enroll", request, "--out", card});
  REQUIRE(number_at(enrolled, "students") == 3);
  heir.ask({"join", card});
  world.deliver_by_stick(world.hub, heir);
  REQUIRE(students(heir, "eligible") == 3);
  REQUIRE(students(heir, "approved") == 1);
  REQUIRE(students(heir, "rejected") == 1);

  world.submit(heir, people[1], 4);
  world.submit(heir, people[2], 5);
  world.deliver_by_stick(heir, world.hub);
  REQUIRE(students(world.hub, "submitted") == 3);
  const auto review = world.hub.ask({"review", "list"});
  REQUIRE(review.at("waiting").as_array().size() == 2);
  for (const NodeHome* node : std::array<const NodeHome*, 2>{&world.hub, &heir})
    REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
}
