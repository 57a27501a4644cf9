// NC: to the teaching points of Nanchang: exact files, nothing altered, who was there before, and errata.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/notices/story.h"

using namespace satchel::tests;

namespace {

constexpr int kStudents = 24;
constexpr int kSites = 4;
constexpr int kExempt = 5;  // place in the roster: was photographed before
constexpr int kWrong = 7;   // stands in the roster with another birthday
constexpr int kRetake = 6;  // an earlier picture failed the verification

Casting cast() {
  Casting out{"nc", {}, {}, "2026-04-01 09:00"};
  for (int i = 1; i <= kSites; ++i) out.sites.push_back(numeral(i) + "号函授站");
  RosterWriter roster;
  for (int i = 0; i < kStudents; ++i) {
    RosterWriter::Row row;
    row.number = "202499" + std::to_string(400000 + i);
    row.enrolled = "20240301";
    row.site = out.sites[static_cast<std::size_t>(i % kSites)];
    row.class_name = "24法（1）";
    row.check_x = i % 4 == 0;
    row.exempt = i == kExempt ? "是" : "";
    row.retake = i == kRetake ? "是" : "";
    roster.add(row);
  }
  out.roster = roster.text();
  return out;
}

/// The name and the number of one student were wrong in the roster: the corrected list is imported again.
std::string with_errata(std::string roster, const std::string& wrong, const std::string& right) {
  const std::size_t at = roster.find(wrong);
  REQUIRE(at != std::string::npos);
  return roster.replace(at, wrong.size(), right);
}

std::vector<Person> photographed(const Story& story) {
  std::vector<Person> out = story.people;
  out.erase(out.begin() + kExempt);
  return out;
}

/// At each site the students look at what went out: 正确, but for one whose identity number is not his. Gives that one.
std::string proof_at_the_sites(Telling& telling, Story& story) {
  story.clock.set("2026-05-14 10:00");
  const std::string found = story.reference(story.people[kWrong]);
  for (const NodeHome& site : telling.sites) {
    std::vector<Person> right;
    for (const Person& person : photographed(story)) {
      if (person.site == site.name() && person.number != story.people[kWrong].number) right.push_back(person);
    }
    const auto list = story.list_of("right-" + site.path().filename().string() + ".csv", right);
    const auto marked = site.ask({"proof", "mark", "--list", list.string(), "--right"});
    CHECK(list_at(marked, "marked").size() == right.size());
  }
  telling.site(story.people[kWrong].site).ask({"proof", "mark", found, "--wrong", "id_number", "--note", "出生日期有误"});
  return found;
}

/// The hub prints his 勘误表, and nobody else's; nothing is handed over to him meanwhile.
void open_errata(Telling& telling, Story& story, const std::string& found) {
  story.clock.set("2026-05-15 10:00");
  CHECK(texts_of(list_at(telling.hub.ask({"proof", "list"}), "waiting"), "student") == std::vector<std::string>{found});
  telling.hub.ask({"errata", "open", found, "--note", "附身份证复印件"});
  const std::string form = telling.paper("errata", 1);
  CHECK(form.find("勘误表") != std::string::npos);
  CHECK(form.find(story.people[kWrong].name) != std::string::npos);
  CHECK(times(form, "√ 错误") == 1);
  telling.paper("contact-sheet", kStudents - 1);
}

}  // namespace

