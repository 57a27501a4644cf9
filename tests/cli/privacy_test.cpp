// Who may see what: after the whole path, the relay's disk and memory, and every node's files, logs, error output and command
// line are searched for the plain text of names, numbers and pictures.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Secret {
  std::string what;
  std::string bytes;
};

/// All that must not be seen: of each person the name, the numbers, phone and mail; of each picture several pieces of its bytes.
std::vector<Secret> secrets_of(const World& world, const std::vector<fs::path>& pictures) {
  std::vector<Secret> secrets;
  for (const Person& person : world.people) {
    secrets.push_back({"a name", person.name});
    secrets.push_back({"an identity number", person.id_number});
    secrets.push_back({"a student number", person.number});
    if (person.phone.size() > 6) secrets.push_back({"a phone number", person.phone});
    if (person.mail.size() > 6) secrets.push_back({"a mail address", person.mail});
  }
  for (const fs::path& picture : pictures) {
    const std::string bytes = read_file(picture);
    // Past the tables, which all JPEGs of one encoder share.
    for (std::size_t at = 1200; at + 24 < bytes.size(); at += 1 + bytes.size() / 16) {
      secrets.push_back({"a picture's bytes", bytes.substr(at, 24)});
    }
  }
  return secrets;
}

void require_none(const std::vector<Secret>& secrets, std::string_view where, const std::string& place) {
  for (const Secret& secret : secrets) {
    const std::size_t at = where.find(secret.bytes);
    if (at == std::string_view::npos) continue;
    std::string around(where.substr(at < 60 ? 0 : at - 60, 140));
    std::replace_if(
        around.begin(), around.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
    FAIL_CHECK(secret.what << " stands in " << place << ": " << around);
  }
}

void require_none_below(const std::vector<Secret>& secrets, const fs::path& folder) {
  int files = 0;
  for (const fs::path& file : files_below(folder)) {
    ++files;
    require_none(secrets, file.string(), "the file name " + file.string());
    require_none(secrets, read_file(file), file.string());
  }
  REQUIRE(files > 0);
}

/// All readable private memory of a process, one piece a mapping.
std::vector<std::string> memory_of(pid_t pid) {
  std::vector<std::string> pieces;
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  std::ifstream memory("/proc/" + std::to_string(pid) + "/mem", std::ios::binary);
  REQUIRE(maps);
  REQUIRE(memory);
  for (std::string line; std::getline(maps, line);) {
    unsigned long from = 0;
    unsigned long to = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights) != 3 || rights[0] != 'r' || rights[1] != 'w') continue;
    if (to - from > (256UL << 20)) continue;  // a sanitizer's shadow: reserved, not used
    std::string piece(to - from, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(from));
    memory.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(memory.gcount()));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::string command_line_of(pid_t pid) { return read_file("/proc/" + std::to_string(pid) + "/cmdline"); }

}  // namespace

TEST_CASE("no node's disk, log, words or command line shows a person, and a relay's memory never did") {
  const Scratch scratch;
  World world(scratch);
  RunningNode hub(world.hub);
  RunningNode relay(world.relay, {"--peer", hub.address()});
  world.deliver_by_stick(world.hub, world.east);
  int photo = 0;
  std::vector<fs::path> pictures;
  for (const Person& person : world.people_of(world.east)) {
    pictures.push_back(good_photo(photo));
    world.submit(world.east, person, photo++);
  }
  // Failures on the way have their words searched as well.
  const Person first = world.people_of(world.east).front();
  world.east.say({"capture", "--code", world.code(first).string(), "--photo", bad_photo("dark").string()});
  // By another name: a code's own file name is the student's number, and the relay is told the path.
  const fs::path nameless = world.folder() / "a-code.png";
  fs::copy_file(world.code(first), nameless);
  world.relay.say({"capture", "--code", nameless.string(), "--photo", good_photo(0).string()});
  world.east.ask({"sync", "--peer", relay.address(), "--until-done", "--deadline", "100s"});

  const json::object review = world.hub.ask({"review", "list"});
  Arguments approve{"review", "approve"};
  for (const json::value& waiting : review.at("waiting").as_array()) approve.push_back(text_at(waiting.as_object(), "student"));
  world.hub.ask(approve);
  const fs::path out = world.folder() / "export";
  world.hub.ask({"export", "--out", out.string()});
  for (const fs::path& file : files_below(out)) {
    if (file.extension() == ".jpg") pictures.push_back(file);
  }
  const std::vector<Secret> secrets = secrets_of(world, pictures);
  REQUIRE(secrets.size() > 60);

  SECTION("the search itself finds what is there") {
    const std::string manifest =
        read_file(text_at(world.hub.ask({"export", "--out", (world.folder() / "again").string()}), "manifest"));
    bool found = false;
    for (const fs::path& file : files_below(world.folder() / "again")) {
      found = found || read_file(file).find(first.id_number) != std::string::npos;
    }
    REQUIRE(found);
    bool relay_knows_itself = false;
    for (const std::string& piece : memory_of(relay.process().pid())) {
      relay_knows_itself = relay_knows_itself || piece.find(world.relay.path().string()) != std::string::npos;
    }
    REQUIRE(relay_knows_itself);
  }
  SECTION("the relay's memory") {
    for (const std::string& piece : memory_of(relay.process().pid())) require_none(secrets, piece, "the relay's memory");
  }
  SECTION("command lines, diaries and error output") {
    require_none(secrets, command_line_of(relay.process().pid()), "the relay's command line");
    require_none(secrets, command_line_of(hub.process().pid()), "the hub's command line");
    require_none(secrets, relay.process().err() + relay.process().out(), "the relay's output");
    require_none(secrets, hub.process().err() + hub.process().out(), "the hub's output");
    for (const NodeHome* node : {&world.hub, &world.relay}) require_none_below(secrets, node->path() / "log");
    REQUIRE(!said_on_stderr().empty());
    require_none(secrets, said_on_stderr(), "the error output of a command");
  }
  SECTION("every file of every home, running and stopped") {
    for (const NodeHome* node : {&world.relay, &world.hub, &world.east, &world.west}) require_none_below(secrets, node->path());
    relay.stop();
    hub.stop();
    for (const NodeHome* node : {&world.relay, &world.hub, &world.east, &world.west}) require_none_below(secrets, node->path());
  }
  SECTION("what lies on a stick") {
    const fs::path stick = world.folder() / "found-stick";
    fs::create_directories(stick);
    world.east.ask({"stick", "write", stick.string()});
    require_none_below(secrets, stick);
  }
}

TEST_CASE("a home's files are readable by their owner alone") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  for (const NodeHome* node : {&world.hub, &world.east}) {
    const fs::perms rights = fs::status(node->path() / "identity.key").permissions();
    REQUIRE((rights & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  }
}
