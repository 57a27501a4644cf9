// Wrong input of every kind to every command: a clear error, the right exit code, and nothing lost.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr const char* kHeader = "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\n";

/// A row of a synthetic student, valid but for what a test changes.
std::string row(const Person& person, const std::string& number, const std::string& date) {
  return number + "," + person.name + "," + person.id_number + "," + date + ",高起本," + person.site + ",1班,护理,,,\n";
}

/// Commands that read one file: what stands before it, and where a folder or an empty file is refused.
struct Reader {
  std::string what;
  Arguments before;
  Arguments after;
};

std::vector<Reader> readers_at_hub(const Scratch& scratch) {
  return {{"roster", {"roster", "import"}, {}}, {"request", {"hub", "enroll"}, {"--out", (scratch / "card").string()}}};
}

}  // namespace

TEST_CASE("a file that is missing, a folder, or empty is named as such by every command that reads one") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).front();
  const std::string missing = (scratch / "missing").string();
  const std::string folder = (scratch / "folder").string();
  const std::string empty = (scratch / "empty").string();
  fs::create_directories(folder);
  write_file(empty, "");

  for (const Reader& reader : readers_at_hub(scratch)) {
    INFO(reader.what);
    const auto with = [&](const std::string& file) {
      Arguments all = reader.before;
      all.push_back(file);
      all.insert(all.end(), reader.after.begin(), reader.after.end());
      return all;
    };
    world.hub.refuses(with(missing), 1, "E-FILE-MISSING");
    world.hub.refuses(with(folder), 1, "E-FILE-FOLDER");
    world.hub.refuses(with(empty), 1, "E-FILE-EMPTY");
  }
  const std::string code = world.code(person).string();
  const std::string photo = good_photo(0).string();
  world.east.refuses({"capture", "--code", missing, "--photo", photo}, 1, "E-FILE-MISSING");
  world.east.refuses({"capture", "--code", folder, "--photo", photo}, 1, "E-FILE-FOLDER");
  world.east.refuses({"capture", "--code", empty, "--photo", photo}, 1, "E-FILE-EMPTY");
  world.east.refuses({"capture", "--code", code, "--photo", missing}, 1, "E-FILE-MISSING");
  world.east.refuses({"capture", "--code", code, "--photo", folder}, 1, "E-FILE-FOLDER");
  world.east.refuses({"capture", "--code", code, "--photo", empty}, 1, "E-FILE-EMPTY");
  REQUIRE(number_at(world.east.ask({"status"}).at("students").as_object(), "drafted") == 0);

  const NodeHome fresh("fresh", scratch / "fresh");
  fresh.refuses({"hub", "init", "--profile", missing}, 1, "E-FILE-MISSING");
  fresh.refuses({"hub", "init", "--profile", folder}, 1, "E-FILE-FOLDER");
  fresh.refuses({"hub", "init", "--profile", empty}, 1, "E-FILE-EMPTY");
  fresh.ask({"site", "init", "--name", "fresh", "--out", (scratch / "fresh.request").string()});
  fresh.refuses({"join", missing}, 1, "E-FILE-MISSING");
  fresh.refuses({"join", folder}, 1, "E-FILE-FOLDER");
  fresh.refuses({"join", empty}, 1, "E-FILE-EMPTY");
  world.hub.refuses({"stick", "write", (scratch / "no-stick").string()}, 1, "E-FOLDER-MISSING");
  world.hub.refuses({"stick", "read", (scratch / "no-stick").string()}, 1, "E-FOLDER-MISSING");
  world.hub.refuses({"stick", "read", folder}, 3, "E-STICK-EMPTY");
}

TEST_CASE("a command before its time says what has to come first") {
  const Scratch scratch;
  const NodeHome nobody("nobody", scratch / "nobody");
  for (const Arguments& command : std::vector<Arguments>{{"status"},
                                                         {"run"},
                                                         {"review", "list"},
                                                         {"log", "verify"},
                                                         {"sync", "--peer", "127.0.0.1:1"},
                                                         {"export", "--out", (scratch / "out").string()}}) {
    INFO(command.front());
    nobody.refuses(command, 11, "E-HOME-MISSING");
  }
  REQUIRE_FALSE(fs::exists(nobody.path()));

  const NodeHome waiting("waiting", scratch / "waiting");
  waiting.ask({"site", "init", "--name", "waiting", "--out", (scratch / "request").string()});
  waiting.refuses({"sync", "--peer", "127.0.0.1:1"}, 11, "E-NOT-ENROLLED");
  waiting.refuses({"site", "init", "--name", "again", "--out", (scratch / "again").string()}, 7, "E-HOME-EXISTS");
}

TEST_CASE("enrolment refuses a changed request, a foreign card, a changed card, and a name that is taken") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  const std::string card = (scratch / "card").string();
  const std::string request = (scratch / "request").string();
  const NodeHome node("third", scratch / "third");
  node.ask({"site", "init", "--name", "third", "--out", request});

  std::string bytes = read_file(request);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(scratch / "changed", bytes);
  world.hub.refuses({"hub", "enroll", (scratch / "changed").string(), "--out", card}, 9, "E-REQUEST");
  REQUIRE_FALSE(fs::exists(card));

  node.refuses({"join", world.east.path().string() + ".card"}, 9, "E-CARD-NOT-OURS");
  world.hub.ask({"hub", "enroll", request, "--out", card});
  bytes = read_file(card);
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
  write_file(scratch / "changed-card", bytes);
  const json::object refused = node.ask({"join", (scratch / "changed-card").string()}, 9);
  REQUIRE((text_at(refused, "code") == "E-CARD" || text_at(refused, "code") == "E-CARD-NOT-OURS"));
  node.ask({"join", card});
  node.refuses({"join", card}, 7, "E-ALREADY-ENROLLED");

  const NodeHome twin("twin", scratch / "twin");
  twin.ask({"site", "init", "--name", kEastName, "--out", (scratch / "twin.request").string()});
  world.hub.refuses({"hub", "enroll", (scratch / "twin.request").string(), "--out", (scratch / "twin.card").string()}, 7,
                    "E-NAME-TAKEN");
  world.east.refuses({"hub", "enroll", request, "--out", card}, 7, "E-NOT-HUB");
}