TEST_CASE("NC: teaching points deliver files named by identity number, unaltered, and the errata reach them") {
  const Casting casting = cast();
  Story story(casting);
  const auto& rules = object_at(story.hub.ask({"campaign", "show"}), "rules");
  CHECK(number_at(rules, "similarity_min") == 80);
  CHECK_FALSE(rules.at("replace_background").as_bool());
  CHECK(text_at(rules, "export_name") == "{id_number}.jpg");

  // Said when the code is scanned: photographed before; must be taken again; and of another site.
  story.clock.set("2026-04-08 10:00");
  const Person& exempt = story.people[kExempt];
  const Person& retake = story.people[kRetake];
  const auto scan = [&](const std::string& site, const Person& person) {
    return story.site(site).ask_lines({"code", "scan", story.code(person).string()}).front();
  };
  CHECK(scan(exempt.site, exempt).at("exempt").as_bool());
  CHECK(scan(retake.site, retake).at("must_retake").as_bool());
  const auto visitor = scan(story.people[0].site, story.people[1]);
  CHECK(visitor.at("visitor").as_bool());
  CHECK(text_at(visitor, "site") == story.people[1].site);
  story.site(exempt.site)
      .refuses({"capture", "--code", story.code(exempt).string(), "--photo", portrait(0).string()}, 7, "E-EXEMPT");
  const auto queue = story.site(retake.site).ask({"queue"});
  CHECK(text_at(list_at(queue, "queue")[0].as_object(), "why") == "must_retake");

  // Each point delivers a folder; the files are named by identity number, and the exempt one has no picture in it.
  std::set<std::string> expected;
  for (const NodeHome& site : story.sites) {
    const auto folder = story.scratch / ("nc-" + site.path().filename().string());
    std::filesystem::create_directories(folder);
    std::size_t files = 0;
    for (std::size_t i = 0; i < story.people.size(); ++i) {
      const Person& person = story.people[i];
      if (person.site != site.name() || i == kExempt) continue;
      std::filesystem::copy_file(portrait(static_cast<int>(i)), folder / (person.id_number + ".jpg"));
      ++files;
    }
    const auto taken = site.ask({"capture", "--folder", folder.string(), "--submit"});
    CHECK(number_at(taken, "submitted") == static_cast<std::int64_t>(files));
    for (const auto& one : list_at(taken, "pictures")) {
      CHECK_FALSE(one.as_object().contains("ground"));  // nothing is replaced
      CHECK(text_at(one.as_object(), "file").find("***") != std::string::npos);
    }
  }
  for (std::size_t i = 0; i < story.people.size(); ++i) {
    if (i != kExempt) expected.insert(story.people[i].id_number + ".jpg");
  }
  CHECK(std::count_if(expected.begin(), expected.end(), [](const auto& name) { return name.find('X') != std::string::npos; }) ==
        6);

  // Errata: of one student the last birthday digits were mixed up; another X closes the number.
  const std::string wrong = story.people[kWrong].id_number;
  RosterWriter draw;
  for (int i = 0; i < 30; ++i) draw.add({"1", "20240301", "专升本", "x", "x"});
  draw.add({"1", "20240301", "专升本", "x", "x", false, true});
  const std::string fresh = draw.text();
  const std::size_t last = fresh.rfind("999999");
  const std::string right = fresh.substr(last, 18);
  REQUIRE(right.ends_with('X'));
  write_file(story.scratch / "errata.csv", with_errata(casting.roster, wrong, right));
  expected.erase(wrong + ".jpg");
  expected.insert(right + ".jpg");

  auto tellings = story.split("2026-05-11 08:00");
  for (Telling& telling : tellings) {
    telling.bring_in();
    story.clock.set("2026-05-12 09:00");
    CHECK(telling.approve_all().size() == kStudents - 1);
    CHECK(number_at(telling.hub.ask({"export", "--out", (telling.folder / "to-proof").string()}), "exported") == kStudents - 1);
    telling.bring_out();
    const std::string found = proof_at_the_sites(telling, story);
    telling.bring_in();
    open_errata(telling, story, found);
    const std::string errata = (story.scratch / "errata.csv").string();
    CHECK(number_at(telling.hub.ask({"roster", "import", errata, "--dry-run"}), "changed") == 1);
    CHECK(number_at(telling.hub.ask({"roster", "import", errata}), "changed") == 1);
    CHECK(number_at(telling.hub.ask({"export", "--out", (telling.folder / "export").string()}), "exported") == kStudents - 1);
    telling.bring_out();
    // Now it is right, and says so; then everybody's picture is handed over.
    telling.site(story.people[kWrong].site).ask({"proof", "mark", found, "--right"});
    telling.bring_in();
    const auto list = story.list_of("all.csv", photographed(story));
    telling.hub.refuses({"deliver", found}, 7, "E-ERRATA-OPEN");
    telling.hub.ask({"errata", "close", found});
    CHECK(list_at(telling.hub.ask({"proof", "list"}), "waiting").empty());
    const auto delivered = telling.hub.ask({"deliver", "--list", list.string()});
    CHECK(list_at(delivered, "marked").size() == kStudents - 1);
    telling.bring_out();
    std::set<std::string> written;
    for (const auto& entry : std::filesystem::directory_iterator(telling.folder / "export")) {
      if (entry.path().extension() == ".jpg") written.insert(entry.path().filename().string());
    }
    CHECK(written == expected);
    for (const std::string& name : written) {
      const JpegShape shape = jpeg_shape(read_file(telling.folder / "export" / name));
      CHECK(shape.width == 120);
      CHECK(shape.height == 160);
      CHECK(shape.components == 3);  // 24 bit
    }
  }
  Story::require_same(tellings, "export");
  Story::require_same(tellings, "handed");
  story.report(tellings[1], "NC 南昌：4 个函授站，身份证号.jpg 120×160，勘误 1 名",
               {"免拍 1 名，须重拍 1 名，扫码时即提示；与入学照相似度须高于 80。",
                "站点校对：22 名正确，1 名身份证号有误；勘误表 1 份，更正并复核后全部发放。"});
}
