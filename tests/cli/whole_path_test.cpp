// The story that Satchel exists for, by the real program in real processes: from a student's code at two sites, through a relay
// and on a stick, to the hub's export, with one picture refused on the way and taken again.
#include <signal.h>

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

json::object counts(const NodeHome& home) { return home.ask({"status"}).at("students").as_object(); }

/// Meets `address` until `enough` holds; each meeting must at least not fail. What a relay passes on takes a moment.
template <class Enough>
bool meet_until(const NodeHome& home, const std::string& address, Enough enough) {
  for (int meeting = 0; meeting < 60; ++meeting) {
    const Outcome outcome = home.say({"sync", "--peer", address});
    INFO(outcome.out << outcome.err);
    REQUIRE((outcome.exit == 0 || outcome.exit == 3 || outcome.exit == 4));
    if (enough()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return false;
}

/// A reviewer sees each picture under the student's reference, and nothing else in the file's name.
void require_pictures_to_review(const NodeHome& hub, const fs::path& folder) {
  const json::object review = hub.ask({"review", "list", "--pictures", folder.string()});
  const json::array& waiting = review.at("waiting").as_array();
  REQUIRE(!waiting.empty());
  for (const json::value& one : waiting) {
    const std::string picture = text_at(one.as_object(), "picture");
    REQUIRE(picture == (folder / (text_at(one.as_object(), "student") + ".jpg")).string());
    REQUIRE(jpeg_shape(read_file(picture)).width == 480);
  }
  REQUIRE(files_below(folder).size() == waiting.size());
}

std::string student_waiting(const NodeHome& hub, std::size_t index) {
  const json::object review = hub.ask({"review", "list"});
  const json::array& waiting = review.at("waiting").as_array();
  REQUIRE(index < waiting.size());
  return text_at(waiting.at(index).as_object(), "student");
}

void require_exported(const World& world, const fs::path& out) {
  std::set<std::string> expected;
  for (const Person& person : world.people) {
    std::string id_number = person.id_number;
    if (id_number.ends_with('x')) id_number.back() = 'X';
    expected.insert(id_number + ".jpg");
  }
  std::set<std::string> found;
  for (const fs::path& file : files_below(out)) {
    if (!expected.contains(file.filename().string())) continue;
    const JpegShape shape = jpeg_shape(read_file(file));
    if (shape.width != 120) continue;
    CHECK(shape.height == 160);
    CHECK(shape.components == 3);
    found.insert(file.filename().string());
  }
  CHECK(found == expected);
}

}  // namespace

TEST_CASE("a picture travels from the student's code through relay and stick to the hub's export") {
  const Scratch scratch;
  World world(scratch);
  RunningNode hub(world.hub);
  RunningNode relay(world.relay, {"--peer", hub.address()});

  // The roster reaches one site through the relay, the other on a stick.
  const auto east_people = world.people_of(world.east);
  const auto west_people = world.people_of(world.west);
  REQUIRE(!east_people.empty());
  REQUIRE(!west_people.empty());
  const auto east_knows = [&] { return number_at(counts(world.east), "eligible") == static_cast<int>(east_people.size()); };
  REQUIRE(meet_until(world.east, relay.address(), east_knows));
  world.deliver_by_stick(world.hub, world.west);
  REQUIRE(number_at(counts(world.west), "eligible") == static_cast<int>(west_people.size()));

  // Scan, shoot, check, submit. What a wrong picture gets is a reason and a cure, not a draft.
  for (const char* defect : {"blurred", "dark", "no-face"}) {
    const auto refused =
        world.east.ask({"capture", "--code", world.code(east_people[0]).string(), "--photo", bad_photo(defect).string()}, 6);
    REQUIRE(refused.at("draft").is_null());
    const json::object& verdict = refused.at("verdict").as_object();
    REQUIRE(text_at(verdict, "verdict") == "fail");
    const json::object& finding = verdict.at("findings").as_array().at(0).as_object();
    require_keys(finding, {"code", "level", "measure", "value", "limit", "zh", "en", "cure_zh", "cure_en"});
  }
  int photo = 0;
  for (const Person& person : east_people) world.submit(world.east, person, photo++);
  for (const Person& person : west_people) world.submit(world.west, person, photo++);
  REQUIRE(number_at(counts(world.east), "stored_at_hub") == 0);

  // East syncs through the relay until the hub's receipt is back; west carries a stick.
  const auto synced = world.east.ask({"sync", "--peer", relay.address(), "--until-done", "--deadline", "100s"});
  REQUIRE(text_at(synced, "outcome") == "done");
  REQUIRE(number_at(counts(world.east), "stored_at_hub") == static_cast<int>(east_people.size()));
  world.deliver_by_stick(world.west, world.hub);
  REQUIRE(number_at(counts(world.hub), "submitted") == static_cast<int>(world.people.size()));

  // The relay has carried, and can do nothing with what it carries.
  REQUIRE(number_at(counts(world.relay), "eligible") == 0);
  world.relay.refuses({"review", "list"}, 7, "E-NOT-HUB");

  require_pictures_to_review(world.hub, world.folder() / "to-review");

  // The hub rejects one of east's with a reason and approves the rest.
  const std::string rejected = world.reference(world.east, east_people[0]);
  const auto decided = world.hub.ask({"review", "reject", rejected, "--reason", "R-BLUR", "--note", "please use the stand"});
  REQUIRE(text_at(decided.at("decided").as_array().at(0).as_object(), "result") == "rejected");
  Arguments approve{"review", "approve"};
  for (std::size_t i = 0; i + 1 < world.people.size(); ++i) approve.push_back(student_waiting(world.hub, i));
  REQUIRE(world.hub.ask(approve).at("decided").as_array().size() == world.people.size() - 1);

  // The verdict returns; the rejected student is taken again, and accepted.
  REQUIRE(meet_until(world.east, relay.address(), [&] { return number_at(counts(world.east), "rejected") == 1; }));
  const auto shown = world.east.ask({"status", "--student", rejected});
  const json::object& row = shown.at("list").as_array().at(0).as_object();
  REQUIRE(text_at(row, "reason") == "R-BLUR");
  REQUIRE(!text_at(row, "cure_en").empty());
  world.submit(world.east, east_people[0], photo++);
  world.east.ask({"sync", "--peer", relay.address(), "--until-done", "--deadline", "100s"});
  REQUIRE(text_at(world.hub.ask({"review", "approve", rejected}).at("decided").as_array().at(0).as_object(), "result") ==
          "approved");
  world.deliver_by_stick(world.hub, world.west);
  REQUIRE(meet_until(world.east, relay.address(),
                     [&] { return number_at(counts(world.east), "approved") == static_cast<int>(east_people.size()); }));
  REQUIRE(number_at(counts(world.west), "approved") == static_cast<int>(west_people.size()));

  const fs::path out = world.folder() / "export";
  const auto exported = world.hub.ask({"export", "--out", out.string()});
  REQUIRE(number_at(exported, "exported") == static_cast<int>(world.people.size()));
  require_exported(world, out);
  REQUIRE(fs::file_size(text_at(exported, "manifest")) > 0);

  relay.stop();
  hub.stop();
  for (const NodeHome* node : {&world.hub, &world.east, &world.west, &world.relay}) {
    INFO(node->name());
    const json::object verified = node->ask({"log", "verify"});
    REQUIRE(verified.at("faults").as_array().empty());
  }
}

TEST_CASE("a meeting with nothing to do is short and says done") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  RunningNode hub(world.hub);
  world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  const auto first = world.people_of(world.east).front();
  world.submit(world.east, first, 0);
  const auto busy = world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "60s"});
  REQUIRE(number_at(busy, "sent_bytes") > 1000);
  REQUIRE(number_at(busy.at("bundles_sent").as_object(), "photo") == 2);  // the preview, and the standard picture
  world.east.ask({"sync", "--peer", hub.address()});                      // takes home the last receipt
  const auto idle = world.east.ask({"sync", "--peer", hub.address()});
  REQUIRE(text_at(idle, "outcome") == "done");
  REQUIRE(number_at(idle, "sent_bytes") + number_at(idle, "received_bytes") <= 400);
  REQUIRE(number_at(idle.at("bundles_sent").as_object(), "photo") == 0);
  hub.stop();
}

TEST_CASE("two running nodes pass on what is new without being asked") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  RunningNode hub(world.hub);
  RunningNode east(world.east, {"--peer", hub.address()});
  const auto eventually = [](auto holds) {
    for (int i = 0; i < 300; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return false;
  };
  REQUIRE(eventually([&] { return number_at(counts(world.east), "eligible") > 0; }));
  world.submit(world.east, world.people_of(world.east).front(), 0);
  REQUIRE(eventually([&] { return number_at(counts(world.east), "opened_at_hub") == 1; }));
  world.hub.ask({"review", "approve", student_waiting(world.hub, 0)});
  REQUIRE(eventually([&] { return number_at(counts(world.east), "approved") == 1; }));
  east.stop();
  hub.stop();
}
