// The real program over lines that are torn in the middle, and beside a node that stops while it works.
#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "tests/support/cut_line.h"
#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

/// A site with one submitted picture, and the hub that waits for it.
struct Waiting {
  Scratch scratch;
  World world{scratch, {.students = 2, .with_relay = false}};
  Person person;
  std::string student;
  RunningNode hub;

  Waiting() : person(submitted()), student(world.reference(world.east, person)), hub(world.hub, {"--carrier", "tcp"}) {}

 private:
  Person submitted() {
    world.deliver_by_stick(world.hub, world.east);
    const Person one = world.people_of(world.east).at(0);
    world.submit(world.east, one, 0);
    return one;
  }
};

/// How many sockets have the name of this one: its own, and one for each caller (proc(5), /proc/net/unix).
std::size_t sockets_of(const std::string& path) {
  std::ifstream table("/proc/net/unix");
  std::size_t out = 0;
  for (std::string line; std::getline(table, line);) out += line.ends_with(" " + path) ? 1U : 0U;
  return out;
}

}  // namespace

TEST_CASE("a line that is torn while a picture goes over it is told as torn, and the next sync delivers the rest") {
  Waiting waiting;
  const CutLine line(waiting.hub.address(), 12'000);
  const auto torn = waiting.world.east.ask({"sync", "--peer", line.address(), "--carrier", "tcp"}, 4);
  CHECK(line.cut());
  CHECK(text_at(torn, "outcome") == "partial");
  CHECK(number_at(torn, "waiting") > 0);
  require_error(torn.at("error").as_object(), "E-LINK-BROKEN");
  const auto whole = waiting.world.east.ask({"sync", "--peer", waiting.hub.address(), "--until-done", "--deadline", "100s"});
  CHECK(number_at(whole, "waiting") == 0);
  const Outcome told = waiting.world.east.say({"sync", "--peer", line.address(), "--carrier", "tcp", "--lang", "zh"});
  CHECK(told.exit == 8);  // it stays away
  waiting.hub.stop();
}

TEST_CASE("of a picture that was rejected before it had come whole no approval is possible, and a new one is asked for") {
  Waiting waiting;
  const NodeHome& hub = waiting.world.hub;
  // So little at a time that the record comes, and the picture cannot have come with it.
  const auto listed = [&] { return !hub.ask({"review", "list"}).at("waiting").as_array().empty(); };
  for (int tries = 0; tries < 60 && !listed(); ++tries) {
    const CutLine line(waiting.hub.address(), 2'500);
    waiting.world.east.say({"sync", "--peer", line.address(), "--carrier", "tcp"});
  }
  REQUIRE(listed());
  hub.refuses({"review", "approve", waiting.student}, 4, "E-PICTURE-WAITING");
  hub.ask({"review", "reject", waiting.student, "--reason", "R-BLUR"});
  hub.refuses({"review", "approve", waiting.student}, 7, "E-PICTURE-LET-GO");
  hub.refuses({"review", "undo", waiting.student}, 7, "E-PICTURE-LET-GO");
  // The site hears of it on the same line, and its next picture is approved.
  const Arguments whole{"sync", "--peer", waiting.hub.address(), "--until-done", "--deadline", "100s"};
  waiting.world.east.ask(whole);
  waiting.world.submit(waiting.world.east, waiting.person, 1);
  waiting.world.east.ask(whole);
  hub.ask({"review", "approve", waiting.student});
  waiting.hub.stop();
}

TEST_CASE("a node that stands still and then ends leaves nobody waiting: whoever asked it is told that it does not answer") {
  Waiting waiting;
  const std::string socket = (waiting.world.hub.path() / "node.sock").string();
  waiting.hub.process().send(SIGSTOP);
  const std::size_t before = sockets_of(socket);
  Process asking = waiting.world.hub.start({"status"});
  while (sockets_of(socket) == before && asking.running()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  waiting.hub.process().send(SIGKILL);
  const Outcome told = asking.wait(kCommandTime);
  INFO(told.out << told.err);
  CHECK(told.exit == 1);
  require_error(parse_json(told.out).as_object(), "E-NODE-BUSY");
  waiting.world.hub.ask({"status"});  // by itself, now that no node runs
}
