// Refusals that no other run reaches: each with its code, and its words in both languages.
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <thread>

#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

/// True once the process has said that it wants to hear of SIGINT (proc(5), SigCgt).
bool hears_interrupt(pid_t pid) {
  for (int tries = 0; tries < 6000; ++tries) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("SigCgt:") && (std::stoull(line.substr(7), nullptr, 16) & 2U) != 0) return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("a site that nobody enrolled, and a submission that has left, are refused") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  world.hub.refuses({"status", "--site", "没有的站"}, 1, "E-SITE-UNKNOWN");
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  const std::string student = world.reference(world.east, person);
  world.deliver_by_stick(world.east, world.hub);
  world.east.refuses({"withdraw", student}, 7, "E-ALREADY-LEFT");
  world.hub.refuses({"conflicts", "resolve", student}, 3, "E-NO-CONFLICT");
}

TEST_CASE("two sites photograph one student: a person chooses, and only among what was submitted") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  world.deliver_by_stick(world.hub, world.west);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  world.submit(world.west, person, 1);  // a visitor there
  const std::string student = world.reference(world.east, person);
  world.deliver_by_stick(world.east, world.hub);
  world.deliver_by_stick(world.west, world.hub);
  world.hub.refuses({"conflicts", "resolve", student}, 5, "E-CHOICE");
  world.hub.refuses({"conflicts", "resolve", student, "--choose", "ffffffffffffffff"}, 1, "E-SUBMISSION-UNKNOWN");
}

TEST_CASE("two students of one identity number would share a file: neither is exported") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const auto people = world.people_of(world.east);
  std::string roster = read_file(world.roster());
  roster.replace(roster.find(people[1].id_number), people[1].id_number.size(), people[0].id_number);
  write_file(scratch / "twice.csv", roster);
  world.hub.ask({"roster", "import", (scratch / "twice.csv").string()});
  world.deliver_by_stick(world.hub, world.east);
  Arguments approve{"review", "approve"};
  for (int i = 0; i < 2; ++i)
    approve.push_back(text_at(world.submit(world.east, people[static_cast<std::size_t>(i)], i), "student"));
  world.deliver_by_stick(world.east, world.hub);
  world.hub.ask(approve);
  const auto exported = world.hub.ask({"export", "--out", (scratch / "out").string()}, 5);
  const auto& left_out = exported.at("left_out").as_array();
  REQUIRE(left_out.size() == 2);
  for (const auto& one : left_out) require_error(one.at("error").as_object(), "E-EXPORT-COLLISION");
}

TEST_CASE("a number that Windows keeps for itself names no file: that student is left out and told, the others go out") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const auto people = world.people_of(world.east);
  std::string roster = read_file(world.roster());
  roster.replace(roster.find(people[1].number), people[1].number.size(), "AUX");
  write_file(scratch / "device.csv", roster);
  world.hub.ask({"roster", "import", (scratch / "device.csv").string()});
  world.hub.ask({"code", "issue", "--out", (scratch / "codes").string()});
  world.sign_profile({{"name = \"{id_number}.jpg\"", "name = \"{student_number}.jpg\""}});
  world.deliver_by_stick(world.hub, world.east);
  Arguments approve{"review", "approve"};
  // Its code cannot be named by the number either, and has the reference's name.
  std::set<std::filesystem::path> codes;
  for (const auto& file : files_below(scratch / "codes")) codes.insert(file);
  for (const Person& person : people) codes.erase(scratch.path() / "codes" / (person.number + ".png"));
  for (const Person& person : world.people_of(world.west)) codes.erase(scratch.path() / "codes" / (person.number + ".png"));
  REQUIRE(codes.size() == 1);
  int photo = 0;
  for (const std::filesystem::path& code : {world.code(people[0]), *codes.begin()}) {
    approve.push_back(text_at(
        world.east.ask({"capture", "--code", code.string(), "--photo", good_photo(photo++).string(), "--submit"}), "student"));
  }
  world.deliver_by_stick(world.east, world.hub);
  world.hub.ask(approve);
  const auto exported = world.hub.ask({"export", "--out", (scratch / "out").string()}, 4);
  REQUIRE(number_at(exported, "exported") == 1);
  const auto& left_out = exported.at("left_out").as_array();
  REQUIRE(left_out.size() == 1);
  REQUIRE(text_at(left_out.at(0).as_object(), "student") == approve.back());
  require_error(left_out.at(0).as_object().at("error").as_object(), "E-EXPORT-NAME");
  REQUIRE(std::filesystem::exists(scratch.path() / "out" / (people[0].number + ".jpg")));
}

TEST_CASE("a program that was copied without its drawing part makes no paper, says so, and does all else") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  const std::filesystem::path alone = scratch / "satchel";
  std::filesystem::copy_file(SATCHEL_PROGRAM, alone);
  const Arguments paper{"--home", world.hub.path().string(), "--json", "papers", "codes", "--out", (scratch / "out").string()};
  const Outcome refused = run(Launch{alone.string(), paper}, kCommandTime);
  INFO(refused.out << refused.err);
  REQUIRE(refused.exit == 1);
  require_error(parse_json(refused.out).as_object(), "E-PAPER-PROGRAM");
  REQUIRE_FALSE(std::filesystem::exists(scratch.path() / "out" / "codes.pdf"));
  REQUIRE(run(Launch{alone.string(), {"--home", world.hub.path().string(), "--json", "status"}}, kCommandTime).exit == 0);
}

TEST_CASE("a relay signs for nothing: what it took still waits, and waiting for the hub ends at its deadline") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, world.people_of(world.east).at(0), 0);
  RunningNode relay(world.relay, {"--no-lan"});
  const auto handed = world.east.ask({"sync", "--peer", relay.address()});
  REQUIRE(handed.at("outcome").as_string() == "done");
  REQUIRE(number_at(handed, "waiting") > 0);
  const auto late = world.east.ask({"sync", "--peer", relay.address(), "--until-done", "--deadline", "1s"}, 13);
  require_error(late.at("error").as_object(), "E-DEADLINE");
  relay.stop();
}

TEST_CASE("Ctrl-C ends a command that waits, and says that what was saved is safe") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  std::filesystem::create_directories(scratch / "sticks");
  Process waiting = world.east.start({"stick", "watch", "--yes", "--under", (scratch / "sticks").string()});
  REQUIRE(hears_interrupt(waiting.pid()));
  waiting.send(2);
  const Outcome ended = waiting.wait(kCommandTime);
  REQUIRE(ended.exit == 130);
  REQUIRE(ended.out.find("E-INTERRUPTED") != std::string::npos);
}
