// Peers that are not there, not enrolled, silent or no Satchel node at all: a clear error in time, and nothing lost.
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/loopback.h"
#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

/// Accepts connections (by the kernel's queue) and never says a word.
class SilentListener {
 public:
  SilentListener() : socket_(bound_socket(SOCK_STREAM)) { REQUIRE(listen(socket_, 8) == 0); }
  ~SilentListener() { close(socket_); }
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;
  std::string address() const { return "127.0.0.1:" + std::to_string(own_port(socket_)); }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("an unreachable peer is said to be unreachable, and what was submitted still waits") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, world.people_of(world.east).front(), 0);
  std::string gone;
  {
    const SilentListener listener;
    gone = listener.address();
  }
  for (const Arguments& command :
       std::vector<Arguments>{{"sync", "--peer", gone}, {"sync", "--peer", "no-such-host.invalid:7420", "--deadline", "60s"}}) {
    const auto answer = world.east.ask(command, 8);
    REQUIRE(text_at(answer, "outcome") == "unreachable");
    require_error(answer.at("error").as_object(), "E-PEER-UNREACHABLE");
    const Outcome said = world.east.say(command);
    REQUIRE(said.exit == 8);
    REQUIRE(said.err.find("E-PEER-UNREACHABLE") != std::string::npos);
  }
  const auto waiting = world.east.ask({"status"}).at("waiting").as_object();
  REQUIRE(number_at(waiting.at("record").as_object(), "bundles") >= 1);
  REQUIRE(number_at(waiting.at("photo").as_object(), "bundles") == 2);  // the preview, and the standard picture
}

TEST_CASE("a peer that accepts and never speaks does not hold a sync beyond its deadline") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  const SilentListener listener;
  const Outcome outcome = world.east.say({"sync", "--peer", listener.address(), "--deadline", "3s"});
  INFO(outcome.out << outcome.err);
  REQUIRE_FALSE(outcome.timed_out);
  REQUIRE((outcome.exit == 4 || outcome.exit == 8 || outcome.exit == 13));
  REQUIRE(outcome.err.find("E-") != std::string::npos);
}

TEST_CASE("nodes of another campaign do not meet ours, either way") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  World other(scratch, {.students = 2, .seed = 8, .with_relay = false, .folder = "o"});
  RunningNode hub(world.hub);
  const auto before = other.east.ask({"status"});
  const Outcome outcome = other.east.say({"sync", "--peer", hub.address()});
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.exit == 11);
  REQUIRE(outcome.err.find("E-") != std::string::npos);
  REQUIRE(other.east.ask({"status"}).at("students") == before.at("students"));
  hub.stop();
}

TEST_CASE("a port that is taken and a home that already runs are refused") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  RunningNode hub(world.hub);
  world.east.refuses({"run", "--listen", hub.address()}, 1, "E-LISTEN");
  world.east.refuses({"run", "--listen", "nowhere"}, 2, "E-ADDRESS");
  const Outcome again = world.hub.say({"run", "--listen", "127.0.0.1:0"});
  INFO(again.out << again.err);
  REQUIRE(again.exit == 10);
  REQUIRE(again.err.find("E-STORE-BUSY") != std::string::npos);
  hub.stop();
}

TEST_CASE("one peer's noise on the port does not disturb the others") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  RunningNode hub(world.hub);
  const sockaddr_in address = loopback(port_of(hub.address()));
  for (int i = 0; i < 20; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const std::string noise(static_cast<std::size_t>(1 + i * 997), static_cast<char>(i * 13));
    (void)!send(fd, noise.data(), noise.size(), MSG_NOSIGNAL);
    close(fd);
  }
  const auto synced = world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(text_at(synced, "outcome") == "done");
  hub.stop();
}
