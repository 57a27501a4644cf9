// `satchel doctor` by the real program: what it says of a sound node, of one that runs, and of one whose disk lost something.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "tests/support/udp_proxy.h"
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

TEST_CASE("doctor looks at a node that runs and at one that does not, names a closed port, and shows nobody's data") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people.at(0), 0);

  auto found = findings(ask_doctor(world.east));
  for (const char* code : {"D-HOME-OK", "D-DATABASE-OK", "D-HIGHWATER-OK", "D-CLOCK-OK", "D-NODE-STOPPED"}) {
    INFO(code);
    CHECK(found.contains(code));
  }
  {
    RunningNode hub(world.hub);
    RunningNode east(world.east, {"--peer", hub.address()});
    found = findings(ask_doctor(world.east, {hub.address()}));
    CHECK(found.contains("D-NODE-RUNS"));
    CHECK(found.contains("D-DATABASE-OK"));
    CHECK(found.contains("D-PEER-TCP-OK"));
    CHECK(found.contains("D-PEER-UDP-OK"));
    const std::string address = hub.address();
    hub.stop();
    found = findings(ask_doctor(world.east, {address}));
    CHECK(found["D-PEER-REFUSED"] == "bad");
    CHECK(found["D-PEER-UDP-REFUSED"] == "note");
    east.stop();
  }
  {  // a firewall that drops datagrams, and then one that drops connections
    RunningNode hub(world.hub, {"--carrier", "tcp"});
    const UdpHole hole(hub.address());
    found = findings(ask_doctor(world.east, {hub.address()}));
    CHECK(found.contains("D-PEER-TCP-OK"));
    CHECK(found["D-PEER-UDP-SILENT"] == "note");
  }
  {
    RunningNode hub(world.hub);
    const UdpProxy proxy(hub.address(), {});
    found = findings(ask_doctor(world.east, {proxy.address()}));
    CHECK(found["D-PEER-TCP-NOT-NEEDED"] == "note");
    CHECK(found.contains("D-PEER-UDP-OK"));
  }
  const auto file = world.east.path() / "highwater";
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(file, bytes);
  const Outcome damaged = world.east.say({"doctor", "--lang", "zh"});
  INFO(damaged.out << damaged.err);
  CHECK(damaged.exit == 1);
  CHECK(damaged.out.find("D-HIGHWATER-DAMAGED") != std::string::npos);

  const std::string all = json::serialize(ask_doctor(world.hub)) + damaged.out + damaged.err;
  for (const Person& person : world.people) {
    for (const std::string& secret : {person.name, person.number, person.id_number, person.phone, person.mail}) {
      CHECK(all.find(secret) == std::string::npos);
    }
  }
}

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
