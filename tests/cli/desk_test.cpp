// The hub's desk: what a stick would bring, what reviewers decide and take back, and what the national check sends home.
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;

namespace {

std::int64_t students(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

std::string stage(const NodeHome& home, const std::string& student) {
  return std::string(home.ask({"status", "--student", student}).at("list").as_array().at(0).at("stage").as_string());
}

fs::path fresh_folder(const fs::path& folder) {
  fs::create_directories(folder);
  return folder;
}

/// Two students of the east, submitted, at the hub and approved by `reviewer`.
std::vector<std::string> two_approved(World& world, const std::string& reviewer) {
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 2; ++i) {
    world.submit(world.east, people.at(i), static_cast<int>(i));
    out.push_back(world.reference(world.east, people.at(i)));
  }
  world.deliver_by_stick(world.east, world.hub);
  world.hub.ask({"review", "approve", out[0], out[1], "--operator", reviewer});
  return out;
}

}  // namespace

TEST_CASE("a dry run of a merge says what the merge then does, and changes nothing, neither at the hub nor on the stick") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, world.people_of(world.east).at(0), 0);
  const fs::path stick = fresh_folder(scratch / "stick");
  world.east.ask({"stick", "write", stick.string()});
  const auto on_stick = files_below(stick);
  const auto in_home = files_below(world.hub.path());

  const auto tried = world.hub.ask({"hub", "merge", stick.string(), "--dry-run"});
  REQUIRE(tried.at("dry_run").as_bool());
  REQUIRE(number_at(tried.at("new").as_object(), "submissions") == 1);
  REQUIRE(number_at(tried.at("new").as_object(), "captures") == 1);
  REQUIRE(number_at(tried, "conflict_count") == 0);
  REQUIRE(number_at(tried, "quarantine_count") == 0);
  REQUIRE(number_at(tried, "late_count") == 0);
  REQUIRE(students(world.hub, "submitted") == 0);
  REQUIRE(files_below(stick) == on_stick);
  REQUIRE_FALSE(fs::exists(world.hub.path() / "trial"));
  REQUIRE(files_below(world.hub.path()).size() <= in_home.size() + 2);  // the database's own logs may turn over

  const auto done = world.hub.ask({"hub", "merge", stick.string()});
  REQUIRE(done.at("new") == tried.at("new"));
  REQUIRE(students(world.hub, "submitted") == 1);
  // Again it is all known: nothing to do.
  REQUIRE(number_at(world.hub.ask({"hub", "merge", stick.string(), "--dry-run"}, 3).at("new").as_object(), "records") == 0);
}

TEST_CASE("a source that cannot be read does not keep the others of a merge out") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, world.people_of(world.east).at(0), 0);
  const fs::path stick = fresh_folder(scratch / "stick");
  world.east.ask({"stick", "write", stick.string()});
  const fs::path empty = fresh_folder(scratch / "empty");
  const auto merged = world.hub.ask({"hub", "merge", empty.string(), stick.string()}, 4);
  const auto& sources = merged.at("sources").as_array();
  require_error(sources.at(0).at("error").as_object(), "E-STICK-EMPTY");
  REQUIRE(number_at(sources.at(1).as_object(), "bundles") > 0);
  REQUIRE(students(world.hub, "submitted") == 1);
  world.hub.refuses({"hub", "merge", empty.string()}, 3, "E-STICK-EMPTY");
  world.east.refuses({"hub", "merge", stick.string()}, 7, "E-NOT-HUB");
}

TEST_CASE("a merge names the students whom two places submitted, and a person resolves the conflict") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  world.deliver_by_stick(world.hub, world.west);
  const Person person = world.people_of(world.east).at(0);
  world.submit(world.east, person, 0);
  world.submit(world.west, person, 5);
  const std::string student = world.reference(world.east, person);
  const fs::path from_east = fresh_folder(scratch / "east-stick");
  const fs::path from_west = fresh_folder(scratch / "west-stick");
  world.east.ask({"stick", "write", from_east.string()});
  world.west.ask({"stick", "write", from_west.string()});

  const auto tried = world.hub.ask({"hub", "merge", from_east.string(), from_west.string(), "--dry-run"}, 5);
  REQUIRE(tried.at("conflicts").as_array().at(0).as_string() == student);
  REQUIRE(students(world.hub, "submitted") == 0);
  REQUIRE(number_at(world.hub.ask({"hub", "merge", from_east.string(), from_west.string()}, 5), "conflict_count") == 1);

  REQUIRE(world.hub.ask({"conflicts", "list"}).at("conflicts").as_array().size() == 1);
  const auto shown = world.hub.ask({"conflicts", "show", student, "--pictures", (scratch / "look").string()});
  REQUIRE(shown.at("candidates").as_array().size() == 2);
  const std::string other(shown.at("candidates").as_array().at(1).at("submission").as_string());
  REQUIRE(world.hub.say({"conflicts", "resolve", student, "--choose", other, "--note", "本人确认"}).exit == 0);
  REQUIRE(world.hub.ask({"conflicts", "list"}).at("conflicts").as_array().empty());
  REQUIRE(stage(world.hub, student) == "submitted");
  world.hub.refuses({"conflicts", "resolve", student}, 3, "E-NO-CONFLICT");
}

