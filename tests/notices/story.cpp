#include "tests/notices/story.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

#include "core/campaign/people.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

fs::path drawn(const std::string& kind, int number) {
  return fs::path(SATCHEL_NOTICE_PEOPLE) / (kind.empty() ? "person-5000-" + std::to_string(number) + ".jpg"
                                                         : "person-7000-" + std::to_string(number) + "-" + kind + ".jpg");
}

template <class Homes>
auto& named(Homes& homes, const std::string& name) {
  const auto found = std::find_if(homes.begin(), homes.end(), [&](const NodeHome& home) { return home.name() == name; });
  INFO(name);
  REQUIRE(found != homes.end());
  return *found;
}

/// The order in which sticks arrive: drawn, and the same for the same seed.
template <class Item>
void shuffle(std::vector<Item>& items, std::uint64_t seed) {
  SeededRng rng(seed);
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[rng.below(i)]);
}

std::vector<Person> read_people(const std::string& roster) {
  std::vector<Person> out;
  std::istringstream lines(roster);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else if (c != '\r') {
        cells.back() += c;
      }
    }
    if (cells[0].ends_with('*')) cells[0].pop_back();
    out.push_back({cells[0], cells[1], cells[2], cells[5], cells[8], cells[9]});
  }
  return out;
}

}  // namespace

fs::path portrait(int number) {
  REQUIRE(number < kPortraits);
  return drawn("", number);
}
fs::path blurred_portrait(int number) { return drawn("blurred", number); }
fs::path faceless_portrait(int number) { return drawn("no-face", number); }

const json::array& list_at(const json::object& document, const char* key) {
  require_keys(document, {key});
  REQUIRE(document.at(key).is_array());
  return document.at(key).get_array();
}

const json::object& object_at(const json::object& document, const char* key) {
  require_keys(document, {key});
  REQUIRE(document.at(key).is_object());
  return document.at(key).get_object();
}

json::array list_at(json::object&& document, const char* key) {
  const json::object& kept = document;
  return list_at(kept, key);
}
json::object object_at(json::object&& document, const char* key) {
  const json::object& kept = document;
  return object_at(kept, key);
}

std::vector<std::string> texts_of(const json::array& list, const char* key) {
  std::vector<std::string> out;
  for (const json::value& one : list) out.push_back(text_at(one.as_object(), key));
  return out;
}

Arguments with(Arguments words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++out;
  return out;
}

