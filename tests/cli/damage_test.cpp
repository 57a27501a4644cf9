// One changed byte on a stick or in a node's database is found and reported, and the rest goes through.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/support/seeded_rng.h"
#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

void flip(const fs::path& file, std::uint64_t at, int bit) {
  std::string bytes = read_file(file);
  REQUIRE(at < bytes.size());
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  write_file(file, bytes);
}

std::int64_t sum(const json::object& lanes) {
  std::int64_t total = 0;
  for (const auto& lane : lanes) total += lane.value().to_number<std::int64_t>();
  return total;
}

/// The files of a stick that hold bundles: all but the small manifests.
std::vector<fs::path> segments_below(const fs::path& stick) {
  std::vector<fs::path> out;
  for (const fs::path& file : files_below(stick)) {
    if (file.extension() == ".sat") out.push_back(file);
  }
  return out;
}

}  // namespace

TEST_CASE("any changed byte of a stick segment is reported and costs one bundle at most") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  int photo = 0;
  for (const Person& person : world.people_of(world.east)) world.submit(world.east, person, photo++);
  const fs::path clean = scratch / "clean";
  fs::create_directories(clean);
  world.east.ask({"stick", "write", clean.string()});
  const fs::path home = scratch / "hub-copy";
  const NodeHome copy("copy", home);

  copy_folder(world.hub.path(), home);
  const std::int64_t whole = sum(copy.ask({"stick", "read", clean.string()}).at("bundles").as_object());
  REQUIRE(whole >= 2);
  const auto segments = segments_below(clean);
  REQUIRE(!segments.empty());

  SeededRng rng(20261122);
  const fs::path damaged = scratch / "damaged";
  for (int round = 0; round < 30; ++round) {
    const fs::path& segment = segments[rng.below(segments.size())];
    const std::uint64_t size = fs::file_size(segment);
    // The first rounds go through the start, where the small blocks stand; the others anywhere.
    const std::uint64_t at =
        round < 12 ? std::min<std::uint64_t>(static_cast<std::uint64_t>(round) * 53, size - 1) : rng.below(size);
    INFO("round " << round << " byte " << at << " of " << segment.filename());
    copy_folder(clean, damaged);
    copy_folder(world.hub.path(), home);
    flip(damaged / fs::relative(segment, clean), at, static_cast<int>(rng.below(8)));
    const json::object read = copy.ask({"stick", "read", damaged.string()}, 9);
    INFO(json::serialize(read));
    REQUIRE(!read.at("damaged").as_array().empty());
    require_keys(read.at("damaged").as_array().at(0).as_object(), {"file", "offset", "code", "zh", "en"});
    REQUIRE(sum(read.at("bundles").as_object()) >= whole - 1);
    REQUIRE(copy.ask({"log", "verify"}).at("faults").as_array().empty());
    // The whole stick, read afterwards, brings what was missing.
    copy.ask({"stick", "read", clean.string()});
    REQUIRE(number_at(copy.ask({"status"}).at("students").as_object(), "submitted") ==
            static_cast<std::int64_t>(world.people_of(world.east).size()));
  }
}

TEST_CASE("a stick cut at any length gives what was whole, and none of its other files is touched") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, world.people_of(world.east).front(), 0);
  const fs::path clean = scratch / "clean";
  fs::create_directories(clean);
  write_file(clean / "holiday.jpg", "somebody else's file");
  world.east.ask({"stick", "write", clean.string()});
  const auto segments = segments_below(clean);
  REQUIRE(!segments.empty());
  const fs::path torn = scratch / "torn";
  const NodeHome copy("copy", scratch / "hub-copy");
  for (int tenth = 0; tenth < 10; ++tenth) {
    INFO("cut at " << tenth << "/10");
    copy_folder(clean, torn);
    copy_folder(world.hub.path(), copy.path());
    const fs::path segment = torn / fs::relative(segments.back(), clean);
    fs::resize_file(segment, fs::file_size(segment) * static_cast<std::uint64_t>(tenth) / 10);
    const Outcome outcome = copy.say({"--json", "stick", "read", torn.string()});
    INFO(outcome.out << outcome.err);
    REQUIRE((outcome.exit == 9 || outcome.exit == 3 || outcome.exit == 0));
    REQUIRE(copy.ask({"log", "verify"}).at("faults").as_array().empty());
    REQUIRE(read_file(torn / "holiday.jpg") == "somebody else's file");
  }
}

TEST_CASE("any changed byte of a stored picture is found by log verify, and the other pictures still go to the hub") {
  const Scratch scratch;
  World world(scratch, {.students = 6, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  int photo = 0;
  for (const Person& person : world.people_of(world.east)) world.submit(world.east, person, photo++);
  REQUIRE(world.east.ask({"log", "verify"}).at("faults").as_array().empty());

  // Nearly every byte of the database's large files is sealed picture.
  std::vector<fs::path> large;
  for (const fs::path& file : files_below(world.east.path() / "db")) {
    const std::string extension = file.extension();
    if ((extension == ".sst" || extension == ".values" || extension == ".log") && fs::file_size(file) > 30000)
      large.push_back(file);
  }
  REQUIRE(!large.empty());

  SeededRng rng(5);
  const NodeHome copy("copy", scratch / "east-copy");
  for (int round = 0; round < 12; ++round) {
    const fs::path& file = large[rng.below(large.size())];
    const std::uint64_t size = fs::file_size(file);
    const std::uint64_t at = size / 8 + rng.below(size * 3 / 4);
    INFO("round " << round << " byte " << at << " of " << size << " in " << file.filename());
    copy_folder(world.east.path(), copy.path());
    flip(copy.path() / fs::relative(file, world.east.path()), at, static_cast<int>(rng.below(8)));
    const Outcome verified = copy.say({"--json", "log", "verify"});
    INFO(verified.out << verified.err);
    REQUIRE(verified.exit == 9);
    const json::object document = parse_json(verified.out).as_object();
    if (document.contains("faults")) REQUIRE(!document.at("faults").as_array().empty());
  }
}