TEST_CASE("a submission is withdrawn before it leaves, and not after; a draft is discarded when the profile's hours are over") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const auto taken = world.submit(world.east, people.at(0), 0);
  const std::string student = world.reference(world.east, people.at(0));
  REQUIRE(stage(world.east, student) == "submitted");
  REQUIRE(world.east.say({"withdraw", student}).exit == 0);
  REQUIRE(stage(world.east, student) == "drafted");
  world.east.refuses({"withdraw", student}, 3, "E-NOTHING-SUBMITTED");

  const auto drafts = world.east.ask({"drafts", student}).at("drafts").as_array();
  REQUIRE(drafts.size() == 1);
  const std::string draft(drafts.at(0).at("id").as_string());
  world.east.refuses({"discard", student, "--draft", draft}, 7, "E-DRAFT-YOUNG");
  world.sign_profile({{"draft_keep_h = 24", "draft_keep_h = 0"}});
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(world.east.say({"discard", student, "--draft", draft}).exit == 0);
  world.east.refuses({"submit", student, "--draft", draft}, 3, "E-NO-DRAFT");
  REQUIRE(stage(world.east, student) == "captured");

  // What a stick has carried away is the hub's to send back.
  world.submit(world.east, people.at(0), 1);
  world.deliver_by_stick(world.east, world.hub);
  world.east.refuses({"withdraw", student}, 7, "E-ALREADY-LEFT");
  REQUIRE(stage(world.hub, student) == "submitted");
}

TEST_CASE("a verdict is taken back and the submission waits again, here and at its site") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(stage(world.east, approved[0]) == "approved");

  REQUIRE(world.hub.say({"review", "undo", approved[0], "--operator", "甲"}).exit == 0);
  REQUIRE(stage(world.hub, approved[0]) == "submitted");
  REQUIRE(stage(world.hub, approved[1]) == "approved");
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(stage(world.east, approved[0]) == "submitted");

  const auto list = world.hub.ask({"review", "list", "--by", "suspicion", "--limit", "1"});
  const auto& waiting = list.at("waiting").as_array();
  REQUIRE(waiting.size() == 1);
  REQUIRE(waiting.at(0).at("student").as_string() == approved[0]);
  REQUIRE(world.hub.say({"review", "reject", approved[0], "--reason", "R-BLUR", "--operator", "乙"}).exit == 0);
  REQUIRE(world.hub.say({"review", "undo", approved[0]}).exit == 0);
  REQUIRE(stage(world.hub, approved[0]) == "submitted");
  world.hub.refuses({"review", "undo", approved[0]}, 7, "E-NOT-SUBMITTED");
  world.hub.refuses({"review", "list", "--by", "name"}, 2, "E-USAGE");
}

TEST_CASE("two reviewers who decide on the same view at once are both kept, and a person is told") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  world.hub.ask({"review", "undo", approved[0]});
  const auto waiting = world.hub.ask({"review", "list"}).at("waiting").as_array();
  const std::string epoch = std::to_string(number_at(waiting.at(0).as_object(), "epoch"));
  world.hub.ask({"review", "reject", approved[0], "--reason", "R-BLUR", "--operator", "甲", "--epoch", epoch});
  world.hub.ask({"review", "reject", approved[0], "--reason", "R-DARK", "--operator", "乙", "--epoch", epoch});
  const auto report = world.hub.ask({"report", "disagreement"});
  REQUIRE(report.at("disputed").as_array().at(0).as_string() == approved[0]);
  world.hub.ask({"review", "undo", approved[0]});
  REQUIRE(world.hub.ask({"report", "disagreement"}).at("disputed").as_array().empty());
}

