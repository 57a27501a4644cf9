// After the review, by the real program: export, papers, proofing, corrections, delivery, and the purge at the hub and at the
// sites.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <map>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// A campaign in which every student's picture is approved, and which keeps nothing longer than it must.
struct Approved {
  Scratch scratch;
  World world{scratch, {.students = 6, .with_relay = false}};
  std::map<std::string, std::string> reference;  ///< by number

  Approved() {
    int photo = 0;
    for (const NodeHome* site : {&world.east, &world.west}) {
      world.deliver_by_stick(world.hub, *site);
      for (const Person& person : world.people_of(*site)) {
        reference[person.number] = world.reference(*site, person);
        world.submit(*site, person, photo++);
      }
      world.deliver_by_stick(*site, world.hub);
    }
    Arguments approve{"review", "approve"};
    for (const auto& [number, student] : reference) approve.push_back(student);
    world.hub.ask(approve);
  }

  fs::path folder(const std::string& name) const { return world.folder() / name; }
  std::string stage(const NodeHome& home, const std::string& student) const {
    return text_at(home.ask({"status", "--student", student}).at("list").as_array().at(0).as_object(), "stage");
  }
};

std::string paper(const Approved& campaign, const std::string& kind) {
  const fs::path out = campaign.folder("papers");
  const json::object made = campaign.world.hub.ask({"papers", kind, "--out", out.string()});
  REQUIRE(text_at(made, "kind") == kind);
  return kind == "lists" ? read_file(text_at(made, "file")) : pdf_text(text_at(made, "file"));
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an export has a list that spreadsheets open, with the school on each row and every ID as text") {
  Approved campaign;
  const fs::path out = campaign.folder("export");
  const json::object exported = campaign.world.hub.ask({"export", "--out", out.string()});
  REQUIRE(number_at(exported, "exported") == 6);
  REQUIRE(fs::path(text_at(exported, "list")) == out / "list.xlsx");
  const std::string csv = read_file(out / "list.csv");
  REQUIRE(csv.starts_with("\xEF\xBB\xBF"));
  for (const Person& person : campaign.world.people) {
    REQUIRE(has(csv, "=\"\"" + person.number + "\"\""));
    REQUIRE(has(csv, person.name));
  }
  REQUIRE(has(csv, "99999"));
  // It has a roster's columns, but no phones: given back as one it would take them away.
  for (const char* list : {"list.xlsx", "list.csv", "manifest.csv"}) {
    campaign.world.hub.refuses({"roster", "import", (out / list).string(), "--dry-run"}, 1, "E-ROSTER-EXPORTED");
  }
  const json::object manifest = parse_json(read_file(out / "manifest.json")).as_object();
  REQUIRE(manifest.at("files").as_array().size() == 6);
  REQUIRE(manifest.at("lists").as_array().size() == 2);
}

TEST_CASE("the profile decides the exported size and folders") {
  Approved campaign;
  campaign.world.sign_profile({{"folders = \"none\"", "folders = \"class\""},
                               {"width = 120                    # [notices]", "width = 480"},
                               {"height = 160\nprints", "height = 640\nprints"}});
  const fs::path out = campaign.folder("export");
  campaign.world.hub.ask({"export", "--out", out.string()});
  const json::object manifest = parse_json(read_file(out / "manifest.json")).as_object();
  for (const json::value& one : manifest.at("files").as_array()) {
    const fs::path file = text_at(one.as_object(), "file");
    REQUIRE(file.has_parent_path());
    const std::string picture = read_file(out / file);
    REQUIRE(jpeg_shape(picture).width == 480);
    REQUIRE(picture == read_file(out / text_at(one.as_object(), "standard_file")));  // not encoded once more
  }
}

