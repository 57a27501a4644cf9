// `satchel stick watch` by the real program: a folder that appears stands for a stick that is plugged in.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

std::int64_t count(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

/// Plugs one stick in while `home` watches; the words that it said.
std::string watched(const NodeHome& home, const fs::path& media, const std::string& language) {
  const Outcome outcome = home.say({"stick", "watch", "--yes", "--once", "--under", media.string(), "--lang", language});
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.exit == 0);
  return outcome.out + outcome.err;
}

}  // namespace

TEST_CASE("a watching node reads and writes whatever stick is plugged in, and says when it may go") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const fs::path media = scratch / "media";
  fs::create_directories(media / "STICK");

  // Roster to the site, pictures to the hub, receipt to the site: three plugs at three computers and nothing else typed.
  CHECK(watched(world.hub, media, "zh").find("可以拔出") != std::string::npos);
  watched(world.east, media, "en");
  const auto people = world.people_of(world.east);
  const auto all = static_cast<std::int64_t>(people.size());
  CHECK(count(world.east, "eligible") == all);
  for (const Person& person : people) world.submit(world.east, person, 0);
  CHECK(watched(world.east, media, "en").find("The stick can be removed.") != std::string::npos);
  watched(world.hub, media, "zh");
  CHECK(count(world.hub, "submitted") == all);
  watched(world.east, media, "en");
  CHECK(count(world.east, "stored_at_hub") == all);
}

TEST_CASE("a stick that comes after the watch has begun is noticed, and where nobody can answer one must say yes") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const fs::path media = scratch / "media";
  fs::create_directories(media);
  world.hub.refuses({"stick", "watch", "--once", "--under", media.string()}, 2, "E-USAGE");
  Process watch = world.hub.start({"stick", "watch", "--yes", "--once", "--under", media.string()});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  REQUIRE(watch.running());
  fs::create_directories(media / "LATE");
  const Outcome outcome = watch.wait(kCommandTime);
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.exit == 0);
  const boost::json::object document = parse_json(outcome.out).as_object();
  CHECK(document.at("safe_to_remove").as_bool());
  CHECK(document.at("unmounted").as_bool());
  CHECK(fs::exists(media / "LATE" / "satchel"));
}
