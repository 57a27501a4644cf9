// HF: 400 students, ten attempts, the main campus and the teaching points in windows of their own.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/notices/story.h"

using namespace satchel::tests;

namespace {

constexpr int kStudents = 400;
constexpr int kPoints = 4;
constexpr std::size_t kOfAClass = 40;
constexpr const char* kFirstClass = "24会（1）";

Casting cast() {
  Casting out{"hf", {"校本部"}, {}, "2026-06-10 09:00"};
  for (int i = 1; i <= kPoints; ++i) out.sites.push_back(numeral(i) + "号教学点");
  RosterWriter roster;
  for (int i = 0; i < kStudents; ++i) {
    RosterWriter::Row row;
    row.number = "202499" + std::to_string(200000 + i);
    row.enrolled = "20240301";
    row.site = i < 240 ? out.sites[0] : out.sites[static_cast<std::size_t>(1 + i % kPoints)];
    row.class_name = "24会（" + std::to_string(1 + i / 40) + "）";
    roster.add(row);
  }
  out.roster = roster.text();
  return out;
}

void photograph_site(Story& story, const NodeHome& site, std::size_t skipped) {
  auto coming = story.coming(site.name());
  REQUIRE(coming.size() > skipped);
  coming.erase(coming.begin(), coming.begin() + static_cast<std::ptrdiff_t>(skipped));
  // The photographer hands in what has been taken every hour or so.
  constexpr std::size_t kHanded = 40;
  for (std::size_t from = 0; from < coming.size(); from += kHanded) {
    const auto first = coming.begin() + static_cast<std::ptrdiff_t>(from);
    const std::vector<Person> some(first, first + static_cast<std::ptrdiff_t>(std::min(kHanded, coming.size() - from)));
    const auto folder = story.photograph("hf-" + site.path().filename().string() + "-" + std::to_string(from), some);
    const auto taken = site.ask({"capture", "--folder", folder.string(), "--submit"});
    REQUIRE(number_at(taken, "submitted") == static_cast<std::int64_t>(some.size()));
    // The campaign makes the ground blue; the file as it came is kept beside it.
    CHECK(object_at(list_at(taken, "pictures")[0].as_object(), "ground").contains("replaced"));
  }
}

/// The check takes ten pictures of a student and no eleventh, but for an operator's signed word.
void use_all_attempts(Story& story, const Person& person) {
  const NodeHome& campus = story.site("校本部");
  const auto folder = story.scratch / "hf-attempts";
  std::filesystem::create_directories(folder);
  for (int i = 0; i < 11; ++i) {
    std::filesystem::copy_file(blurred_portrait(i), folder / (person.number + "-" + std::to_string(i + 1) + ".jpg"));
  }
  const auto taken = campus.ask({"capture", "--folder", folder.string()}, 4);
  CHECK(number_at(taken, "failed") == 10);
  CHECK(number_at(taken, "refused") == 1);
  const auto& last = list_at(taken, "pictures").back().as_object();
  CHECK(text_at(object_at(last, "error"), "code") == "E-ATTEMPTS");
  const Arguments eleventh{"capture", "--code", story.code(person).string(), "--photo", blurred_portrait(11).string()};
  campus.refuses(eleventh, 7, "E-ATTEMPTS");
  Arguments overridden = eleventh;
  overridden.insert(overridden.end(), {"--override", "学生行动不便，图像由人工核对", "--submit"});
  CHECK(campus.ask(overridden).at("submitted").as_bool());
}

/// Of the codes' owners only the last one's picture is a screenshot of the evening.
std::size_t flagged(const Telling& telling, const char* flag) {
  std::size_t out = 0;
  for (const auto& one : list_at(telling.hub.ask({"review", "list"}), "waiting")) {
    for (const auto& each : one.at("flags").as_array()) out += each.as_string() == flag ? 1U : 0U;
  }
  return out;
}

}  // namespace

