// What is decided at one side and seen at the other: which of two submissions counts, what a site takes back, what it throws
// away.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

json::object student_at(const NodeHome& home, const std::string& student) {
  return home.ask({"status", "--student", student}).at("list").as_array().at(0).as_object();
}
std::string stage(const NodeHome& home, const std::string& student) { return text_at(student_at(home, student), "stage"); }

/// The hub listens; a site meets it as often as the story wants.
struct Line {
  explicit Line(const World& world) : running(world.hub, {"--no-lan"}) {}
  void meet(const NodeHome& site) const {
    REQUIRE(text_at(site.ask({"sync", "--peer", running.address(), "--until-done"}), "outcome") == "done");
  }
  RunningNode running;
};

/// Both sites take a picture of the same student, who lives in the east, and send it; gives the reference.
std::string taken_twice(World& world, const Line& line, int east_photo, int west_photo) {
  line.meet(world.east);
  line.meet(world.west);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, east_photo);
  world.submit(world.west, person, west_photo);
  line.meet(world.east);
  line.meet(world.west);
  return world.reference(world.east, person);
}

/// Once both sites have met the hub.
void all_see(const World& world, const Line& line, const std::string& student, const std::string& expected) {
  line.meet(world.east);
  line.meet(world.west);
  for (const NodeHome* home : {&world.hub, &world.west, &world.east}) {
    INFO(home->name());
    CHECK(stage(*home, student) == expected);
  }
}

}  // namespace

TEST_CASE("the picture that a person chose of two goes to review and out, and both sites hear of it over the line") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const Line line(world);
  const std::string student = taken_twice(world, line, 0, 5);
  const fs::path look = scratch / "look";
  const json::object shown = world.hub.ask({"conflicts", "show", student, "--pictures", look.string()});
  const auto& candidates = shown.at("candidates").as_array();
  REQUIRE(candidates.size() == 2);
  const auto from_west =
      std::ranges::find_if(candidates, [](const json::value& one) { return text_at(one.as_object(), "site") == kWestName; });
  REQUIRE(from_west != candidates.end());
  const std::string chosen = text_at(from_west->as_object(), "submission");
  // Nothing is decided by a site, and nothing unseen.
  world.west.refuses({"conflicts", "resolve", student, "--choose", chosen}, 7, "E-NOT-HUB");
  world.hub.refuses({"conflicts", "resolve", student}, 5, "E-CHOICE");
  REQUIRE(text_at(world.hub.ask({"conflicts", "resolve", student, "--choose", chosen, "--note", "本人到场确认"})
                      .at("resolved")
                      .as_array()
                      .at(0)
                      .as_object(),
                  "chosen") == chosen);
  REQUIRE(world.hub.ask({"review", "list"}).at("waiting").as_array().size() == 1);
  all_see(world, line, student, "submitted");
  // The east has not the west's picture, and takes no other one all the same.
  const Person person = world.people_of(world.east).at(0);
  world.east.refuses({"capture", "--code", world.code(person).string(), "--photo", good_photo(1).string()}, 7, "E-SUBMITTED");
  world.hub.ask({"review", "approve", student});
  all_see(world, line, student, "approved");
  world.hub.ask({"export", "--out", (scratch / "out").string()});
  const std::string name = world.people_of(world.east).at(0).id_number + ".jpg";
  CHECK(read_file(scratch / "out" / "standard" / name) == read_file(look / (student + "-" + chosen + ".jpg")));
}

TEST_CASE(
    "one picture that two places submitted needs nobody to look: the proposal is taken, and both sites see one submission") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const Line line(world);
  const std::string student = taken_twice(world, line, 2, 2);
  const json::object listed = world.hub.ask({"conflicts", "list"});
  const auto waiting = world.hub.ask({"review", "list"}).at("waiting").as_array();
  REQUIRE(waiting.size() == 1);
  CHECK(number_at(listed, "clear") == static_cast<std::int64_t>(listed.at("conflicts").as_array().size()));
  if (!listed.at("conflicts").as_array().empty()) world.hub.ask({"conflicts", "resolve", student});
  world.hub.ask({"review", "approve", student});
  all_see(world, line, student, "approved");
}

TEST_CASE("what a site took back before it left is not for review at the hub, and what it sends instead is") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const Line line(world);
  line.meet(world.east);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  const std::string student = world.reference(world.east, person);
  world.hub.refuses({"withdraw", student}, 7, "E-NOT-SITE");
  const std::string taken_back = text_at(world.east.ask({"withdraw", student}), "submission");
  CHECK_FALSE(taken_back.empty());
  line.meet(world.east);
  for (const NodeHome* home : {&world.east, &world.hub}) {
    INFO(home->name());
    CHECK(stage(*home, student) == "drafted");
    CHECK_FALSE(student_at(*home, student).at("submitted").as_bool());
  }
  CHECK(world.hub.ask({"review", "list"}).at("waiting").as_array().empty());
  world.hub.refuses({"review", "approve", student}, 7, "E-NOT-SUBMITTED");

  world.submit(world.east, person, 1);
  line.meet(world.east);
  CHECK(world.hub.ask({"review", "list"}).at("waiting").as_array().size() == 1);
  CHECK(world.hub.ask({"conflicts", "list"}).at("conflicts").as_array().empty());
  world.east.refuses({"withdraw", student}, 7, "E-ALREADY-LEFT");
  // The hub sends it back: then there is nothing of this site's to withdraw.
  world.hub.ask({"review", "reject", student, "--reason", "R-BLUR"});
  line.meet(world.east);
  CHECK(stage(world.east, student) == "rejected");
  world.east.refuses({"withdraw", student}, 3, "E-NOTHING-SUBMITTED");
}

TEST_CASE("a draft that a site throws away is gone at the hub as well, and cannot be submitted any more") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.sign_profile({{"draft_keep_h = 24", "draft_keep_h = 0"}});
  const Line line(world);
  line.meet(world.east);
  const Person person = world.people_of(world.east).at(0);
  const auto shoot = [&](int photo) {
    return text_at(world.east.ask({"capture", "--code", world.code(person).string(), "--photo", good_photo(photo).string()}),
                   "draft");
  };
  const std::string first = shoot(0);
  const std::string second = shoot(1);
  const std::string student = world.reference(world.east, person);
  line.meet(world.east);
  CHECK(number_at(student_at(world.hub, student), "drafts") == 2);

  world.hub.refuses({"discard", student, "--draft", first}, 7, "E-NOT-SITE");
  CHECK(number_at(world.east.ask({"discard", student, "--draft", first}), "drafts_left") == 1);
  world.east.refuses({"discard", student, "--draft", first}, 1, "E-DRAFT-UNKNOWN");
  line.meet(world.east);
  for (const NodeHome* home : {&world.east, &world.hub}) {
    INFO(home->name());
    CHECK(number_at(student_at(*home, student), "drafts") == 1);
  }
  world.east.refuses({"submit", student, "--draft", first}, 3, "E-NO-DRAFT");
  world.east.ask({"submit", student, "--draft", second});
  world.east.refuses({"discard", student, "--draft", second}, 7, "E-DRAFT-SUBMITTED");
  line.meet(world.east);
  CHECK(stage(world.hub, student) == "submitted");
}
