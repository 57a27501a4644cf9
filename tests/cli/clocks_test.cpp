// The whole way of a picture with clocks that are a century wrong and jump between any two steps. The operations of the real
// program, on real homes, in this process: only so can every node have a clock of the test's own.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "node/client.h"
#include "node/system_disk.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
namespace json = boost::json;

namespace {

constexpr std::int64_t kToday = 1'781'600'000'000;
constexpr std::int64_t kCentury = 3'155'760'000'000;

/// Every question finds the wall clock elsewhere within a century on either side; the monotonic clock, as everywhere, only rises.
class JumpingClock final : public core::Clock {
 public:
  explicit JumpingClock(std::uint64_t seed) : rng_(seed) {}
  core::WallMs wall() const override {
    return {kToday - kCentury + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(2 * kCentury)))};
  }
  core::MonoMs mono() const override { return {++mono_}; }
  std::uint64_t boot_id() const override { return 1; }

 private:
  mutable tests::SeededRng rng_;
  mutable std::int64_t mono_ = 1000;
};

/// A clock that stands at one wrong date.
class WrongClock final : public core::Clock {
 public:
  explicit WrongClock(std::int64_t wall) : wall_{wall} {}
  core::WallMs wall() const override { return wall_; }
  core::MonoMs mono() const override { return {++mono_}; }
  std::uint64_t boot_id() const override { return 1; }

 private:
  core::WallMs wall_;
  mutable std::int64_t mono_ = 1000;
};

struct Campaign {
  Campaign(core::Clock& hub, core::Clock& site) : hub_clock(hub), site_clock(site) {
    REQUIRE(::setenv("SATCHEL_PAPERS", SATCHEL_PAPERS_MODULE, 1) == 0);  // beside the program, which this is not
  }

  core::Clock& hub_clock;
  core::Clock& site_clock;
  tests::Scratch scratch;
  tests::SeededRng rng{11};
  node::SystemDisk disk;

  std::string path(const std::string& name) const { return (scratch / name).string(); }
  json::object must(const std::string& home, std::string_view operation, const json::object& arguments = {}) {
    const node::Surroundings surroundings{disk, home == "hub" ? hub_clock : site_clock, rng, ""};
    const auto answer = node::call(surroundings, path(home), operation, arguments, {});
    if (!answer) FAIL(operation << ": " << core::info(answer.error().code).id << " " << answer.error().detail);
    INFO(operation << " " << json::serialize(answer->body));
    CHECK(answer->exit == core::Exit::ok);
    return answer->body;
  }
  void carry(const std::string& from, const std::string& to) {
    const std::string stick = path("stick");
    static_cast<void>(disk.make_folder(stick));
    must(from, "stick.write", {{"dir", stick}});
    must(to, "stick.read", {{"dir", stick}});
  }
  int count(const std::string& home, const char* what) {
    return must(home, "status").at("students").as_object().at(what).to_number<int>();
  }

  /// From the founding to the verdict at the site.
  void live() {
    must("hub", "hub.init",
         {{"profile", (std::filesystem::path{SATCHEL_SOURCE_FOLDER} / "examples/profiles/default.toml").string()}});
    must("east", "site.init", {{"name", "东村"}, {"out", path("request")}});
    must("hub", "hub.enroll", {{"request", path("request")}, {"out", path("card")}});
    must("east", "join", {{"card", path("card")}});
    tests::write_file(scratch / "roster.csv",
                      "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\n"
                      "2024001,张三,999999199001010016,20240301,专升本,东村,24护1,护理学,,,\n");
    must("hub", "roster.import", {{"file", path("roster.csv")}});
    must("hub", "code.issue", {{"out", path("codes")}});
    carry("hub", "east");
    for (const char* photo : {"person-1-0.jpg", "person-1-1.jpg"}) {
      const std::string picture = std::string(SATCHEL_PEOPLE_FOLDER) + "/" + photo;
      const auto taken = must("east", "capture", {{"code", path("codes/2024001.png")}, {"photo", picture}, {"submit", true}});
      const json::array student{taken.at("student")};
      carry("east", "hub");
      REQUIRE(count("hub", "submitted") == 1);
      if (photo == std::string_view("person-1-0.jpg")) {
        must("hub", "review.reject", {{"students", student}, {"reason", "R-BLUR"}});
        carry("hub", "east");
        REQUIRE(count("east", "rejected") == 1);
      } else {
        must("hub", "review.approve", {{"students", student}});
        carry("hub", "east");
      }
    }
    CHECK(count("east", "approved") == 1);
    CHECK(count("east", "stored_at_hub") == 1);
    must("hub", "export", {{"out", path("export")}});
    for (const char* home : {"hub", "east"}) CHECK(must(home, "log.verify").at("faults").as_array().empty());
  }
};

}  // namespace

TEST_CASE("a hub a century early and a site a century late serve a student as if the clocks were right") {
  WrongClock early(kToday - kCentury);
  WrongClock late(kToday + kCentury);
  Campaign(early, late).live();
}

TEST_CASE("a site a century early and a hub a century late serve a student as if the clocks were right") {
  WrongClock early(kToday - kCentury);
  WrongClock late(kToday + kCentury);
  Campaign(late, early).live();
}

TEST_CASE("clocks that jump within two centuries at every look change nothing but the dates that are shown") {
  JumpingClock hub(1);
  JumpingClock site(2);
  Campaign(hub, site).live();
}
