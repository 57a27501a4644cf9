#include "tests/support/world.h"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>

namespace satchel::tests {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<Person> read_people(const fs::path& roster) {
  std::string text = read_file(roster);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::istringstream lines(text);
  std::string line;
  REQUIRE(std::getline(lines, line));
  const std::vector<std::string> header = split(line);
  std::vector<Person> people;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    const std::vector<std::string> cells = split(line);
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) row[header[i]] = cells[i];
    std::string number = row["学号"];
    while (number.ends_with('*')) number.pop_back();
    people.push_back({number, row["姓名"], row["身份证号"], row["站点"], row["手机"], row["EMAIL"]});
  }
  return people;
}

void draw_roster(const fs::path& out, const WorldOptions& options) {
  const Outcome drawn = run(Launch{SATCHEL_ROSTER_PROGRAM,
                                   {"--seed", std::to_string(options.seed), "--students", std::to_string(options.students),
                                    "--sites", std::string(kEastName) + "," + kWestName, "--out", out.string()}},
                            kCommandTime);
  INFO(drawn.out << drawn.err);
  REQUIRE(drawn.exit == 0);
}

}  // namespace

fs::path good_photo(int number) {
  return fs::path(SATCHEL_PEOPLE_FOLDER) / ("person-1-" + std::to_string(number % kGoodPhotos) + ".jpg");
}

fs::path bad_photo(const std::string& defect) { return fs::path(SATCHEL_PEOPLE_FOLDER) / ("person-1-0-" + defect + ".jpg"); }

fs::path default_profile() { return fs::path(SATCHEL_SOURCE_FOLDER) / "examples/profiles/default.toml"; }

World::World(const Scratch& scratch, const WorldOptions& options)
    : hub("hub", scratch / options.folder / "hub"),
      east(kEastName, scratch / options.folder / "east"),
      west(kWestName, scratch / options.folder / "west"),
      relay("relay", scratch / options.folder / "relay"),
      folder_(scratch / options.folder) {
  fs::create_directories(folder_);
  require_keys(hub.ask({"hub", "init", "--profile", default_profile().string(), "--name", "hub"}),
               {"schema", "campaign", "id", "recovery_key"});
  enrol(east, kEastName, false);
  enrol(west, kWestName, false);
  if (options.with_relay) enrol(relay, "relay", true);
  draw_roster(roster(), options);
  people = read_people(roster());
  REQUIRE(people.size() == static_cast<std::size_t>(options.students));
  REQUIRE(number_at(hub.ask({"roster", "import", roster().string()}), "imported") == options.students);
  REQUIRE(number_at(hub.ask({"code", "issue", "--out", (folder_ / "codes").string()}), "issued") == options.students);
}

void World::enrol(const NodeHome& node, const std::string& name, bool as_relay) {
  const std::string request = node.path().string() + ".request";
  const std::string card = node.path().string() + ".card";
  Arguments init{"site", "init", "--name", name, "--out", request};
  if (as_relay) init.emplace_back("--relay");
  node.ask(init);
  hub.ask({"hub", "enroll", request, "--out", card});
  const auto joined = node.ask({"join", card});
  REQUIRE(text_at(joined, "name") == name);
  REQUIRE(text_at(joined, "role") == (as_relay ? "relay" : "site"));
}

std::vector<Person> World::people_of(const NodeHome& site) const {
  std::vector<Person> out;
  for (const Person& person : people) {
    if (person.site == site.name()) out.push_back(person);
  }
  return out;
}

std::string World::reference(const NodeHome& site, const Person& person) const {
  const auto lines = site.ask_lines({"code", "scan", code(person).string()});
  REQUIRE(lines.size() == 1);
  return text_at(lines.front(), "student");
}

void World::deliver_by_stick(const NodeHome& from, const NodeHome& to) {
  const fs::path stick = folder_ / ("stick" + std::to_string(++sticks_));
  fs::create_directories(stick);
  from.ask({"stick", "write", stick.string()});
  to.ask({"stick", "read", stick.string()});
}

void World::sign_profile(const std::map<std::string, std::string>& changes) const {
  std::string text = read_file(default_profile());
  for (const auto& [before, after] : changes) {
    const std::size_t at = text.find(before);
    REQUIRE(at != std::string::npos);
    text.replace(at, before.size(), after);
  }
  const fs::path file = folder_ / "changed.toml";
  write_file(file, text);
  hub.ask({"campaign", "sign", file.string()});
}

boost::json::object World::submit(const NodeHome& site, const Person& person, int photo) const {
  auto answer = site.ask({"capture", "--code", code(person).string(), "--photo", good_photo(photo).string(), "--submit"});
  REQUIRE(answer.at("submitted").as_bool());
  return answer;
}

JpegShape jpeg_shape(const std::string& bytes) {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<int>(static_cast<unsigned char>(bytes[i])) : -1; };
  const auto word = [&](std::size_t i) { return byte(i) * 256 + byte(i + 1); };
  REQUIRE(word(0) == 0xFFD8);
  JpegShape shape;
  for (std::size_t at = 2; byte(at) == 0xFF; at += 2 + static_cast<std::size_t>(word(at + 2))) {
    const int marker = byte(at + 1);
    if (marker == 0xE0 && bytes.compare(at + 4, 4, "JFIF") == 0 && byte(at + 11) == 1) shape.dpi = word(at + 12);
    if (marker >= 0xC0 && marker <= 0xC2) {
      shape.height = word(at + 5);
      shape.width = word(at + 7);
      shape.components = byte(at + 9);
      return shape;
    }
    if (marker == 0xDA || word(at + 2) < 2) break;
  }
  FAIL("no frame header in this JPEG");
  return shape;
}

std::string pdf_text(const fs::path& pdf) {
  const Outcome read = run(Launch{"/usr/bin/pdftotext", {"-layout", pdf.string(), "-"}}, kCommandTime);
  INFO(read.err);
  REQUIRE(read.exit == 0);
  return read.out;
}

}  // namespace satchel::tests
