// The JSON shapes, the two languages and the exit codes that scripts rely on.
#include <array>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const std::vector<std::string> kLanes{"control", "record", "photo", "original"};

bool has_chinese(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9) return true;
  }
  return false;
}

void require_check_shape(const json::object& document) {
  require_keys(document, {"schema", "file", "verdict", "image", "faces", "face", "findings", "elapsed_ms"});
  REQUIRE(text_at(document, "schema") == "satchel.check/1");
  require_keys(document.at("image").as_object(), {"width", "height"});
  for (const json::value& value : document.at("findings").as_array()) {
    const json::object& finding = value.as_object();
    require_keys(finding, {"code", "level", "measure", "value", "limit", "zh", "en", "cure_zh", "cure_en"});
    REQUIRE(text_at(finding, "code").starts_with("Q-"));
    REQUIRE(has_chinese(text_at(finding, "zh")));
    REQUIRE(has_chinese(text_at(finding, "cure_zh")));
    REQUIRE(finding.at("limit").as_array().size() == 2);
    REQUIRE((finding.at("level") == "fail" || finding.at("level") == "advice"));
  }
}

}  // namespace

TEST_CASE("a check tells verdict, face and findings in one line an image, without a node") {
  const Scratch scratch;
  const NodeHome nobody("nobody", scratch / "none");
  const auto good = nobody.ask_lines({"check", good_photo(0).string(), good_photo(1).string()});
  REQUIRE(good.size() == 2);
  for (const json::object& document : good) {
    require_check_shape(document);
    INFO(json::serialize(document));
    REQUIRE((document.at("verdict") == "pass" || document.at("verdict") == "advice"));
    REQUIRE(number_at(document, "faces") == 1);
    const json::object& face = document.at("face").as_object();
    require_keys(face, {"box", "left_eye", "right_eye", "roll_deg"});
    REQUIRE(face.at("box").as_array().size() == 4);
    REQUIRE(face.at("left_eye").as_array().at(0).to_number<double>() < face.at("right_eye").as_array().at(0).to_number<double>());
  }
  REQUIRE_FALSE(fs::exists(nobody.path()));
}

TEST_CASE("every kind of wrong portrait fails its own rule with a cure") {
  const Scratch scratch;
  const NodeHome nobody("nobody", scratch / "none");
  for (const char* defect : {"blurred", "dark", "half-dark", "over-exposed", "tilted", "too-small", "off-centre", "two-faces",
                             "no-face", "blue-on-blue"}) {
    INFO(defect);
    const auto lines = nobody.ask_lines({"check", bad_photo(defect).string()}, 6);
    REQUIRE(lines.size() == 1);
    require_check_shape(lines.front());
    REQUIRE(text_at(lines.front(), "verdict") == "fail");
    REQUIRE(!lines.front().at("findings").as_array().empty());
  }
}

TEST_CASE("an overlay is written as a picture, and a profile changes the limits") {
  const Scratch scratch;
  const NodeHome nobody("nobody", scratch / "none");
  const fs::path overlay = scratch / "overlay.png";
  nobody.ask_lines({"check", good_photo(0).string(), "--overlay", overlay.string(), "--profile", default_profile().string()});
  REQUIRE(read_file(overlay).starts_with("\x89PNG"));
  write_file(scratch / "bad.toml", "[picture]\nno_such_key = 1\n");
  nobody.refuses({"check", good_photo(0).string(), "--profile", (scratch / "bad.toml").string()}, 2, "E-PROFILE");
}

TEST_CASE("status and sync answer with all the keys that scripts rely on") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).front();
  const json::object captured = world.submit(world.east, person, 0);
  require_keys(captured, {"schema", "student", "draft", "verdict", "attempt", "submitted"});
  require_check_shape(captured.at("verdict").as_object());

  for (const NodeHome* node : {&world.hub, &world.east}) {
    const json::object status = node->ask({"status"});
    require_keys(status, {"schema", "node", "students", "waiting", "last_receipt"});
    REQUIRE(text_at(status, "schema") == "satchel.status/1");
    require_keys(status.at("node").as_object(), {"role", "name", "id"});
    require_keys(status.at("students").as_object(),
                 {"eligible", "drafted", "submitted", "stored_at_hub", "opened_at_hub", "approved", "rejected"});
    require_keys(status.at("waiting").as_object(), kLanes);
    for (const std::string& lane : kLanes)
      require_keys(status.at("waiting").as_object().at(lane).as_object(), {"bundles", "bytes"});
  }
  const json::object waiting = world.east.ask({"status"}).at("waiting").as_object();
  REQUIRE(number_at(waiting.at("photo").as_object(), "bundles") == 2);  // the preview, and the standard picture
  REQUIRE(number_at(waiting.at("photo").as_object(), "bytes") > 1000);

  RunningNode hub(world.hub);
  const json::object synced = world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  require_keys(synced, {"schema", "peer", "outcome", "seconds", "sent_bytes", "received_bytes", "bundles_sent",
                        "bundles_received", "originals_held"});
  REQUIRE(text_at(synced, "schema") == "satchel.sync/1");
  require_keys(synced.at("bundles_sent").as_object(), kLanes);
  require_keys(synced.at("bundles_received").as_object(), kLanes);
  const json::object after = world.east.ask({"status"});
  REQUIRE(number_at(after.at("students").as_object(), "opened_at_hub") == 1);
  REQUIRE_FALSE(after.at("last_receipt").is_null());

  const json::object one = world.east.ask({"status", "--student", text_at(captured, "student")});
  require_keys(one.at("list").as_array().at(0).as_object(),
               {"student", "stage", "submitted", "stored_at_hub", "opened_at_hub", "approved"});
  REQUIRE(world.hub.ask({"status", "--site", kEastName}).at("list").as_array().size() == world.people_of(world.east).size());
  hub.stop();
}

