#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/node_home.h"
#include "tests/support/scratch.h"
#include "tests/support/virtual_clock.h"
#include "tests/support/world.h"

namespace satchel::tests {

/// What a notice's story is about before anybody is photographed.
struct Casting {
  std::string notice;              ///< "sh": names the profile, the report and the folder
  std::vector<std::string> sites;  ///< their names
  std::string roster;              ///< the whole CSV
  std::string opens;               ///< when the hub begins, "2026-05-04 09:00"
};

/// Under the sanitizers, which make a judged picture four times as dear, one student of `n` is photographed.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr int kPhotographed = 8;
#else
inline constexpr int kPhotographed = 1;
#endif

/// Portraits of people who do not exist, of 480×640: a good one for each number below kPortraits, and failed ones.
inline constexpr int kPortraits = 400;
inline constexpr int kBlurred = 14;
inline constexpr int kFaceless = 4;
std::filesystem::path portrait(int number);
std::filesystem::path blurred_portrait(int number);
std::filesystem::path faceless_portrait(int number);

/// The hub and the sites of a campaign, once: of the story that went as planned, or of the one whose sites were cut off.
struct Telling {
  enum class Way { lines, sticks };
  Way way = Way::lines;
  std::filesystem::path folder;
  NodeHome hub;
  std::vector<NodeHome> sites;
  VirtualClock* clock = nullptr;
  std::uint64_t seed = 1;
  int trips = 0;           ///< meetings by line, or sticks plugged in
  std::int64_t bytes = 0;  ///< that went over
  std::string late = {};   ///< by stick: when the first of it arrives at the hub; empty: at once

  /// All that the sites have goes to the hub, and all that is for them comes back: site by site over a line; or by sticks, that
  /// arrive in another order, some of them twice, and late.
  void bring_in();
  /// What the hub has said reaches the sites.
  void bring_out();
  NodeHome& site(const std::string& name);

  /// Everybody who waits for a review is approved; who that was.
  std::vector<std::string> approve_all() const;
  /// `satchel papers KIND`, below handed(), about so many students: the words on it.
  std::string paper(const std::string& kind, std::size_t students, const Arguments& more = {}) const;
  /// What the hub's operator hands over beside the export.
  std::filesystem::path handed() const { return folder / "handed"; }

 private:
  void meet(const std::vector<NodeHome>& who);
  std::filesystem::path fresh_stick(const std::string& name);
};

/// One campaign from its founding on. Steps before split() happen once, those after it in each telling.
class Story {
 public:
  explicit Story(const Casting& casting);

  Scratch scratch;
  VirtualClock clock;
  NodeHome hub;
  std::vector<NodeHome> sites;
  std::vector<Person> people;
  boost::json::object imported;  ///< what the roster's import answered

  NodeHome& site(const std::string& name);
  std::filesystem::path folder() const { return scratch / "once"; }
  /// What the hub has said so far goes to every site, by one stick.
  void hand_out();
  /// A folder as a photographer delivers it, with a good portrait of each, named by 学号; the number of the portrait is the
  /// person's place in the roster, so that nobody shares one.
  std::filesystem::path photograph(const std::string& name, const std::vector<Person>& whom, int portrait_offset = 0);
  /// The students of this site who come to be photographed.
  std::vector<Person> coming(const std::string& site) const;
  /// By 学号.
  std::string reference(const Person& person) const;
  /// A file with their 学号.
  std::filesystem::path list_of(const std::string& name, const std::vector<Person>& whom) const;
  std::filesystem::path code(const Person& person) const { return scratch / "codes" / (person.number + ".png"); }

  /// From here on twice: the same homes, copied.
  std::vector<Telling> split(const std::string& late);
  /// Requires that both hubs, and each site in both, hold the same folded state of every student, byte for byte; and that the
  /// files below both `exports` are the same.
  static void require_same(const std::vector<Telling>& tellings, const std::string& exports);
  /// One page, as the hub's operator prints it: on standard output, and beside the tests.
  void report(const Telling& telling, const std::string& headline, const std::vector<std::string>& remarks) const;

 private:
  std::string notice_;
  std::map<std::string, std::string> references_;
  std::map<std::string, int> places_;
};

/// Every student's folded state in this home, encoded, by reference.
std::map<std::string, std::string> folded_states(const std::filesystem::path& home);

/// "一号教学点", "二号教学点", … Chinese numerals up to 99.
std::string numeral(int number);

/// Draws the rows of a roster; nobody of these names and numbers exists.
class RosterWriter {
 public:
  struct Row {
    std::string number;
    std::string enrolled;  ///< YYYYMMDD
    std::string level = "专升本";
    std::string site;
    std::string class_name;
    bool last_term = false;
    bool check_x = false;  ///< an identity number that ends in X
    std::string exempt = {};
    std::string retake = {};
  };
  void add(const Row& row);
  std::string text() const { return text_; }

 private:
  int drawn_ = 0;
  std::string text_ = "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注,免拍,重拍\r\n";
};

/// `words`, and `more` behind them.
Arguments with(Arguments words, const std::vector<std::string>& more);
/// How often `part` stands in `text`.
std::size_t times(const std::string& text, const std::string& part);
/// The references of a list of documents, under `key`.
std::vector<std::string> texts_of(const boost::json::array& list, const char* key);
/// What stands there, which must be there; of an answer that nobody keeps, a copy.
const boost::json::array& list_at(const boost::json::object& document, const char* key);
boost::json::array list_at(boost::json::object&& document, const char* key);
const boost::json::object& object_at(const boost::json::object& document, const char* key);
boost::json::object object_at(boost::json::object&& document, const char* key);

}  // namespace satchel::tests
