// A photographer's folder at a teaching point.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

/// The code of the error of the picture whose shown name ends with this.
std::string refusal(const boost::json::object& answer, const std::string& ending) {
  for (const auto& one : answer.at("pictures").as_array()) {
    const auto& line = one.as_object();
    if (text_at(line, "file").ends_with(ending) && line.contains("error")) return text_at(line.at("error").as_object(), "code");
  }
  return {};
}

}  // namespace

TEST_CASE("a folder of pictures finds its students, tells each that is not taken in, and may be run again") {
  const Scratch scratch;
  World world(scratch, {.students = 8, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  REQUIRE(people.size() == 4);
  const fs::path folder = scratch / "photos";
  fs::create_directories(folder / "24护1");
  fs::copy_file(good_photo(0), folder / (people[0].number + ".jpg"));
  fs::copy_file(good_photo(1), folder / "24护1" / (people[1].id_number + ".JPG"));
  fs::copy_file(bad_photo("blurred"), folder / (people[2].number + " (1).jpg"));
  fs::copy_file(good_photo(2), folder / "IMG_0042.jpg");
  fs::copy_file(good_photo(0), folder / (people[3].number + ".jpg"));  // of the first student
  fs::copy_file(good_photo(3), folder / (people[2].number + "_" + people[3].number + ".jpg"));
  write_file(folder / "readme.txt", "not a picture");

  const auto first = world.east.ask({"capture", "--folder", folder.string()}, 4);
  REQUIRE(number_at(first, "files") == 6);
  REQUIRE(number_at(first, "skipped") == 1);
  REQUIRE(number_at(first, "usable") == 2);
  REQUIRE(number_at(first, "failed") == 1);
  REQUIRE(number_at(first, "refused") == 3);
  REQUIRE(number_at(first, "submitted") == 0);
  REQUIRE(refusal(first, "IMG_0042.jpg") == "E-PHOTO-NOBODY");
  const std::string tail = people[3].number.substr(people[3].number.size() - 4) + ".jpg";
  REQUIRE((refusal(first, tail) == "E-PHOTO-OTHER" || refusal(first, tail) == "E-PHOTO-SEVERAL"));
  const std::string shown = boost::json::serialize(first);
  for (const Person& person : people) {
    REQUIRE(shown.find(person.number) == std::string::npos);
    REQUIRE(shown.find(person.id_number) == std::string::npos);
  }

  // The second time nothing is taken twice; a table names what the camera has named.
  write_file(scratch / "table.csv", "文件,学号\nIMG_0042.jpg," + people[3].number + "\n");
  const Arguments again{"capture", "--folder", folder.string(), "--table", (scratch / "table.csv").string(), "--submit"};
  const auto second = world.east.ask(again, 4);
  REQUIRE(number_at(second, "already") == 3);
  REQUIRE(number_at(second, "usable") == 1);
  REQUIRE(number_at(second, "refused") == 2);
  REQUIRE(number_at(second, "submitted") == 3);
  REQUIRE(number_at(world.east.ask({"status"}).at("students").as_object(), "submitted") == 3);

  const Outcome told = world.east.say({"--lang", "zh", "capture", "--folder", folder.string()});
  REQUIRE(told.exit == 4);
  REQUIRE(told.out.find("没有导入") != std::string::npos);
  REQUIRE(told.err.find("再执行一次") != std::string::npos);
  REQUIRE((told.out + told.err).find(people[0].number) == std::string::npos);
}

TEST_CASE("a folder without pictures is told, and what is needed of a capture is asked for") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  fs::create_directories(scratch / "empty");
  world.east.refuses({"capture", "--folder", (scratch / "empty").string()}, 3, "E-FOLDER-PICTURES");
  world.east.refuses({"capture", "--folder", (scratch / "nowhere").string()}, 1, "E-FOLDER-MISSING");
  world.east.refuses({"capture", "--photo", good_photo(0).string()}, 2, "E-USAGE");
  world.east.refuses({"submit"}, 2, "E-USAGE");
  world.hub.refuses({"submit", "--all-passing"}, 7, "E-NOT-SITE");
}

TEST_CASE("all who have a usable draft are submitted at once, each with the best") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const Outcome none = world.east.say({"--json", "submit", "--all-passing"});
  REQUIRE(none.exit == 3);
  for (std::size_t i = 0; i < people.size(); ++i) {
    world.east.ask({"capture", "--code", world.code(people[i]).string(), "--photo", good_photo(static_cast<int>(i)).string()});
  }
  const auto done = world.east.ask({"submit", "--all-passing", "--checked", "all"});
  REQUIRE(done.at("submitted").as_array().size() == people.size());
  REQUIRE(world.east.say({"submit", "--all-passing"}).exit == 3);
}