TEST_CASE("reviewers who differ are a conflict with a proposal, a person settles it, and the site hears the one word") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  const Arguments differ{"review", "reject", approved[0], approved[1], "--reason", "R-BLUR", "--operator", "乙", "--epoch", "1"};
  world.hub.ask(differ);
  REQUIRE(stage(world.hub, approved[0]) == "approved");
  const auto list = world.hub.ask({"conflicts", "list"});
  REQUIRE(list.at("conflicts").as_array().size() == 2);
  REQUIRE(number_at(list, "clear") == 0);
  const auto shown = world.hub.ask({"conflicts", "show", approved[0], "--pictures", (scratch / "look").string()});
  REQUIRE(text_at(shown, "kind") == "reviewers");
  REQUIRE(text_at(shown, "proposal") == "approve");
  REQUIRE(text_at(shown, "reason") == "check");
  REQUIRE(shown.at("candidates").as_array().at(1).at("word").as_string() == "R-BLUR");
  REQUIRE(shown.at("candidates").as_array().at(1).at("by").as_array().at(0).as_string() == "乙");
  REQUIRE(fs::exists(std::string(shown.at("pictures").as_array().at(0).as_string())));
  REQUIRE(number_at(world.hub.ask({"report", "page"}).at("attention").as_object(), "conflicts") == 2);

  world.hub.refuses({"conflicts", "resolve", approved[0]}, 5, "E-CHOICE");
  world.hub.refuses({"conflicts", "resolve", approved[0], "--choose", "R-DARK"}, 1, "E-SUBMISSION-UNKNOWN");
  world.hub.ask({"conflicts", "resolve", approved[0], "--choose", "approve", "--operator", "丁"});
  REQUIRE(stage(world.hub, approved[0]) == "approved");

  // A third person has looked at the other: the proposal may be taken as it is.
  world.hub.ask({"review", "look", approved[1], "--verdict", "reject", "--reason", "R-BLUR", "--operator", "丙"});
  const auto left = world.hub.ask({"conflicts", "list"});
  REQUIRE(number_at(left, "clear") == 1);
  REQUIRE(text_at(left.at("conflicts").as_array().at(0).as_object(), "reason") == "second_look");
  const auto resolved = world.hub.ask({"conflicts", "resolve", approved[1], "--note", "请重拍"});
  REQUIRE(text_at(resolved.at("resolved").as_array().at(0).as_object(), "chosen") == "R-BLUR");
  REQUIRE(stage(world.hub, approved[1]) == "rejected");
  REQUIRE(world.hub.ask({"conflicts", "list"}).at("conflicts").as_array().empty());
  REQUIRE(world.hub.ask({"report", "disagreement"}).at("disputed").as_array().empty());
  world.hub.refuses({"conflicts", "resolve", approved[1]}, 3, "E-NO-CONFLICT");
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(stage(world.east, approved[0]) == "approved");
  REQUIRE(stage(world.east, approved[1]) == "rejected");
}

TEST_CASE("what was exported is not rejected by settling reviewers who differ") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  world.hub.ask({"review", "reject", approved[0], "--reason", "R-BLUR", "--operator", "乙", "--epoch", "1"});
  world.hub.ask({"export", "--out", (scratch / "export").string()});
  world.hub.refuses({"conflicts", "resolve", approved[0], "--choose", "R-BLUR"}, 7, "E-APPROVED");
  world.hub.ask({"conflicts", "resolve", approved[0], "--choose", "approve"});
  REQUIRE(stage(world.hub, approved[0]) == "exported");
  REQUIRE(world.hub.ask({"conflicts", "list"}).at("conflicts").as_array().empty());
}

TEST_CASE("a second look is drawn again by its seed, is signed, changes nothing, and gives the rate of disagreement") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  const auto drawn = world.hub.ask({"review", "second-look", "--share", "50", "--operator", "乙"});
  REQUIRE(number_at(drawn, "drawn") == 1);
  const std::string seed = std::to_string(number_at(drawn, "seed"));
  const auto again = world.hub.ask({"review", "second-look", "--share", "50", "--seed", seed, "--operator", "乙"});
  REQUIRE(again.at("students") == drawn.at("students"));
  const std::string student(drawn.at("students").as_array().at(0).at("student").as_string());

  const Arguments look{"review", "look", student, "--seed", seed, "--verdict", "reject", "--reason", "R-BLUR", "--operator"};
  const auto by = [&](const std::string& name) {
    Arguments out = look;
    out.push_back(name);
    return out;
  };
  world.hub.refuses(by("甲"), 2, "E-USAGE");
  REQUIRE_FALSE(world.hub.ask(by("乙")).at("looked").as_array().at(0).at("agrees").as_bool());
  REQUIRE(stage(world.hub, student) == "approved");
  const auto report = world.hub.ask({"report", "disagreement"});
  REQUIRE(number_at(report, "count") == 1);
  REQUIRE(number_at(report, "of") == 1);
  REQUIRE(report.at("low").as_double() < 0.5);
  REQUIRE(report.at("high").as_double() > 0.9);
  REQUIRE(number_at(world.hub.ask({"review", "second-look", "--share", "50", "--seed", seed, "--operator", "乙"}), "done") == 1);
}

