// SH: continuing education, 15 teaching points, 77 students, 26 of them in their last term.
#include <catch2/catch.hpp>

#include "tests/notices/story.h"

using namespace satchel::tests;

namespace {

constexpr int kStudents = 77;
constexpr int kSites = 15;
constexpr int kLastTerm = 26;
constexpr int kFailing = 6;            // that the hub sends back
constexpr std::size_t kRefused = 6;    // 5 to 10 % of 77 do not stand up to the national check
constexpr std::size_t kOfAClass = 13;  // 21护（1）

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
  // Who was sent back has paid, and is paid back.
  const std::string refunds = telling.paper("refunds", kFailing);
  CHECK(refunds.find("15") != std::string::npos);
  CHECK(refunds.find("照片模糊") != std::string::npos);
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

/// An envelope for each class, and the prints that go into one.
void put_in_envelopes(const Telling& telling, std::size_t students) {
  const std::string labels = telling.paper("envelopes", students);
  CHECK(labels.find("21护（1）") < labels.find("21护（10）"));
  const std::string prints = telling.paper("prints", kOfAClass, {"--class", "21护（1）"});
  CHECK(prints.find("24护") == std::string::npos);
}

/// Twenty working days after the close the list comes back. Whom it refuses is somebody's business until it passes.
void national_check(Telling& telling, Story& story) {
  const auto clock_of = [&](const char* what) {
    for (const auto& one : list_at(telling.hub.ask({"report", "due"}), "clocks")) {
      if (one.at("what").as_string() == what) return one.as_object();
    }
    FAIL(what);
    return boost::json::object{};
  };
  story.clock.set("2026-07-03 10:00");
  CHECK(number_at(clock_of("national"), "running") == kStudents);
  CHECK(number_at(clock_of("national"), "overdue") == 0);
  CHECK(number_at(telling.hub.ask({"report", "forecast"}), "open") == kStudents);
  std::string result = "学号,校验结果,原因\n";
  std::string second = "学号,校验结果\n";
  for (std::size_t i = 0; i < story.people.size(); ++i) {
    const bool refused = i < kRefused;
    result += story.people[i].number + (refused ? ",不通过,比对不一致\n" : ",通过,\n");
    if (refused) second += story.people[i].number + ",通过\n";
  }
  write_file(story.scratch / "result.csv", result);
  write_file(story.scratch / "second.csv", second);
  const auto taken = telling.hub.ask({"national", "import", (story.scratch / "result.csv").string()});
  CHECK(number_at(taken, "passed") == kStudents - static_cast<int>(kRefused));
  CHECK(number_at(taken, "failed") == kRefused);
  CHECK(number_at(taken, "cases_opened") == kRefused);
  // Ten working days to bring what is missing, and an owner.
  CHECK(text_at(taken, "due") == "2026-07-17T16:00:00Z");
  for (const std::string& ref : texts_of(list_at(telling.hub.ask({"cases", "list"}), "cases"), "student")) {
    telling.hub.ask({"cases", "assign", ref, "--owner", "学籍科", "--next", "请学生补交材料"});
  }
  const auto cases = list_at(telling.hub.ask({"cases", "list", "--owner", "学籍科"}), "cases");
  REQUIRE(cases.size() == kRefused);
  CHECK(text_at(cases[0].as_object(), "reason") == "比对不一致");
  CHECK(number_at(clock_of("case"), "running") == kRefused);
  // One objects: the verdict, the picture, the untouched original and their hashes in one file.
  const auto pack = telling.handed() / "objection.zip";
  const auto packed = telling.hub.ask({"cases", "pack", story.reference(story.people[0]), "--out", pack.string()});
  CHECK(packed.at("original_here").as_bool());
  CHECK(list_at(packed, "files").size() == 5);
  story.clock.set("2026-07-15 10:00");
  const auto again = telling.hub.ask({"national", "import", (story.scratch / "second.csv").string()});
  CHECK(number_at(again, "cases_closed") == kRefused);
  CHECK(list_at(telling.hub.ask({"cases", "list"}), "cases").empty());
}

/// Everybody says 正确 within thirty working days, and each class gets its envelope.
void proof_and_deliver(Telling& telling, Story& story) {
  telling.hub.ask({"proof", "mark", "--list", story.list_of("all.csv", story.people).string(), "--right"});
  CHECK(list_at(telling.hub.ask({"proof", "list"}), "waiting").empty());
  std::size_t delivered = 0;
  for (const char* of : {"21护（1）", "21护（10）", "24护（1）", "24护（10）"}) {
    const auto marked = list_at(telling.hub.ask({"deliver", "--class", of}), "marked");
    for (const auto& one : marked) CHECK(text_at(one.as_object(), "result") == "delivered");
    delivered += marked.size();
  }
  CHECK(delivered == kStudents);
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
    put_in_envelopes(telling, kStudents);
    telling.bring_out();
    national_check(telling, story);
    proof_and_deliver(telling, story);
    telling.bring_out();
  }
  if (kPhotographed == 1) {
    CHECK(exported == kStudents);
    CHECK(list_at(tellings[0].hub.ask({"report", "missing"}), "missing").empty());
  }
  Story::require_same(tellings, "export");
  Story::require_same(tellings, "handed");
  const std::string manifest = read_file(tellings[1].folder / "export" / "manifest.csv");
  CHECK(manifest.find("99999") != std::string::npos);  // the school's code on each row
  story.report(tellings[1], "SH 上海：77 名学生，15 个站点，26 名最后一学期",
               {"全部站点在整个采集期内断线，U 盘打乱顺序、重复、迟到：与有线路时导出的文件逐字节相同。",
                "审核退回 6 名列入退费表；国家校验未通过 6 名（7.8%）转个案，补交材料后全部通过；按班级 4 个照片袋发放。"});
}