TEST_CASE("papers print Chinese that can be read back, for each class, and name nobody in full where many look") {
  Approved campaign;
  const std::string labels = paper(campaign, "envelopes");
  const std::string contact = paper(campaign, "contact-sheet");
  const std::string prints = paper(campaign, "prints");
  const std::string fees = paper(campaign, "fees");
  for (const Person& person : campaign.world.people) {
    for (const std::string* text : {&labels, &contact, &prints, &fees}) {
      REQUIRE(has(*text, person.name));
      REQUIRE(has(*text, person.number));
      REQUIRE_FALSE(has(*text, person.id_number));
    }
  }
  REQUIRE(has(labels, "毕业生图像采集照片袋"));
  REQUIRE(has(fees, "合计"));
  const std::string codes = paper(campaign, "codes");
  for (const Person& person : campaign.world.people) {
    REQUIRE(has(codes, person.number));
    REQUIRE_FALSE(has(codes, person.name));
    REQUIRE_FALSE(has(codes, person.id_number));
  }
  const std::string chat = paper(campaign, "lists");
  for (const Person& person : campaign.world.people) {
    REQUIRE_FALSE(has(chat, person.name));
    REQUIRE_FALSE(has(chat, person.number));
    REQUIRE_FALSE(has(chat, person.id_number));
    REQUIRE(has(chat, person.id_number.substr(person.id_number.size() - 3, 2)));
  }
  campaign.world.hub.refuses({"papers", "errata", "--out", campaign.folder("papers").string()}, 3, "E-PAPER-EMPTY");
  campaign.world.hub.refuses({"papers", "menus", "--out", campaign.folder("papers").string()}, 2, "E-USAGE");
  campaign.world.east.refuses({"papers", "fees", "--out", campaign.folder("papers").string()}, 7, "E-NOT-HUB");
}

TEST_CASE("a rejected student who paid stands on the refund list when the profile pays back") {
  Approved campaign;
  World& world = campaign.world;
  const Person person = world.people_of(world.east).front();
  const std::string student = campaign.reference.at(person.number);
  REQUIRE(world.hub.say({"review", "unlock", student}).exit == 0);
  world.deliver_by_stick(world.hub, world.east);
  world.submit(world.east, person, 7);
  world.deliver_by_stick(world.east, world.hub);
  world.hub.ask({"review", "reject", student, "--reason", "R-BLUR"});
  const fs::path out = campaign.folder("papers");
  world.hub.refuses({"papers", "refunds", "--out", out.string()}, 7, "E-PAPER-NOT-ASKED");
  campaign.world.sign_profile({{"refund_on_reject = false", "refund_on_reject = true"}});
  const std::string refunds = paper(campaign, "refunds");
  REQUIRE(has(refunds, person.number));
  REQUIRE(has(refunds, "15"));
  REQUIRE_FALSE(has(refunds, world.people_of(world.west).front().number));
}

