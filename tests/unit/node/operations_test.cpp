// The use-cases in this process: the same operations that the socket and the command line offer, on a real home, with a clock and
// a source of chance of the test's own.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "core/campaign/people.h"
#include "node/client.h"
#include "node/system_disk.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using tests::Scratch;
namespace json = boost::json;

namespace {

class TestClock final : public core::Clock {
 public:
  core::WallMs wall() const override { return wall_; }
  core::MonoMs mono() const override { return mono_; }
  std::uint64_t boot_id() const override { return 1; }
  void set_wall(std::int64_t ms) { wall_ = {ms}; }

 private:
  core::WallMs wall_{1'781'600'000'000};
  core::MonoMs mono_{1000};
};

/// The shipped profile with one rule changed.
std::string changed_profile(const std::string& from, const std::string& to) {
  std::ifstream in{SATCHEL_PROFILE, std::ios::binary};
  std::ostringstream read;
  read << in.rdbuf();
  std::string text = read.str();
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

struct Desk {
  Scratch scratch;
  tests::SeededRng rng{11};
  TestClock clock;
  node::SystemDisk disk;
  node::Surroundings surroundings{disk, clock, rng, ""};

  std::string path(const std::string& name) const { return (scratch / name).string(); }
  core::Result<node::Answer> ask(const std::string& home, std::string_view operation, const json::object& arguments = {}) {
    return node::call(surroundings, path(home), operation, arguments, {});
  }
  json::object must(const std::string& home, std::string_view operation, const json::object& arguments = {}) {
    auto answer = ask(home, operation, arguments);
    if (!answer) FAIL(operation << ": " << core::info(answer.error().code).id << " " << answer.error().detail);
    return answer->body;
  }
  core::Code refused(const std::string& home, std::string_view operation, const json::object& arguments = {}) {
    const auto answer = ask(home, operation, arguments);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().code;
  }
  void enrol(const std::string& home, const std::string& name, bool relay = false) {
    must(home, "site.init", {{"name", name}, {"out", path(home + ".request")}, {"relay", relay}});
    must("hub", "hub.enroll", {{"request", path(home + ".request")}, {"out", path(home + ".card")}});
    must(home, "join", {{"card", path(home + ".card")}});
  }
  void campaign() {
    must("hub", "hub.init", {{"profile", SATCHEL_PROFILE}});
    enrol("east", "东村");
  }
};

}  // namespace

TEST_CASE("enrolment by files: a request gives a card, and the card is for its asker alone") {
  Desk desk;
  desk.campaign();
  CHECK(desk.refused("east", "join", {{"card", desk.path("east.card")}}) == core::Code::kAlreadyEnrolled);
  desk.must("west", "site.init", {{"name", "西镇"}, {"out", desk.path("west.request")}});
  CHECK(desk.must("west", "status").at("node").as_object().at("enrolled") == false);
  CHECK(desk.refused("west", "join", {{"card", desk.path("east.card")}}) == core::Code::kCardNotOurs);
  CHECK(desk.refused("west", "join", {{"card", desk.path("west.request")}}) == core::Code::kCardBad);

  const auto first = desk.must("hub", "hub.enroll", {{"request", desk.path("west.request")}, {"out", desk.path("west.card")}});
  const auto again = desk.must("hub", "hub.enroll", {{"request", desk.path("west.request")}, {"out", desk.path("west2.card")}});
  CHECK(first.at("number") == again.at("number"));
  desk.must("west", "join", {{"card", desk.path("west2.card")}});

  desk.must("third", "site.init", {{"name", "东村"}, {"out", desk.path("third.request")}});
  CHECK(desk.refused("hub", "hub.enroll", {{"request", desk.path("third.request")}, {"out", desk.path("third.card")}}) ==
        core::Code::kNameTaken);
}

TEST_CASE("the fingerprint that the site shows is the one that the hub shows") {
  Desk desk;
  desk.must("hub", "hub.init", {{"profile", SATCHEL_PROFILE}});
  const auto asked = desk.must("east", "site.init", {{"name", "东村"}, {"out", desk.path("r")}});
  const auto answered = desk.must("hub", "hub.enroll", {{"request", desk.path("r")}, {"out", desk.path("c")}});
  CHECK(asked.at("fingerprint") == answered.at("fingerprint"));
}

TEST_CASE("a home is made once") {
  Desk desk;
  desk.campaign();
  CHECK(desk.refused("hub", "hub.init", {{"profile", SATCHEL_PROFILE}}) == core::Code::kHomeExists);
  CHECK(desk.refused("east", "site.init", {{"name", "东村"}, {"out", desk.path("r")}}) == core::Code::kHomeExists);
  CHECK(desk.refused("nowhere", "status") == core::Code::kHomeMissing);
}

TEST_CASE("each desk is at its own kind of node") {
  Desk desk;
  desk.campaign();
  CHECK(desk.refused("east", "review.list") == core::Code::kNotHub);
  CHECK(desk.refused("east", "roster.import", {{"file", desk.path("r.csv")}}) == core::Code::kNotHub);
  CHECK(desk.refused("hub", "capture", {{"code", "/c"}, {"photo", "/p"}}) == core::Code::kNotSite);
  CHECK(desk.refused("hub", "no.such") == core::Code::kUsage);
}

TEST_CASE("a roster's students go to their own site by stick, and only there") {
  Desk desk;
  desk.campaign();
  desk.enrol("west", "西镇");
  tests::write_file(desk.scratch / "roster.csv",
                    "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\n"
                    "2024001,张三,999999199001010016,20240301,专升本,东村,24护1,护理学,,,\n"
                    "2024002,李四,999999199001010024,20240301,专升本,西镇,24护1,护理学,,,\n");
  const auto imported = desk.ask("hub", "roster.import", {{"file", desk.path("roster.csv")}});
  REQUIRE(imported.has_value());
  INFO(json::serialize(imported->body));
  const auto rows = imported->body.at("imported").to_number<int>();
  desk.disk.make_folder(desk.path("stick")).has_value();
  desk.must("hub", "stick.write", {{"dir", desk.path("stick")}});
  desk.must("east", "stick.read", {{"dir", desk.path("stick")}});
  const auto status = desk.must("east", "status");
  CHECK(rows == 2);
  CHECK(status.at("students").as_object().at("eligible").to_number<int>() == 1);
  CHECK(status.at("carrying").as_object().at("bundles").to_number<int>() >= 1);  // west's, which it cannot open
}

TEST_CASE("a roster without most of the listed students takes nobody off until a person says so") {
  Desk desk;
  desk.campaign();
  const std::string header = "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\n";
  const std::string first = "2024001,张三,999999199001010016,20240301,专升本,东村,24护1,护理学,,,\n";
  const std::string second = "2024002,李四,999999199001010024,20240301,专升本,东村,24护1,护理学,,,\n";
  const std::string other = "2024003,王五,999999199001010032,20240301,专升本,东村,24护1,护理学,,,\n";
  const auto import = [&](const std::string& rows, bool delist) {
    tests::write_file(desk.scratch / "roster.csv", header + rows);
    return desk.must("hub", "roster.import", {{"file", desk.path("roster.csv")}, {"delist", delist}});
  };
  const auto eligible = [&] { return desk.must("hub", "status").at("students").as_object().at("eligible").to_number<int>(); };
  import(first + second, false);
  REQUIRE(eligible() == 2);
  const auto cautious = import(other, false);
  CHECK(cautious.at("gone_withheld").as_bool());
  CHECK(cautious.at("missing").to_number<int>() == 2);
  CHECK(eligible() == 3);
  import(other, true);
  CHECK(eligible() == 1);
  import(first + second + other, false);
  CHECK(eligible() == 3);
  CHECK_FALSE(import(first + second, false).at("gone_withheld").as_bool());
  CHECK(eligible() == 2);
  CHECK_FALSE(import(first, false).at("gone_withheld").as_bool());  // half of them: as the file says
  CHECK(eligible() == 1);
}

TEST_CASE("a folder that cannot be made is told from a full disk") {
  Desk desk;
  desk.campaign();
  tests::write_file(desk.scratch / "roster.csv", "x");
  CHECK(desk.refused("hub", "code.issue", {{"out", desk.path("roster.csv")}}) == core::Code::kFileExists);
  CHECK(desk.refused("hub", "code.issue", {{"out", desk.path("roster.csv") + "/codes"}}) == core::Code::kFileExists);
  CHECK(desk.refused("hub", "code.issue", {{"out", "/proc/codes"}}) == core::Code::kFolderMissing);
}

TEST_CASE("no clock decides anything: set back a century, all goes on") {
  Desk desk;
  desk.campaign();
  for (const std::int64_t wall : {-3'000'000'000'000LL, 0LL, 4'900'000'000'000LL}) {
    desk.clock.set_wall(wall);
    desk.must("east", "status");
    const auto verified = desk.must("hub", "log.verify");
    CHECK(verified.at("faults").as_array().empty());
  }
  desk.enrol("west", "西镇");
}

TEST_CASE("a changed profile is a new signed version that every node follows, by a stick as by its card, in any order") {
  Desk desk;
  desk.campaign();
  const auto write = [&](const std::string& name, const std::string& text) {
    REQUIRE(desk.surroundings.disk.write_atomic(desk.path(name), core::as_bytes(text)).has_value());
    return json::object{{"file", desk.path(name)}};
  };
  const auto version = [&](const std::string& home) { return desk.must(home, "campaign.show").at("version").to_number<int>(); };
  const auto attempts = [&](const std::string& home) {
    return desk.must(home, "campaign.show").at("rules").at("attempts_max").to_number<int>();
  };
  REQUIRE(desk.refused("hub", "campaign.sign", write("same.toml", changed_profile("# of the campaign", "# of it"))) ==
          core::Code::kNothingToDo);
  REQUIRE(desk.refused("hub", "campaign.sign", write("bad.toml", changed_profile("attempts_max", "atempts_max"))) ==
          core::Code::kProfileBad);

  json::object second = write("second.toml", changed_profile("attempts_max = 10", "attempts_max = 3"));
  json::object trial = second;
  trial["dry_run"] = true;
  REQUIRE(desk.must("hub", "campaign.sign", trial).at("changes").as_array().size() == 1);
  REQUIRE(version("hub") == 1);
  const json::object said = desk.must("hub", "campaign.sign", second);
  REQUIRE(json::serialize(said.at("changes")) == R"([{"key":"capture.attempts_max","before":"10","after":"3"}])");
  REQUIRE(version("hub") == 2);
  REQUIRE(version("east") == 1);
  REQUIRE(desk.refused("east", "campaign.sign", second) == core::Code::kNotHub);

  for (const char* stick : {"early", "late"}) REQUIRE(desk.surroundings.disk.make_folder(desk.path(stick)).has_value());
  desk.must("hub", "stick.write", {{"dir", desk.path("early")}});
  desk.must("hub", "campaign.sign", write("third.toml", changed_profile("attempts_max = 10", "attempts_max = 4")));
  desk.must("hub", "stick.write", {{"dir", desk.path("late")}});
  desk.must("east", "stick.read", {{"dir", desk.path("late")}});
  REQUIRE(version("east") == 3);
  desk.must("east", "stick.read", {{"dir", desk.path("early")}});
  REQUIRE(version("east") == 3);
  REQUIRE(attempts("east") == 4);

  desk.enrol("west", "西镇");
  REQUIRE(version("west") == 3);
}

TEST_CASE("marks and the index reach every site by stick, a trial run changes nothing, and the queue follows the timetable") {
  Desk desk;
  desk.campaign();
  desk.enrol("west", "西镇");
  const auto write = [&](const std::string& name, const std::string& text) {
    REQUIRE(desk.surroundings.disk.write_atomic(desk.path(name), core::as_bytes(text)).has_value());
    return json::object{{"file", desk.path(name)}};
  };
  const auto id = [](int serial) {
    const std::string first17 = "99999919990101" + std::to_string(1000 + serial).substr(1);
    return first17 + core::id_check_character(first17);
  };
  std::string roster = "学号,姓名,身份证号,入学日期,学历层次,教学点,班级\n";
  for (int i = 1; i <= 4; ++i) {
    roster += std::to_string(i) + ",测试甲," + id(i) + ",20250301,专升本," + (i < 4 ? "东村" : "西镇") + ",班" +
              (i == 2 ? "2" : "1") + "\n";
  }
  json::object trial = write("roster.csv", roster);
  trial["dry_run"] = true;
  REQUIRE(desk.must("hub", "roster.import", trial).at("changes").as_array().size() == 4);
  REQUIRE(desk.must("hub", "report.coverage").at("total").at("students").to_number<int>() == 0);
  REQUIRE(desk.must("hub", "roster.import", write("roster.csv", roster)).at("new").to_number<int>() == 4);
  json::object retake = write("retake.csv", "3\n9\n");
  retake["as"] = "retake";
  REQUIRE(desk.must("hub", "roster.mark", retake).at("unknown").to_number<int>() == 1);
  json::object exempt = write("exempt.csv", "学号\n4\n");
  exempt["as"] = "exempt";
  desk.must("hub", "roster.mark", exempt);
  // The clock says 16:53 in China.
  const json::object imported =
      desk.must("hub", "timetable.import", write("times.csv", "日期,时间,一号\n2026-06-16,16:46:-17:15,班2\n,17:15-17:30,班9\n"));
  REQUIRE(imported.at("repairs").as_array().size() == 1);
  REQUIRE(json::serialize(imported.at("unknown_classes")) == "[\"班9\"]");
  REQUIRE(json::serialize(imported.at("classes_without_slot")) == "[\"班1\"]");

  REQUIRE(desk.surroundings.disk.make_folder(desk.path("stick")).has_value());
  desk.must("hub", "stick.write", {{"dir", desk.path("stick")}});
  desk.must("east", "stick.read", {{"dir", desk.path("stick")}});
  const json::object queue = desk.must("east", "queue");
  REQUIRE(queue.at("waiting").to_number<int>() == 3);
  std::string order;
  for (const json::value& one : queue.at("queue").as_array()) order += std::string(one.at("why").as_string()) + " ";
  REQUIRE(order == "must_retake slot order ");

  desk.must("hub", "code.issue", {{"out", desk.path("codes")}});
  const auto scan = [&](const std::string& number) {
    const json::object answer = desk.must("east", "code.scan", {{"images", json::array{desk.path("codes/" + number + ".png")}}});
    return answer.at("lines").as_array().at(0).as_object();
  };
  REQUIRE(scan("3").at("must_retake").as_bool());
  REQUIRE_FALSE(scan("3").at("visitor").as_bool());
  const json::object visitor = scan("4");
  REQUIRE(visitor.at("visitor").as_bool());
  REQUIRE(visitor.at("exempt").as_bool());
  REQUIRE(visitor.at("site").as_string() == "西镇");
}
