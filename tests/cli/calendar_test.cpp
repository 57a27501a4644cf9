// What the calendar says of pictures and of clocks: in a window or not, by what can be known of the time; and due when, over the
// state's holidays. Each machine finds the day that the test sets.
#include <catch2/catch.hpp>

#include "tests/support/virtual_clock.h"
#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

/// The shipped profile with `more` behind it.
void follow(const World& world, const NodeHome& hub, const std::string& more) {
  const fs::path file = world.folder() / "changed.toml";
  write_file(file, read_file(default_profile()) + more);
  hub.ask({"campaign", "sign", file.string()});
}

fs::path stick_from(const NodeHome& node, const fs::path& folder) {
  fs::create_directories(folder);
  node.ask({"stick", "write", folder.string()});
  return folder;
}

/// A stick's merge at the hub, tried first: the trial must say of late pictures what the merge then says.
boost::json::object merge(const NodeHome& hub, const fs::path& stick) {
  const auto tried = hub.ask({"hub", "merge", stick.string(), "--dry-run"});
  auto done = hub.ask({"hub", "merge", stick.string()});
  for (const char* key : {"late_count", "late_unclear_count", "late"}) CHECK(tried.at(key) == done.at(key));
  return done;
}

boost::json::object waiting(const NodeHome& hub, const std::string& student) {
  const auto list = hub.ask({"review", "list"});
  for (const auto& line : list.at("waiting").as_array()) {
    if (text_at(line.as_object(), "student") == student) return line.as_object();
  }
  FAIL("not waiting: " << student);
  return {};
}

const char* const kWindow =
    "\n[[windows]]\nfrom = 2026-06-16T08:00:00+08:00\nuntil = 2026-06-20T17:00:00+08:00\ndaily_until = \"18:00\"\n";

}  // namespace

TEST_CASE(
    "a picture is in its window, outside it, or that cannot be told, by when it was truly taken and never by the site's clock") {
  const Scratch scratch;
  World world(scratch);
  VirtualClock right(scratch / "right-clock");
  VirtualClock wrong(scratch / "wrong-clock");
  const NodeHome hub("hub", world.hub.path(), &right);
  const NodeHome east("east", world.east.path(), &right);
  const NodeHome west("west", world.west.path(), &wrong);
  right.set("2026-06-15 09:00");
  wrong.set("2026-07-31 09:00");
  follow(world, hub, kWindow);
  world.deliver_by_stick(hub, east);
  world.deliver_by_stick(hub, west);
  const Person of_west = world.people_of(world.west).at(0);
  const Person of_east = world.people_of(world.east).at(0);

  // Weeks wrong, and it came in the window's days: nothing can be said against it.
  wrong.set("2026-08-02 10:00");
  world.submit(west, of_west, 0);
  right.set("2026-06-17 12:00");
  const auto in_time = merge(hub, stick_from(west, scratch / "in-time"));
  CHECK(number_at(in_time, "late_count") == 0);
  CHECK(number_at(in_time, "late_unclear_count") == 0);
  const auto shown = waiting(hub, world.reference(west, of_west));
  CHECK(text_at(shown, "in_window") == "in_time");
  CHECK(shown.at("flags").as_array().empty());
  CHECK(text_at(shown.at("signs").as_array().at(0).as_object(), "sign") == "clock_wrong");

  // In its window by its own clock, and on the way for a week.
  right.set("2026-06-18 10:00");
  world.submit(east, of_east, 1);
  const std::string student = world.reference(east, of_east);
  const fs::path slow = stick_from(east, scratch / "slow");
  right.set("2026-06-25 10:00");
  const auto unclear = merge(hub, slow);
  CHECK(number_at(unclear, "late_count") == 0);
  REQUIRE(number_at(unclear, "late_unclear_count") == 1);
  const auto& line = unclear.at("late").as_array().at(0).as_object();
  CHECK(text_at(line, "why") == "cannot_be_told");
  CHECK(text_at(line, "student") == student);
  CHECK(text_at(line.at("taken_between").as_object(), "not_after") == "2026-06-25T02:00:00Z");
  CHECK(text_at(waiting(hub, student), "in_window") == "unclear");
  CHECK(waiting(hub, student).at("flags").as_array().empty());

  // Sent back after the window: what is taken then is late, whatever the clock is set to. It counts all the same.
  hub.ask({"review", "reject", student, "--reason", "R-BLUR"});
  world.deliver_by_stick(hub, east);
  right.set("2026-06-25 12:00");
  world.submit(east, of_east, 2);
  const fs::path again = stick_from(east, scratch / "again");
  right.set("2026-06-26 10:00");
  const auto late = merge(hub, again);
  REQUIRE(number_at(late, "late_count") == 1);
  CHECK(text_at(late.at("late").as_array().at(0).as_object(), "why") == "taken_outside");
  const auto listed = waiting(hub, student);
  CHECK(text_at(listed, "in_window") == "outside");
  CHECK(listed.at("flags").as_array().at(0).as_string() == "outside_window");
  const auto attention = hub.ask({"report", "page"}).at("attention").as_object();
  CHECK(number_at(attention, "outside_window") == 1);
  CHECK(number_at(attention, "window_unclear") == 0);
  CHECK(hub.say({"review", "approve", student}).exit == 0);

  for (const char* language : {"zh", "en"}) {
    const auto said = hub.say({"--lang", language, "status", "--student", student});
    CHECK(said.exit == 0);
  }
}