TEST_CASE("a roster's wrong rows are refused with their lines, and the right ones are in") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const Person& person = world.people.front();
  const fs::path file = scratch / "roster.csv";
  // Each identity number of the synthetic people may stand once more, under another 学号: a second study record of one person.
  write_file(file, kHeader + row(person, "209900000001", "20230901") + row(person, "209900000002", "20230231") +
                       row(person, "209900000003", "20230901") + row(person, "209900000003", "20230901"));
  const json::object report = world.hub.ask({"roster", "import", file.string()}, 4);
  INFO(json::serialize(report));
  REQUIRE(number_at(report, "imported") == 1);
  std::vector<std::int64_t> lines;
  for (const json::value& value : report.at("refused").as_array()) {
    const json::object& refused = value.as_object();
    require_keys(refused, {"line", "code", "zh", "en", "cure_zh", "cure_en"});
    REQUIRE(text_at(refused, "code").starts_with("R-ROW-"));
    lines.push_back(number_at(refused, "line"));
    REQUIRE(json::serialize(refused).find(person.name) == std::string::npos);
    REQUIRE(json::serialize(refused).find(person.id_number) == std::string::npos);
  }
  std::sort(lines.begin(), lines.end());
  REQUIRE(lines == std::vector<std::int64_t>{3, 4, 5});
}

TEST_CASE("a roster without its columns, or not in UTF-8, is refused whole") {
  const Scratch scratch;
  World world(scratch, {.students = 2, .with_relay = false});
  write_file(scratch / "columns.csv", "学号,姓名\n1,某\n");
  world.hub.refuses({"roster", "import", (scratch / "columns.csv").string()}, 1, "E-ROSTER");
  write_file(scratch / "gb.csv", "\xD1\xA7\xBA\xC5,\xD0\xD5\xC3\xFB\n1,2\n");
  world.hub.refuses({"roster", "import", (scratch / "gb.csv").string()}, 1, "E-ROSTER");
  write_file(scratch / "noise.csv", std::string(1 << 20, '\x01'));
  world.hub.refuses({"roster", "import", (scratch / "noise.csv").string()}, 1, "E-ROSTER");
  world.east.refuses({"roster", "import", world.roster().string()}, 7, "E-NOT-HUB");
  REQUIRE(number_at(world.hub.ask({"status"}).at("students").as_object(), "eligible") == 2);
}

TEST_CASE("unknown students, drafts and reasons are told apart from mistyped ones") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  world.deliver_by_stick(world.hub, world.east);
  const std::string known = world.reference(world.east, world.people_of(world.east).front());
  const std::string unknown = known.starts_with('0') ? "11111-11111" : "00000-00000";
  for (const Arguments& command :
       std::vector<Arguments>{{"drafts", unknown}, {"submit", unknown}, {"status", "--student", unknown}}) {
    world.east.refuses(command, 1, "E-STUDENT-UNKNOWN");
  }
  world.east.refuses({"drafts", "who?"}, 2, "E-STUDENT-REF");
  world.east.refuses({"submit", known}, 3, "E-NO-DRAFT");
  world.east.ask(
      {"capture", "--code", world.code(world.people_of(world.east).front()).string(), "--photo", good_photo(0).string()});
  world.east.refuses({"submit", known, "--draft", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}, 1,
                     "E-DRAFT-UNKNOWN");
  world.hub.refuses({"review", "reject", known, "--reason", "R-NO-SUCH"}, 2, "E-REASON");
  world.hub.refuses({"review", "approve", known}, 7, "E-NOT-SUBMITTED");
  world.hub.refuses({"capture", "--code", world.code(world.people.front()).string(), "--photo", good_photo(0).string()}, 7,
                    "E-NOT-SITE");
  world.hub.refuses({"code", "issue", "--out", (scratch / "codes").string(), "--student", unknown}, 1, "E-STUDENT-UNKNOWN");
}

TEST_CASE("a code of another campaign, a foreign code and a picture without a code are told apart") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  World other(scratch, {.students = 4, .seed = 8, .with_relay = false, .folder = "o"});
  world.deliver_by_stick(world.hub, world.east);
  const std::string foreign = other.code(other.people.front()).string();
  const std::string none = good_photo(0).string();
  world.east.refuses({"capture", "--code", foreign, "--photo", none}, 7, "E-CODE-CAMPAIGN");
  world.east.refuses({"capture", "--code", none, "--photo", none}, 1, "E-CODE-NONE");
  const auto lines =
      world.east.ask_lines({"code", "scan", foreign, world.code(world.people_of(world.east).front()).string(), none}, 4);
  REQUIRE(lines.size() == 3);
  require_error(lines[0].at("error").as_object(), "E-CODE-CAMPAIGN");
  REQUIRE(lines[1].at("known").as_bool());
  require_error(lines[2].at("error").as_object(), "E-CODE-NONE");
  // A student of the other site: the code is ours, and this site must not take the picture as its own by mistake.
  const std::string visitor = world.code(world.people_of(world.west).front()).string();
  const auto seen = world.east.ask_lines({"code", "scan", visitor});
  REQUIRE_FALSE(seen.front().at("known").as_bool());
}
