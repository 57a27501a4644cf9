#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "core/campaign/profile.h"
#include "node/picture_limits.h"
#include "node/verdict_json.h"

using namespace satchel;
namespace portrait = core::portrait;

namespace {

constexpr double kOpen = std::numeric_limits<double>::infinity();
constexpr double kUnseen = std::numeric_limits<double>::quiet_NaN();

portrait::Verdict verdict() {
  portrait::Verdict out;
  out.verdict = portrait::Level::fail;
  out.width = 960;
  out.height = 1280;
  out.faces = 1;
  out.face = portrait::FaceGeometry{{1, 2, 3.00049, 4}, portrait::Point{10, 20}, portrait::Point{30, 21.5}, -0.00001, 480, {}};
  out.findings = {{"Q-BLUR", portrait::Level::fail, "laplacian", 3.14159, 9, kOpen, "糊", "blurred", "对焦", "focus"},
                  {"Q-HAIR", portrait::Level::unknown, "hairline_px", kUnseen, -kOpen, kOpen, "看不清", "unseen", "", ""}};
  out.passed = {{"Q-ROLL", portrait::Level::pass, "roll_deg", 0.5, -2, 2, "", "", "", ""}};
  out.score = 55.5;
  return out;
}

}  // namespace

TEST_CASE("a verdict becomes the document that scripts rely on") {
  const boost::json::object out = node::verdict_document(verdict(), "p.jpg", 12.0);
  CHECK(out.at("schema") == "satchel.check/1");
  CHECK(out.at("file") == "p.jpg");
  CHECK(out.at("verdict") == "fail");
  CHECK(boost::json::serialize(out.at("image")) == R"({"width":960,"height":1280})");
  CHECK(out.at("faces") == 1);
  CHECK(out.at("face").at("box").as_array()[2] == 3.0);  // thousandths
  CHECK(out.at("face").at("right_eye").as_array()[1] == 21.5);
  CHECK(boost::json::serialize(out.at("face").at("roll_deg")) == "0E0");
  CHECK(out.at("face").at("hairline_y").is_null());
  CHECK(out.at("elapsed_ms") == 12.0);
}

TEST_CASE("a document has the operator's checklist, and each rule's source when it is asked to explain") {
  portrait::Verdict judged = verdict();
  const boost::json::object plain = node::verdict_document(judged, "p.jpg", 12.0);
  CHECK(plain.at("checklist").as_array().size() >= 4);
  CHECK_FALSE(plain.at("findings").as_array()[0].as_object().contains("source_en"));
  const boost::json::object explained = node::verdict_document(judged, "p.jpg", 12.0, true);
  CHECK(explained.at("findings").as_array()[0].at("source_en").as_string().find("Zhuo and Sim") != boost::json::string::npos);
  CHECK(plain.at("unseen").as_array()[0].at("level") == "unknown");
}

TEST_CASE("findings hold only what failed or has advice; open limits and unseen values are null") {
  const boost::json::object out = node::verdict_document(verdict(), "p.jpg", std::nullopt);
  REQUIRE(out.at("findings").as_array().size() == 1);
  const boost::json::object& blur = out.at("findings").as_array()[0].as_object();
  CHECK(blur.at("code") == "Q-BLUR");
  CHECK(blur.at("level") == "fail");
  CHECK(blur.at("value") == 3.142);
  CHECK(blur.at("limit").as_array()[0] == 9.0);
  CHECK(blur.at("limit").as_array()[1].is_null());
  CHECK(blur.at("cure_zh") == "对焦");
  REQUIRE(out.at("unseen").as_array().size() == 1);
  CHECK(out.at("unseen").as_array()[0].at("value").is_null());
  CHECK(out.at("passed").as_array().size() == 1);
  CHECK(out.at("elapsed_ms").is_null());
}

TEST_CASE("a picture without a face has a null face") {
  portrait::Verdict none;
  CHECK(node::verdict_document(none, "x", 1.0).at("face").is_null());
}

TEST_CASE("every limit that a profile may set reaches the judge") {
  for (const std::string_view key : core::picture_keys()) {
    INFO(key);
    core::Profile profile;
    profile.picture[std::string(key)] = 1;
    CHECK(node::picture_limits(profile).has_value());
  }
  core::Profile profile;
  profile.picture = {{"roll_fail_deg", 7.5}, {"dpi", 600}};
  const auto limits = node::picture_limits(profile);
  REQUIRE(limits);
  CHECK(limits->roll_fail_deg == 7.5);
  CHECK(limits->dpi == 600);
  CHECK(limits->eye_height_aim == portrait::Limits{}.eye_height_aim);
  profile.picture = {{"nonsense", 1}};
  CHECK(node::picture_limits(profile).error().code == core::Code::kProfileBad);
}