TEST_CASE("HF: campus and teaching points collect in their own days, with ten attempts and a makeup for who was away") {
  Story story(cast());
  const auto& rules = object_at(story.hub.ask({"campaign", "show"}), "rules");
  CHECK(number_at(rules, "attempts_max") == 10);
  CHECK(number_at(rules, "review_days_min") == 1);
  CHECK(number_at(rules, "review_days_max") == 2);
  CHECK(rules.at("replace_background").as_bool());

  // Campus: 16 to 19 June, 08:00 to 17:00. The points still wait.
  story.clock.set("2026-06-16 09:00");
  CHECK(text_at(story.site("校本部").ask({"campaign", "show"}), "timing") == "open");
  CHECK(text_at(story.site("一号教学点").ask({"campaign", "show"}), "timing") == "early");
  const auto campus_people = story.coming("校本部");
  photograph_site(story, story.site("校本部"), 4);  // one is out of attempts, one comes late, two are away
  use_all_attempts(story, campus_people[0]);
  // Nobody is sent home at seven in the evening; a person sees it in the review.
  story.clock.set("2026-06-18 19:30");
  CHECK(text_at(story.site("校本部").ask({"campaign", "show"}), "timing") == "outside_hours");
  const auto late = story.photograph("hf-evening", {campus_people[1]});
  CHECK(number_at(story.site("校本部").ask({"capture", "--folder", late.string(), "--submit"}), "submitted") == 1);
  // Teaching points: 23 to 26 June.
  story.clock.set("2026-06-23 10:00");
  CHECK(text_at(story.site("校本部").ask({"campaign", "show"}), "timing") == "between");
  for (int i = 1; i <= kPoints; ++i) {
    const NodeHome& point = story.site(numeral(i) + "号教学点");
    CHECK(text_at(point.ask({"campaign", "show"}), "timing") == "open");
    photograph_site(story, point, 0);
  }

  auto tellings = story.split("2026-07-05 20:00");
  for (Telling& telling : tellings) {
    telling.bring_in();
    story.clock.set("2026-06-28 09:00");
    const auto page = telling.hub.ask({"report", "page"});
    if (kPhotographed == 1) {
      CHECK(number_at(object_at(page, "total"), "students") == kStudents);
      CHECK(number_at(object_at(page, "total"), "missing") == 2);
    }
    CHECK(flagged(telling, "over_attempts") == 1);
    CHECK(flagged(telling, "outside_hours") == 1);
    // What is pasted into the class's chat names nobody, and says who is still to come.
    const std::string chat = telling.paper("lists", kOfAClass, {"--class", kFirstClass});
    CHECK(times(chat, "未采集") == 2);
    CHECK(times(chat, "待审核") == kOfAClass - 2);
    CHECK(chat.find(campus_people[2].number) == std::string::npos);
    // Later, and paid by the student: who was away.
    story.clock.set("2026-07-06 09:00");
    NodeHome& campus = telling.site("校本部");
    const auto shown = campus.ask({"campaign", "show"});
    CHECK(text_at(shown, "timing") == "open");
    CHECK(text_at(list_at(shown, "windows").back().as_object(), "payer") == "学生本人");
    const auto folder = story.photograph("hf-makeup", {campus_people[2], campus_people[3]});
    CHECK(number_at(campus.ask({"capture", "--folder", folder.string(), "--submit"}), "submitted") == 2);
    telling.bring_in();
    story.clock.set("2026-07-11 09:00");
    const std::size_t approved = telling.approve_all().size();
    CHECK(approved == kStudents);
    const auto out = telling.hub.ask({"export", "--out", (telling.folder / "export").string()});
    CHECK(number_at(out, "exported") == static_cast<std::int64_t>(approved));
    // A class on one sheet, to be compared with the faces; each class's own list once more, with nobody left.
    const std::string sheet = telling.paper("contact-sheet", kOfAClass, {"--class", kFirstClass});
    CHECK(sheet.find(campus_people[0].name) != std::string::npos);
    CHECK(times(telling.paper("lists", kOfAClass, {"--class", kFirstClass}), "已通过") == kOfAClass);
  }
  Story::require_same(tellings, "export");
  Story::require_same(tellings, "handed");
  story.report(tellings[1], "HF 合肥：400 名学生，校本部与 4 个校外教学点，检测 10 次",
               {"1 名学生用完 10 次检测，由操作员说明理由放行；1 名在 17:00 后拍摄，均已提示审核人。",
                "2 名缺席学生在补拍期自费补拍；班级群名单只有脱敏信息，核对用小样每班一份。"});
}
