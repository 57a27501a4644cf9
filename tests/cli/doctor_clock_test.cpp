// `satchel doctor` at other times: the clock is preloaded into the program, which the runtime of the sanitizers does not stand.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace json = boost::json;

namespace {

std::map<std::string, std::string> findings(const json::object& document) {
  REQUIRE(text_at(document, "schema") == "satchel.doctor/1");
  std::map<std::string, std::string> out;
  for (const json::value& one : document.at("findings").as_array()) {
    require_keys(one.as_object(), {"code", "level", "zh", "cure_zh", "en", "cure_en", "facts"});
    out[text_at(one.as_object(), "code")] = text_at(one.as_object(), "level");
  }
  return out;
}

/// Whatever this machine's ports and interfaces are: with a warning the exit is 4, without one 0.
json::object ask_doctor(const NodeHome& home, const Arguments& more = {}) {
  Arguments arguments{"--json", "doctor"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = home.say(arguments);
  INFO(outcome.out << outcome.err);
  const json::object document = parse_json(outcome.out).as_object();
  const std::string worst = text_at(document, "worst");
  CHECK(outcome.exit == (worst == "bad" ? 1 : worst == "warn" ? 4 : 0));
  return document;
}

}  // namespace

TEST_CASE("doctor tells how long the hub has been silent, of a clock that is behind it, and of a home that was copied in part") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  VirtualClock clock(scratch / "clock");
  const NodeHome hub(world.hub.name(), world.hub.path(), &clock);
  const NodeHome east(world.east.name(), world.east.path(), &clock);
  clock.set("2040-01-09 09:00");
  CHECK(findings(ask_doctor(east))["D-RECEIPT-NONE"] == "note");
  world.deliver_by_stick(hub, east);
  const Person person = world.people_of(east).front();
  world.submit(east, person, 0);
  world.deliver_by_stick(east, hub);
  hub.ask({"review", "approve", world.reference(east, person)});
  world.deliver_by_stick(hub, east);
  CHECK(findings(ask_doctor(east))["D-RECEIPT-OK"] == "fine");
  clock.set("2040-01-16 08:00");
  CHECK(findings(ask_doctor(east)).contains("D-RECEIPT-OK"));
  clock.set("2040-01-16 10:00");
  CHECK(findings(ask_doctor(east))["D-RECEIPT-OLD"] == "warn");
  clock.set("2039-12-31 09:00");
  CHECK(findings(ask_doctor(east))["D-CLOCK-BEHIND"] == "warn");
  clock.set("2040-01-16 10:00");
  std::filesystem::remove(east.path() / "highwater");
  CHECK(findings(ask_doctor(east))["D-HIGHWATER-MISSING"] == "warn");
}