TEST_CASE("a picture is proofed, corrected, handed over, and in the end destroyed at the hub and at its site") {
  Approved campaign;
  World& world = campaign.world;
  const Person of_east = world.people_of(world.east).front();
  const Person of_west = world.people_of(world.west).front();
  const std::string east_student = campaign.reference.at(of_east.number);
  const std::string west_student = campaign.reference.at(of_west.number);
  world.hub.refuses({"proof", "mark", east_student, "--right"}, 7, "E-NOT-EXPORTED");
  world.hub.ask({"export", "--out", campaign.folder("export").string()});
  for (const NodeHome* site : {&world.east, &world.west}) world.deliver_by_stick(world.hub, *site);
  REQUIRE(world.hub.ask({"proof", "list"}).at("waiting").as_array().size() == 6);

  // Right, said at the site; wrong, said at the hub, corrected, then right.
  world.east.ask({"proof", "mark", east_student, "--right"});
  world.east.refuses({"proof", "mark", west_student, "--right"}, 1, "E-STUDENT-UNKNOWN");
  world.deliver_by_stick(world.east, world.hub);
  REQUIRE(campaign.stage(world.hub, east_student) == "proofed");
  world.hub.refuses({"proof", "mark", west_student}, 2, "E-USAGE");
  world.hub.refuses({"proof", "mark", west_student, "--wrong", "shoe size"}, 2, "E-USAGE");
  world.hub.ask({"proof", "mark", west_student, "--wrong", "name"});
  world.hub.refuses({"deliver", west_student}, 7, "E-NOT-PROOFED");
  world.hub.ask({"errata", "open", west_student, "--note", "附身份证复印件"});
  const std::string form = paper(campaign, "errata");
  REQUIRE(has(form, "勘误表"));
  REQUIRE(has(form, of_west.name));
  REQUIRE(has(form, "√ 错误"));
  REQUIRE_FALSE(has(form, of_east.number));
  world.hub.ask({"proof", "mark", west_student, "--right"});
  world.hub.refuses({"deliver", west_student}, 7, "E-ERRATA-OPEN");
  world.hub.ask({"errata", "close", west_student});
  world.hub.refuses({"errata", "close", west_student}, 3, "E-ERRATA-NONE");

  // All others by a list of numbers; then everybody has the picture.
  std::string list = "学号\n";
  for (const Person& person : world.people) list += person.number + "\n";
  write_file(campaign.folder("right.csv"), list);
  world.hub.ask({"proof", "mark", "--list", campaign.folder("right.csv").string(), "--right"});
  const json::object delivered = world.hub.ask({"deliver", "--list", campaign.folder("right.csv").string()});
  for (const json::value& one : delivered.at("marked").as_array()) {
    REQUIRE(text_at(one.as_object(), "result") == "delivered");
  }
  world.hub.refuses({"purge"}, 3, "E-PURGE-EMPTY");  // the days are not over
  // What has been handed over is no longer undone, still counts as exported, and the national check may speak of it.
  world.hub.refuses({"review", "undo", east_student}, 7, "E-APPROVED");
  const json::object handed = world.hub.ask({"status"}).at("students").as_object();
  REQUIRE(number_at(handed, "exported") == 6);
  write_file(campaign.folder("result.csv"), "学号,结果\n" + of_east.number + ",通过\n");
  REQUIRE(number_at(world.hub.ask({"national", "import", campaign.folder("result.csv").string()}), "passed") == 1);

  campaign.world.sign_profile({{"originals_days = 180", "originals_days = 0"},
                               {"pictures_days = 365", "pictures_days = 0"},
                               {"records_days = 1825", "records_days = 0"}});
  for (const NodeHome* site : {&world.east, &world.west}) world.deliver_by_stick(world.hub, *site);
  REQUIRE(campaign.stage(world.east, east_student) == "delivered");
  const json::object dry = world.hub.ask({"purge", "--dry-run"});
  REQUIRE(dry.at("students").as_array().size() == 6);
  REQUIRE(number_at(dry, "pictures") >= 12);
  REQUIRE(campaign.stage(world.hub, east_student) == "delivered");

  const fs::path out = campaign.folder("purged");
  const json::object purged = world.hub.ask({"purge", "--out", out.string()});
  REQUIRE(number_at(purged, "pictures") == number_at(dry, "pictures"));
  REQUIRE(number_at(purged, "outstanding") == 6);
  REQUIRE(campaign.stage(world.hub, east_student) == "purged");
  world.hub.refuses({"export", "--out", campaign.folder("again").string()}, 3, "E-EXPORT-EMPTY");
  world.hub.refuses({"review", "unlock", east_student}, 7, "E-PURGED");

  for (const NodeHome* site : {&world.east, &world.west}) {
    world.deliver_by_stick(world.hub, *site);
    world.deliver_by_stick(*site, world.hub);
  }
  REQUIRE(campaign.stage(world.east, east_student) == "purged");
  const json::object counts = world.east.ask({"status"}).at("students").as_object();
  REQUIRE(number_at(counts, "opened_at_hub") == number_at(counts, "approved"));  // that they had arrived stays true
  world.east.refuses({"capture", "--code", world.code(of_east).string(), "--photo", good_photo(0).string()}, 7, "E-PURGED");
  const json::object certified = world.hub.ask({"purge", "certificate", "--out", out.string()});
  REQUIRE(number_at(certified, "outstanding") == 0);
  REQUIRE(number_at(certified, "pictures") >= 3 * 6 + 12);

  // The certificate holds at the hub and at a site; a changed one does not.
  const fs::path file = out / "purge-certificate.json";
  for (const NodeHome* node : {&world.hub, &world.east}) node->ask({"purge", "verify", file.string()});
  REQUIRE(has(pdf_text(out / "purge-certificate.pdf"), "图像数据销毁证明"));
  std::string text = read_file(file);
  for (const Person& person : world.people) {
    REQUIRE_FALSE(has(text, person.name));
    REQUIRE_FALSE(has(text, person.number));
  }
  const std::size_t at = text.find("\"records\"");
  REQUIRE(at != std::string::npos);
  text.replace(at, 9, "\"recorda\"");
  write_file(campaign.folder("forged.json"), text);
  world.hub.refuses({"purge", "verify", campaign.folder("forged.json").string()}, 9, "E-PURGE-CERTIFICATE");

  for (const NodeHome* node : {&world.hub, &world.east, &world.west}) {
    INFO(node->name());
    REQUIRE(node->ask({"log", "verify"}).at("faults").as_array().empty());
  }
}