std::string numeral(int number) {
  constexpr std::array<const char*, 10> kDigits{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  const auto digit = [&](int d) { return std::string(kDigits.at(static_cast<std::size_t>(d))); };
  if (number < 10) return digit(number);
  return (number >= 20 ? digit(number / 10) : std::string()) + "十" + digit(number % 10);
}

void RosterWriter::add(const Row& row) {
  constexpr std::array<const char*, 10> kSurnames{"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈"};
  constexpr std::array<const char*, 12> kSyllables{"安", "北", "晨", "冬", "恩", "方", "光", "禾", "佳", "可", "兰", "明"};
  const auto place = static_cast<std::size_t>(drawn_);
  // 999999 is no region. The serial number is moved until the check character is, or is not, an X.
  std::string id_number;
  for (int serial = 1 + drawn_ % 500;; ++serial) {
    std::ostringstream first;
    first << "999999" << 1986 + drawn_ % 20 << (drawn_ % 12 < 9 ? "0" : "") << 1 + drawn_ % 12 << 10 + drawn_ % 19
          << (serial < 100 ? "0" : "") << (serial < 10 ? "0" : "") << serial;
    const char check = core::id_check_character(first.str());
    REQUIRE(check != '\0');
    if ((check == 'X') != row.check_x) continue;
    id_number = first.str() + check;
    break;
  }
  const std::string name =
      std::string(kSurnames[place % 10]) + kSyllables[place / 10 % 12] + (place % 4 == 0 ? "" : kSyllables[place / 120 % 12]);
  text_ += row.number + (row.last_term ? "*" : "") + "," + name + "," + id_number + "," + row.enrolled + "," + row.level + "," +
           row.site + "," + row.class_name + ",护理学,173" + std::to_string(10 + drawn_ % 90) + "XX" +
           std::to_string(100 + drawn_ % 900) + ",,," + row.exempt + "," + row.retake + "\r\n";
  ++drawn_;
}

Story::Story(const Casting& casting) : clock(scratch / "clock"), hub("hub", folder() / "hub", &clock), notice_(casting.notice) {
  fs::create_directories(folder());
  clock.set(casting.opens);
  const fs::path profile = fs::path(SATCHEL_SOURCE_FOLDER) / "examples" / "profiles" / (notice_ + ".toml");
  hub.ask({"hub", "init", "--profile", profile.string(), "--name", "采集中心"});
  for (std::size_t i = 0; i < casting.sites.size(); ++i) {
    NodeHome& home = sites.emplace_back(casting.sites[i], folder() / ("site" + std::to_string(i + 1)), &clock);
    const std::string request = home.path().string() + ".request";
    const std::string card = home.path().string() + ".card";
    home.ask({"site", "init", "--name", home.name(), "--out", request});
    hub.ask({"hub", "enroll", request, "--out", card});
    home.ask({"join", card});
  }
  write_file(scratch / "roster.csv", casting.roster);
  people = read_people(casting.roster);
  for (std::size_t i = 0; i < people.size(); ++i) places_[people[i].number] = static_cast<int>(i);
  imported = hub.ask({"roster", "import", (scratch / "roster.csv").string()});
  REQUIRE(number_at(imported, "imported") == static_cast<std::int64_t>(people.size()));
  const json::object issued = hub.ask({"code", "issue", "--out", (scratch / "codes").string()});
  REQUIRE(number_at(issued, "issued") == static_cast<std::int64_t>(people.size()));
  hand_out();
}

NodeHome& Story::site(const std::string& name) { return named(sites, name); }
NodeHome& Telling::site(const std::string& name) { return named(sites, name); }

void Story::hand_out() {
  const fs::path stick = scratch / "handed-out";
  fs::create_directories(stick);
  hub.ask({"stick", "write", stick.string()});
  for (const NodeHome& home : sites) home.ask({"stick", "read", stick.string()});
}

fs::path Story::photograph(const std::string& name, const std::vector<Person>& whom, int portrait_offset) {
  const fs::path to = scratch / name;
  fs::create_directories(to);
  for (const Person& person : whom) {
    const int number = (places_.at(person.number) + portrait_offset) % kPortraits;
    fs::copy_file(portrait(number), to / (person.number + ".jpg"), fs::copy_options::overwrite_existing);
  }
  return to;
}

std::vector<Person> Story::coming(const std::string& site) const {
  std::vector<Person> out;
  int seen = 0;
  for (const Person& person : people) {
    if (person.site == site && seen++ % kPhotographed == 0) out.push_back(person);
  }
  return out;
}

std::string Story::reference(const Person& person) const {
  const auto lines = hub.ask_lines({"code", "scan", code(person).string()});
  REQUIRE(lines.size() == 1);
  return text_at(lines.front(), "student");
}

fs::path Story::list_of(const std::string& name, const std::vector<Person>& whom) const {
  std::string text = "学号\n";
  for (const Person& person : whom) text += person.number + "\n";
  const fs::path file = scratch / name;
  write_file(file, text);
  return file;
}

std::vector<Telling> Story::split(const std::string& late) {
  clock.repeat_chance();
  std::vector<Telling> out;
  for (const Telling::Way way : {Telling::Way::lines, Telling::Way::sticks}) {
    const bool lines = way == Telling::Way::lines;
    const fs::path to = scratch / (lines ? "planned" : "cut-off");
    copy_folder(folder(), to);
    Telling telling{way, to, NodeHome("hub", to / "hub", &clock), {}, &clock, 17};
    for (const NodeHome& home : sites) telling.sites.emplace_back(home.name(), to / home.path().filename(), &clock);
    if (!lines) telling.late = late;
    out.push_back(std::move(telling));
  }
  return out;
}

fs::path Telling::fresh_stick(const std::string& name) {
  const fs::path stick = folder / ("stick-" + std::to_string(trips) + "-" + name);
  fs::create_directories(stick);
  return stick;
}

void Telling::meet(const std::vector<NodeHome>& who) {
  RunningNode running(hub, {"--no-lan"});
  for (const NodeHome& home : who) {
    const json::object met = home.ask({"sync", "--peer", running.address(), "--until-done"});
    REQUIRE(text_at(met, "outcome") == "done");
    bytes += number_at(met, "sent_bytes") + number_at(met, "received_bytes");
    ++trips;
  }
  running.stop();
}

void Telling::bring_in() {
  if (way == Way::lines) return meet(sites);
  const std::string today = clock->now();
  std::vector<fs::path> arriving;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const fs::path stick = fresh_stick(std::to_string(i));
    bytes += number_at(sites[i].ask({"stick", "write", stick.string()}), "bytes");
    arriving.push_back(stick);
    if (i % 2 == 0) {  // a copy of it travels another way
      const fs::path copy = stick.string() + "-again";
      copy_folder(stick, copy);
      arriving.push_back(copy);
    }
  }
  shuffle(arriving, seed + static_cast<std::uint64_t>(trips));
  if (!late.empty()) clock->set(late);
  late.clear();
  for (const fs::path& stick : arriving) {
    const Outcome read = hub.say({"--json", "stick", "read", stick.string()});
    INFO(stick << " " << read.out << read.err);
    REQUIRE((read.exit == 0 || read.exit == 3));
    ++trips;
  }
  clock->set(today);
}