TEST_CASE("the profile's holidays move what is due at every node that follows it, and a list that is given adds to them") {
  const Scratch scratch;
  World world(scratch);
  VirtualClock clock(scratch / "clock");
  const NodeHome hub("hub", world.hub.path(), &clock);
  const NodeHome east("east", world.east.path(), &clock);
  clock.set("2026-09-30 09:00");
  const std::string bad = read_file(default_profile()) + "\n[calendar]\ndays_off = [\"2026-09-31\"]\n";
  write_file(scratch / "bad.toml", bad);
  hub.refuses({"campaign", "sign", (scratch / "bad.toml").string()}, 2, "E-PROFILE");
  const auto lint = hub.ask({"campaign", "lint", (scratch / "bad.toml").string()}, 6);
  const auto& fault = lint.at("faults").as_array().at(0).as_object();
  CHECK(text_at(fault, "code") == "P-DATE");
  CHECK(text_at(fault, "en").find("perhaps 2026-09-30") != std::string::npos);

  world.deliver_by_stick(hub, east);
  world.submit(east, world.people_of(world.east).at(0), 0);
  const auto due = [](const NodeHome& node, const Arguments& more = {}) {
    Arguments ask{"report", "due"};
    ask.insert(ask.end(), more.begin(), more.end());
    return text_at(node.ask(ask).at("due").as_array().at(0).as_object(), "due");
  };
  world.deliver_by_stick(east, hub);
  REQUIRE(due(hub) == "2026-10-07T16:00:00Z");  // five days, Monday to Friday

  follow(
      world, hub,
      "\n[calendar]\ndays_off = [\"2026-10-01\", \"2026-10-02\", 2026-10-05, 2026-10-06, 2026-10-07]\nworkdays = [2026-10-10]\n");
  CHECK(due(hub) == "2026-10-13T16:00:00Z");
  world.deliver_by_stick(hub, east);
  CHECK(due(east) == "2026-10-13T16:00:00Z");
  const auto rules = east.ask({"campaign", "show"}).at("rules").as_object();
  CHECK(rules.at("days_off").as_array().size() == 5);
  CHECK(text_at(hub.ask({"review", "list"}).at("waiting").as_array().at(0).as_object(), "due") == "2026-10-13T16:00:00Z");

  const fs::path list = scratch / "more.csv";
  write_file(list, "2026-10-12,休\n");
  CHECK(due(hub, {"--holidays", list.string()}) == "2026-10-14T16:00:00Z");
}
