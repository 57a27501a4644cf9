// Wrong pictures: nothing that calls itself a picture may crash the check, fill the memory, or become a draft.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFF);
  return out;
}

/// CRC-32 of PNG (ISO 3309), bit by bit.
std::uint32_t crc(const std::string& bytes) {
  std::uint32_t value = 0xFFFFFFFF;
  for (const char c : bytes) {
    value ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~value;
}

std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc(type + data));
}

/// Says that it is 20000 × 10000, and holds nothing of it.
std::string huge_png() {
  return std::string("\x89PNG\r\n\x1a\n", 8) +
         chunk("IHDR", big_endian(20000) + big_endian(10000) + std::string("\x08\x02\x00\x00\x00", 5)) +
         chunk("IDAT", std::string("\x78\x9c\x03\x00\x00\x00\x00\x01", 8)) + chunk("IEND", "");
}

/// A good picture whose frame header says 20000 × 10000.
std::string huge_jpeg() {
  std::string bytes = read_file(good_photo(0));
  for (std::size_t at = 2; at + 9 < bytes.size();) {
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (marker >= 0xC0 && marker <= 0xC2) {
      bytes.replace(at + 5, 4, std::string("\x27\x10\x4E\x20", 4));
      return bytes;
    }
    at +=
        2 + static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 2])) * 256 + static_cast<unsigned char>(bytes[at + 3]);
  }
  FAIL("no frame header in the good picture");
  return bytes;
}

}  // namespace

TEST_CASE("what is no readable picture is refused by check and by capture with its own code, and other pictures go on") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const std::string code = world.code(world.people_of(world.east).front()).string();
  const std::string whole = read_file(good_photo(0));

  struct Case {
    std::string name;
    std::string bytes;
    std::string id;
  };
  const std::vector<Case> cases{
      {"empty.jpg", "", "E-FILE-EMPTY"},
      {"huge.png", huge_png(), "E-IMG-LARGE"},
      {"huge.jpg", huge_jpeg(), "E-IMG-LARGE"},
      {"cut.jpg", whole.substr(0, whole.size() / 2), "E-IMG-DAMAGED"},
      {"head.jpg", whole.substr(0, 200), "E-IMG-DAMAGED"},
      {"one.jpg", whole.substr(0, 1), "E-IMG-FORMAT"},
      {"text.jpg", "this is a text and no picture at all\n", "E-IMG-FORMAT"},
      {"gif.gif", "GIF89a\x01", "E-IMG-FORMAT"},
  };
  Arguments all{"check"};
  for (const Case& one : cases) {
    INFO(one.name);
    write_file(scratch / one.name, one.bytes);
    world.east.refuses({"capture", "--code", code, "--photo", (scratch / one.name).string(), "--submit"}, 1, one.id);
    all.push_back((scratch / one.name).string());
  }
  all.push_back((scratch / "missing.jpg").string());
  all.push_back(good_photo(0).string());
  const auto lines = world.east.ask_lines(all, 1);
  REQUIRE(lines.size() == cases.size() + 2);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].name);
    require_error(lines[i].at("error").as_object(), cases[i].id);
  }
  require_error(lines[cases.size()].at("error").as_object(), "E-FILE-MISSING");
  REQUIRE((lines.back().at("verdict") == "pass" || lines.back().at("verdict") == "advice"));
  const json::object students = world.east.ask({"status"}).at("students").as_object();
  REQUIRE(number_at(students, "drafted") == 0);
  REQUIRE(number_at(students, "submitted") == 0);
}

TEST_CASE("a JPEG cut or changed anywhere gets an answer, never a crash") {
  const Scratch scratch;
  const NodeHome nobody("nobody", scratch / "none");
  const std::string whole = read_file(good_photo(1));
  Arguments command{"check"};
  for (std::size_t i = 0; i < 24; ++i) {
    const std::size_t at = i < 8 ? 2 + i * 37 : whole.size() * (i - 7) / 18;
    std::string bytes = whole;
    if (i % 2 == 0) {
      bytes.resize(at);
    } else {
      bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    }
    const fs::path file = scratch / ("v" + std::to_string(i) + ".jpg");
    write_file(file, bytes);
    command.push_back(file.string());
  }
  Arguments with_json{"--json"};
  with_json.insert(with_json.end(), command.begin(), command.end());
  const Outcome outcome = nobody.say(with_json);
  INFO(outcome.err);
  REQUIRE(outcome.exit == 1);  // some could not be read
  REQUIRE(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 24);
}