TEST_CASE("what is shown of a student is masked, and drafts can be chosen") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).front();
  const auto scanned = world.east.ask_lines({"code", "scan", world.code(person).string()});
  const std::string shown = json::serialize(scanned.front());
  REQUIRE(shown.find(person.name) == std::string::npos);
  REQUIRE(shown.find(person.id_number) == std::string::npos);
  REQUIRE(text_at(scanned.front(), "id_number").ends_with(person.id_number.substr(14)));
  REQUIRE(text_at(scanned.front(), "id_number").starts_with("**************"));

  const std::string student = text_at(scanned.front(), "student");
  for (const int photo : {0, 1}) {
    world.east.ask({"capture", "--code", world.code(person).string(), "--photo", good_photo(photo).string()});
  }
  const json::object drafts = world.east.ask({"drafts", student});
  REQUIRE(drafts.at("drafts").as_array().size() == 2);
  const std::string chosen = text_at(drafts.at("drafts").as_array().at(0).as_object(), "id");
  world.east.refuses({"submit", student, "--draft", chosen, "--checked", "C-HAIR,C-NONE"}, 2, "E-USAGE");
  const json::object submitted = world.east.ask({"submit", student, "--draft", chosen, "--checked", "C-PERSON,C-HAIR"});
  const json::array seen{"C-PERSON", "C-HAIR"};
  REQUIRE(submitted.at("looked_at") == seen);
  const auto& unseen = submitted.at("not_looked_at").as_array();
  REQUIRE(unseen.size() == 3);
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    REQUIRE(text_at(unseen.at(i).as_object(), "code") == std::array{"C-HEAD", "C-COLLAR", "C-SHOULDERS"}[i]);
  }
  REQUIRE(text_at(submitted, "draft") == chosen);
  world.east.refuses({"submit", student}, 7, "E-SUBMITTED");
  world.east.refuses({"capture", "--code", world.code(person).string(), "--photo", good_photo(2).string()}, 7, "E-SUBMITTED");
  // What the operator signed to have looked at stands before the reviewer.
  world.deliver_by_stick(world.east, world.hub);
  const auto waiting = world.hub.ask({"review", "list"}).at("waiting").as_array();
  REQUIRE(waiting.size() == 1);
  REQUIRE(waiting.front().at("looked_at") == seen);
  REQUIRE(world.hub.say({"--lang", "zh", "review", "list"}).out.find("人工查看 2/5") != std::string::npos);
}

TEST_CASE("an operator may pass a picture over the check, signed and shown to the reviewer") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).front();
  const json::object captured = world.east.ask({"capture", "--code", world.code(person).string(), "--photo",
                                                bad_photo("off-centre").string(), "--submit", "--override", "wheelchair"});
  REQUIRE(captured.at("override").as_bool());
  world.deliver_by_stick(world.east, world.hub);
  const json::object review = world.hub.ask({"review", "list"});
  REQUIRE(text_at(review.at("waiting").as_array().at(0).as_object(), "override") == "wheelchair");
}

TEST_CASE("the language follows --lang, and mistyped commands are usage errors with a hint") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  REQUIRE(has_chinese(world.hub.say({"status", "--lang", "zh"}).out));
  const Outcome english = world.hub.say({"status", "--lang", "en"});
  REQUIRE(english.exit == 0);
  REQUIRE(english.out.find("hub") != std::string::npos);
  REQUIRE(world.hub.say({"statsu"}).exit == 2);
  REQUIRE(world.hub.say({"statsu"}).err.find("status") != std::string::npos);
  REQUIRE(world.hub.say({"sync"}).exit == 2);
  REQUIRE(world.hub.say({"status", "--lang", "fr"}).exit == 2);
  world.hub.refuses({"sync", "--peer", "not-an-address"}, 2, "E-ADDRESS");
  world.hub.refuses({"export", "--out", (scratch / "out").string()}, 3, "E-EXPORT-EMPTY");
}
