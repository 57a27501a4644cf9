// SH: continuing education, 15 teaching points, 77 students, 26 of them in their last term.
#include <catch2/catch.hpp>

#include "tests/notices/story.h"

using namespace satchel::tests;

namespace {

constexpr int kStudents = 77;
constexpr int kSites = 15;
constexpr int kLastTerm = 26;
constexpr int kFailing = 6;  // 5 to 10 % of 77 do not stand up to the national check

Casting cast() {
  Casting out{"sh", {}, {}, "2026-05-04 09:00"};
  for (int i = 1; i <= kSites; ++i) out.sites.push_back(numeral(i) + "号教学点");
  RosterWriter roster;
  for (int i = 0; i < kStudents; ++i) {
    const bool last_term = i % 3 == 0;  // 0, 3, …, 75: 26 of them
    const bool upgrade = i % 2 == 0;
    RosterWriter::Row row;
    const int year = last_term ? (upgrade ? 2021 : 2019) : 2024;
    row.number = std::to_string(year) + "99" + std::to_string(100000 + i * 37);
    row.enrolled = std::to_string(year) + (last_term ? "0901" : "0301");
    row.level = upgrade ? "专升本" : "高起本";
    row.site = out.sites[static_cast<std::size_t>(i % kSites)];
    row.class_name = (last_term ? "21护（" : "24护（") + std::to_string(1 + i % 2 * 9) + "）";
    // The hub derives what is not marked: one row lacks its asterisk.
    row.last_term = last_term && i != 3;
    roster.add(row);
  }
  out.roster = roster.text();
  return out;
}

/// The sites' operators photograph everybody, two or three an evening, and submit what passed.
void collect(Story& story) {
  story.clock.set("2026-05-20 18:30");
  for (const NodeHome& site : story.sites) {
    const auto queue = site.ask({"queue", "--limit", "99"});
    const auto& waiting = list_at(queue, "queue");
    bool others = false;
    for (const auto& one : waiting) {  // last terms first
      const bool last_term = one.at("last_term").as_bool();
      REQUIRE_FALSE((others && last_term));
      others = others || !last_term;
    }
    const auto coming = story.coming(site.name());
    const auto folder = story.photograph("sh-" + site.path().filename().string(), coming);
    const auto taken = site.ask({"capture", "--folder", folder.string()});
    REQUIRE(number_at(taken, "usable") == static_cast<std::int64_t>(coming.size()));
    REQUIRE(list_at(site.ask({"submit", "--all-passing"}), "submitted").size() == coming.size());
  }
}

Arguments with(Arguments words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The hub decides within five days: the fuzzy ones go back.
std::vector<std::string> review(Telling& telling, Story& story) {
  story.clock.set("2026-06-01 10:00");
  const auto before = telling.hub.ask({"report", "risk"});
  CHECK(list_at(before, "students").size() == (kPhotographed == 1 ? 0U : list_at(before, "students").size()));
  const auto waiting = texts_of(list_at(telling.hub.ask({"review", "list"}), "waiting"), "student");
  std::vector<std::string> failing(waiting.begin(), waiting.begin() + kFailing);
  const std::vector<std::string> passing(waiting.begin() + kFailing, waiting.end());
  telling.hub.ask(with({"review", "reject", "--reason", "R-BLUR", "--note", "请使用三脚架"}, failing));
  telling.hub.ask(with({"review", "approve"}, passing));
  return failing;
}

/// On the two days for it each site takes those again who were sent back, whoever they are.
void recollect(Telling& telling, Story& story, const std::vector<std::string>& failing) {
  story.clock.set("2026-06-04 09:00");
  std::size_t told = 0;
  for (const NodeHome& site : telling.sites) {
    const auto queue = site.ask({"queue", "--recollect"});
    const auto again = texts_of(list_at(queue, "queue"), "student");
    told += again.size();
    if (again.empty()) continue;
    CHECK(text_at(queue, "recollect_from") == "2026-06-04T00:00:00Z");
    std::vector<Person> people;
    for (const Person& person : story.coming(site.name())) {
      if (std::find(again.begin(), again.end(), story.reference(person)) != again.end()) people.push_back(person);
    }
    REQUIRE(people.size() == again.size());
    const auto folder = story.photograph("sh-again-" + site.path().filename().string(), people, 100);
    const auto taken = site.ask({"capture", "--folder", folder.string(), "--submit"});
    REQUIRE(number_at(taken, "submitted") == static_cast<std::int64_t>(again.size()));
  }
  REQUIRE(told == failing.size());
}

}  // namespace

TEST_CASE("SH: fifteen teaching points bring all their late graduates, last terms first") {
  Story story(cast());
  CHECK(number_at(story.imported, "unreachable") == kStudents);  // every phone is masked
  CHECK(list_at(story.imported, "notes").size() >= 1);           // the row that disagrees with its date
  const auto coverage = story.hub.ask({"report", "coverage"});
  CHECK(list_at(coverage, "sites").size() == kSites);
  CHECK(number_at(object_at(coverage, "total"), "students") == kStudents);
  CHECK(number_at(object_at(coverage, "total"), "last_term_missing") == kLastTerm);
  const auto risk = story.hub.ask({"report", "risk"});
  CHECK(list_at(risk, "students").size() == kLastTerm);
  const auto& rules = object_at(story.hub.ask({"campaign", "show"}), "rules");
  CHECK(number_at(rules, "review_days_max") == 5);
  CHECK(number_at(rules, "verify_days") == 20);
  CHECK(number_at(rules, "proof_days_min") == 10);
  CHECK(number_at(rules, "proof_days_max") == 30);
  CHECK(rules.at("refund_on_reject").as_bool());
  CHECK(number_at(rules, "prints") == 5);

  collect(story);
  auto tellings = story.split("2026-05-31 20:00");
  std::int64_t exported = 0;
  for (Telling& telling : tellings) {
    telling.bring_in();
    const auto failing = review(telling, story);
    telling.bring_out();
    recollect(telling, story, failing);
    story.clock.set("2026-06-05 18:00");
    telling.bring_in();
    telling.hub.ask(with({"review", "approve"}, failing));
    const auto out = telling.hub.ask({"export", "--out", (telling.folder / "export").string()});
    exported = number_at(out, "exported");
    telling.bring_out();
  }
  if (kPhotographed == 1) {
    CHECK(exported == kStudents);
    CHECK(list_at(tellings[0].hub.ask({"report", "missing"}), "missing").empty());
  }
  Story::require_same(tellings, "export");
  const std::string manifest = read_file(tellings[1].folder / "export" / "manifest.csv");
  CHECK(manifest.find("99999") != std::string::npos);  // the school's code on each row
  story.report(tellings[1], "SH 上海：77 名学生，15 个站点，26 名最后一学期",
               {"全部站点在整个采集期内断线，U 盘打乱顺序、重复、迟到：与有线路时导出的文件逐字节相同。"});
}