TEST_CASE(
    "what the national check refuses becomes a case with an owner and a due day, its pack holds the proof, and a pass closes "
    "it") {
  const Scratch scratch;
  World world(scratch);
  const auto approved = two_approved(world, "甲");
  world.hub.ask({"export", "--out", (scratch / "export").string()});
  REQUIRE(number_at(world.hub.ask({"report", "forecast"}), "open") == 2);
  const auto people = world.people_of(world.east);
  write_file(scratch / "result.csv", "学号,校验结果,原因\n" + people.at(0).number + ",不通过,比对不一致\n" + people.at(1).number +
                                         ",通过,\n0000000000,通过,\n" + people.at(2).number + ",通过,\n");
  const Arguments import{"national", "import", (scratch / "result.csv").string()};
  Arguments trial = import;
  trial.emplace_back("--dry-run");
  REQUIRE(number_at(world.hub.ask(trial, 4), "cases_opened") == 1);
  REQUIRE(world.hub.ask({"cases", "list"}).at("cases").as_array().empty());

  const auto taken = world.hub.ask(import, 4);
  REQUIRE(number_at(taken, "failed") == 1);
  REQUIRE(number_at(taken, "passed") == 1);
  REQUIRE(number_at(taken, "cases_opened") == 1);
  REQUIRE(number_at(taken, "refused_count") == 2);  // nobody of this number, and one without an approved picture
  REQUIRE(number_at(world.hub.ask(import, 4), "unchanged") == 2);
  REQUIRE(number_at(world.hub.ask({"report", "forecast"}), "open") == 0);

  // A student who stands in one list twice: the second row is refused by its line.
  write_file(scratch / "odd.csv", "学号,校验结果\n" + people.at(1).number + ",通过\n" + people.at(1).number + ",不通过\n");
  const auto odd = world.hub.ask({"national", "import", (scratch / "odd.csv").string(), "--dry-run"}, 4);
  REQUIRE(number_at(odd, "refused_count") == 1);
  const auto& second = odd.at("refused").as_array().at(0).as_object();
  REQUIRE(number_at(second, "line") == 3);
  require_error(second, "E-ROSTER-ROWS");

  world.hub.ask({"cases", "assign", approved[0], "--owner", "学籍科", "--next", "请学生补交材料", "--due", "2099-01-05"});
  const auto cases = world.hub.ask({"cases", "list", "--owner", "学籍科"}).at("cases").as_array();
  REQUIRE(cases.size() == 1);
  REQUIRE(text_at(cases.at(0).as_object(), "due") == "2099-01-05T16:00:00Z");
  REQUIRE(text_at(cases.at(0).as_object(), "reason") == "比对不一致");
  REQUIRE_FALSE(world.hub.ask({"report", "due"}).at("due").as_array().empty());

  const fs::path pack = scratch / "pack.zip";
  const auto packed = world.hub.ask({"cases", "pack", approved[0], "--out", pack.string()});
  REQUIRE(packed.at("files").as_array().size() == 5);
  const std::string archive = read_file(pack);
  REQUIRE(archive.starts_with("PK"));
  for (const char* name : {"picture.jpg", "original.jpg", "case.json", "records.json", "hashes.b2sum"}) {
    REQUIRE(archive.find(name) != std::string::npos);
  }

  write_file(scratch / "second.csv", "身份证号,结果\n" + people.at(0).id_number + ",通过\n");
  REQUIRE(number_at(world.hub.ask({"national", "import", (scratch / "second.csv").string()}), "cases_closed") == 1);
  REQUIRE(world.hub.ask({"cases", "list"}).at("cases").as_array().empty());
  REQUIRE(world.hub.ask({"cases", "show", approved[0]}).at("steps").as_array().size() == 3);
  world.hub.refuses({"cases", "close", approved[0]}, 3, "E-NOTHING");
}

TEST_CASE("one picture under two codes raises the swap alarm, and copies under one code are grouped") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  world.submit(world.east, people.at(0), 3);
  world.submit(world.east, people.at(1), 3);
  const std::string first = world.reference(world.east, people.at(0));
  const std::string second = world.reference(world.east, people.at(1));
  world.deliver_by_stick(world.east, world.hub);
  const auto retakes = world.hub.ask({"retakes", "list"});
  REQUIRE(number_at(retakes, "alarms") == 2);
  const auto shown = world.hub.ask({"retakes", "show", first});
  REQUIRE(text_at(shown.at("near").as_array().at(0).as_object(), "student") == second);
  const auto list = world.hub.ask({"review", "list", "--by", "suspicion"});
  REQUIRE(list.at("waiting").as_array().size() == 2);
  for (const auto& line : list.at("waiting").as_array()) {
    REQUIRE(text_at(line.at("signs").as_array().at(0).as_object(), "sign") == "near_other");
  }
  // Without a recogniser of the operator's own no face is compared, and nothing is said about faces.
  world.hub.refuses({"retakes", "faces"}, 2, "E-USAGE");
  world.east.refuses({"retakes", "faces"}, 7, "E-NOT-HUB");
}
