// The real program on computers that lack something: a library, a font.
#include <jxl/version.h>

#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;

namespace {

/// What the program looks for; see core/transcode/jxl_library.cpp.
std::string jxl_file() {
  return "libjxl.so." + std::to_string(JPEGXL_MAJOR_VERSION) + "." + std::to_string(JPEGXL_MINOR_VERSION);
}

}  // namespace

TEST_CASE("a hub without libjxl keeps what came, says what is missing, and opens it once the library is there") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const std::string student = text_at(world.submit(world.east, world.people_of(world.east).at(0), 0), "student");
  std::filesystem::create_directories(scratch / "stick");
  world.east.ask({"stick", "write", (scratch / "stick").string()});

  std::filesystem::create_directories(scratch / "broken");
  write_file(scratch / "broken" / jxl_file(), "no library");
  const NodeHome lacking = world.hub.with({{"LD_LIBRARY_PATH", (scratch / "broken").string()}});
  lacking.refuses({"stick", "read", (scratch / "stick").string()}, 1, "E-JXL-MISSING");
  REQUIRE(number_at(lacking.ask({"status"}).at("students").as_object(), "submitted") == 0);
  world.hub.ask({"review", "approve", student});
  world.hub.ask({"log", "verify"});
}

TEST_CASE("a hub without a Chinese font prints nothing rather than boxes, and names the character") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  write_file(scratch / "fonts.conf", "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>" +
                                         (scratch / "no-fonts").string() + "</dir></fontconfig>");
  const NodeHome lacking = world.hub.with({{"FONTCONFIG_FILE", (scratch / "fonts.conf").string()}});
  lacking.refuses({"papers", "codes", "--out", (scratch / "out").string()}, 1, "E-FONT");
  CHECK_FALSE(std::filesystem::exists(scratch / "out" / "codes.pdf"));
}