void Telling::bring_out() {
  if (way == Way::lines) return meet(sites);
  const fs::path stick = fresh_stick("out");
  bytes += number_at(hub.ask({"stick", "write", stick.string()}), "bytes");
  std::vector<NodeHome> readers = sites;
  readers.insert(readers.end(), sites.begin(), sites.begin() + static_cast<std::ptrdiff_t>(sites.size() / 2));
  shuffle(readers, seed + 100 + static_cast<std::uint64_t>(trips));
  for (const NodeHome& home : readers) {
    const Outcome read = home.say({"--json", "stick", "read", stick.string()});
    INFO(home.name() << " " << read.out << read.err);
    REQUIRE((read.exit == 0 || read.exit == 3));
    ++trips;
  }
}

std::vector<std::string> Telling::approve_all() const {
  const auto waiting = texts_of(list_at(hub.ask({"review", "list"}), "waiting"), "student");
  hub.ask(with({"review", "approve"}, waiting));
  return waiting;
}

std::string Telling::paper(const std::string& kind, std::size_t students, const Arguments& more) const {
  const json::object made = hub.ask(with({"papers", kind, "--out", handed().string()}, more));
  CHECK(number_at(made, "students") == static_cast<std::int64_t>(students));
  const fs::path file = text_at(made, "file");
  return file.extension() == ".pdf" ? pdf_text(file) : read_file(file);
}

void Story::require_same(const std::vector<Telling>& tellings, const std::string& exports) {
  REQUIRE(tellings.size() == 2);
  const Telling& planned = tellings[0];
  const Telling& cut_off = tellings[1];
  CHECK(folded_states(planned.hub.path()) == folded_states(cut_off.hub.path()));
  for (std::size_t i = 0; i < planned.sites.size(); ++i) {
    INFO(planned.sites[i].name());
    CHECK(folded_states(planned.sites[i].path()) == folded_states(cut_off.sites[i].path()));
  }
  if (exports.empty()) return;
  const auto below = [&](const Telling& telling) {
    std::map<std::string, std::string> out;
    const fs::path root = telling.folder / exports;
    for (const fs::path& file : files_below(root)) out[file.lexically_relative(root).string()] = read_file(file);
    return out;
  };
  const auto first = below(planned);
  CHECK_FALSE(first.empty());
  CHECK(first == below(cut_off));
}

void Story::report(const Telling& telling, const std::string& headline, const std::vector<std::string>& remarks) const {
  const Outcome page = telling.hub.say({"--lang", "zh", "report", "page"});
  INFO(page.err);
  REQUIRE(page.exit == 0);
  std::string text = "【" + headline + "】\n" + page.out;
  text += telling.way == Telling::Way::lines ? "送达：线路，会面 " : "送达：U 盘，插入 ";
  text += std::to_string(telling.trips) + " 次，共 " + std::to_string((telling.bytes + 999) / 1000) + " KB\n";
  for (const std::string& remark : remarks) text += "· " + remark + "\n";
  const fs::path folder = SATCHEL_NOTICE_REPORTS;
  fs::create_directories(folder);
  write_file(folder / (notice_ + ".txt"), text);
  std::cout << text << std::endl;
  CHECK(std::count(text.begin(), text.end(), '\n') <= 66);  // lines of a printed page
}

}  // namespace satchel::tests
