#include "core/campaign/profile.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/campaign/name_pattern.h"

using namespace satchel::core;

namespace {

const std::string kHead = "name = \"c\"\nschool = \"s\"\nschool_code = \"10403\"\n";

std::string file(const std::string& path) {
  std::ifstream in{std::filesystem::path{SATCHEL_SOURCE_DIR} / path, std::ios::binary};
  REQUIRE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Profile good(const std::string& text) {
  auto profile = parse_profile(text);
  INFO((profile ? "" : profile.error().detail));
  REQUIRE(profile.has_value());
  return *profile;
}

/// The detail of the refusal.
std::string bad(const std::string& text) {
  const auto profile = parse_profile(text);
  INFO(text);
  REQUIRE(!profile.has_value());
  CHECK(profile.error().code == Code::kProfileBad);
  return profile.error().detail;
}

}  // namespace

TEST_CASE("a profile needs a name, a school and its code of five digits; all else has defaults") {
  const Profile profile = good(kHead);
  CHECK(profile.school_code == "10403");
  CHECK(profile.attempts_max == 10);
  CHECK(profile.draft_capacity == 10);
  CHECK(profile.windows.empty());
  CHECK(profile.picture.empty());
  CHECK(profile.export_name == "{id_number}.jpg");
  CHECK(profile.export_width == 120);
  CHECK(profile.export_height == 160);
  CHECK(profile.backgrounds.size() == 3);
  CHECK_FALSE(profile.replace_background);
  CHECK_FALSE(profile.full_chroma);
  CHECK(profile.reject_reasons.size() == 13);

  CHECK(bad("school = \"s\"\nschool_code = \"10403\"\n").find("name is missing") != std::string::npos);
  CHECK(bad("name = \"\"\nschool = \"s\"\nschool_code = \"10403\"\n").find("name is empty") != std::string::npos);
  CHECK(bad("name = \"c\"\nschool = \"s\"\nschool_code = \"1040\"\n").find("line 3: school_code") != std::string::npos);
  CHECK(bad("name = \"c\"\nschool = \"s\"\nschool_code = 10403\n").find("line 3: school_code must be a text") !=
        std::string::npos);
}

TEST_CASE("the profile that is shipped is a good one, and names every limit of the picture") {
  const Profile profile = good(file("examples/profiles/default.toml"));
  CHECK(profile.backgrounds.front() == Colour{100, 197, 255});
  for (const std::string_view key : picture_keys()) {
    INFO(key);
    CHECK(profile.picture.contains(std::string(key)));
  }
}

TEST_CASE("the keys of the picture are the members of the judge's limits") {
  std::set<std::string> members;
  std::istringstream header{file("core/portrait/limits.h")};
  for (std::string line; std::getline(header, line);) {
    std::istringstream words{line};
    std::string type;
    std::string name;
    words >> type >> name;
    if (type == "int" || type == "double" || type == "bool") members.insert(name);
  }
  members.erase("similarity_min");  // stands in [review]
  std::set<std::string> keys;
  for (const std::string_view key : picture_keys()) keys.emplace(key);
  CHECK(keys == members);
}

TEST_CASE("an unknown key is an error with its line and the nearest known key") {
  CHECK(bad(kHead + "scool_type = \"x\"\n") == "line 4: scool_type is no key of a profile; perhaps school_type");
  CHECK(bad(kHead + "[picture]\neye_heigth_pass = 20\n") ==
        "line 5: picture.eye_heigth_pass is no key of a profile; perhaps eye_height_pass");
  CHECK(bad(kHead + "[capture]\nzzzzzzzzzzzz = 1\n") == "line 5: capture.zzzzzzzzzzzz is no key of a profile");
  CHECK(bad(kHead + "[pictures]\n").find("perhaps picture") != std::string::npos);
  CHECK(!bad(kHead + std::string(5000, 'k') + " = 1\n").empty());
}

TEST_CASE("a wrong type and a value out of range are errors with line and key") {
  CHECK(bad(kHead + "[capture]\nattempts_max = 0\n") == "line 5: capture.attempts_max must lie between 1 and 1000");
  CHECK(bad(kHead + "[capture]\nattempts_max = 2.5\n").find("whole number") != std::string::npos);
  CHECK(bad(kHead + "[picture]\ndpi = \"300\"\n") == "line 5: picture.dpi must be a whole number");
  CHECK(bad(kHead + "[picture]\ncentre_pass = nan\n").find("between 0 and 0.5") != std::string::npos);
  CHECK(bad(kHead + "[picture]\ncentre_pass = true\n").find("must be a number") != std::string::npos);
  CHECK(bad(kHead + "picture = 3\n").find("must be a section") != std::string::npos);
  CHECK(bad(kHead + "[background]\naccepted = [[1, 2, 256]]\n").find("colours") != std::string::npos);
  CHECK(bad(kHead + "[background]\nreplace = 1\n").find("must be true or false") != std::string::npos);
  CHECK(good(kHead + "[background]\nreplace = true\n[standard]\nfull_chroma = true\n").replace_background);
  CHECK(bad(kHead + "[background]\naccepted = []\n").find("at least one") != std::string::npos);
  CHECK(bad(kHead + "[review]\nreasons = [\"R-BLURR\"]\n").find("perhaps R-BLUR") != std::string::npos);
  CHECK(bad(kHead + "[review]\nreasons = []\n").find("at least one") != std::string::npos);
  CHECK(bad(kHead + "[picture]\nstandard_bytes_min = 50000\nstandard_bytes_max = 40000\n").find("not be larger") !=
        std::string::npos);
}

TEST_CASE("text that is no TOML is an error with its line") {
  CHECK(bad(kHead + "[picture\n").find("line 4") == 0);
  CHECK(bad(kHead + "name = \"again\"\n").find("line 4") == 0);
  CHECK(bad("\xFF\xFE").find("UTF-8") != std::string::npos);
  CHECK(!bad("").empty());
  CHECK(!bad(std::string(100'000, '[')).empty());
}

TEST_CASE("windows are read with their offset, and without one in China's time") {
  const Profile profile = good(kHead +
                               "[[windows]]\ngroup = \"a\"\nfrom = 2026-06-16T08:00:00+08:00\nuntil = 2026-06-19T17:00:00\n"
                               "[[windows]]\nfrom = 2026-06-23T00:00:00Z\nuntil = 2026-06-26T09:00:00Z\n");
  REQUIRE(profile.windows.size() == 2);
  CHECK(to_iso8601(profile.windows[0].from) == "2026-06-16T00:00:00Z");
  CHECK(to_iso8601(profile.windows[0].until) == "2026-06-19T09:00:00Z");
  CHECK(to_iso8601(profile.windows[1].from) == "2026-06-23T00:00:00Z");
  CHECK(bad(kHead + "[[windows]]\nfrom = 2026-06-16T08:00:00Z\n").find("windows.until is missing") != std::string::npos);
  CHECK(bad(kHead + "[[windows]]\nfrom = 2026-06-17T08:00:00Z\nuntil = 2026-06-16T08:00:00Z\n").find("later") !=
        std::string::npos);
  CHECK(bad(kHead + "[[windows]]\nfrom = 2026-06-17\nuntil = 2026-06-18\n").find("date and time") != std::string::npos);
}

TEST_CASE("a pattern for file names needs a known field, no folder and .jpg") {
  CHECK(check_name_pattern("{id_number}.jpg").has_value());
  CHECK(check_name_pattern("照片_{student_number}-{ref}.jpg").has_value());
  for (const char* pattern : {"", "a.jpg", "{name}.jpg", "{id_number", "{id_number}.png", "../{ref}.jpg", "a\\{ref}.jpg",
                              "{ref}}.jpg", "{{ref}}.jpg", "}.jpg"}) {
    INFO(pattern);
    CHECK(!check_name_pattern(pattern).has_value());
  }
  CHECK(bad(kHead + "[export]\nname = \"x.jpg\"\n").find("line 5: export.name") == 0);
}
