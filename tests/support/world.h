#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/node_home.h"
#include "tests/support/scratch.h"

namespace satchel::tests {

/// One row of a synthetic roster. Nobody of this name and number exists.
struct Person {
  std::string number;     ///< 学号
  std::string name;       ///< 姓名
  std::string id_number;  ///< 身份证号
  std::string site;       ///< 站点
  std::string phone;
  std::string mail;
};

struct WorldOptions {
  int students = 6;
  std::uint64_t seed = 7;
  bool with_relay = true;
  std::string folder = "w";  ///< name inside the scratch folder, for two worlds in one test
};

/// A campaign in its own folder, set up by the real program: a hub, two sites and a relay, enrolled by files, with a roster
/// imported and the codes issued. The sites have not heard of their students yet; see deliver_by_stick().
class World {
 public:
  explicit World(const Scratch& scratch, const WorldOptions& options = {});

  NodeHome hub;
  NodeHome east;
  NodeHome west;
  NodeHome relay;
  std::vector<Person> people;

  std::filesystem::path folder() const { return folder_; }
  std::filesystem::path roster() const { return folder_ / "roster.csv"; }
  std::filesystem::path code(const Person& person) const { return folder_ / "codes" / (person.number + ".png"); }
  std::vector<Person> people_of(const NodeHome& site) const;
  /// By scanning the code at the site.
  std::string reference(const NodeHome& site, const Person& person) const;
  /// The hub signs the usual profile with these places changed, each from what stands there to what is to stand there.
  void sign_profile(const std::map<std::string, std::string>& changes) const;
  /// A fresh folder as a stick from one node to another.
  void deliver_by_stick(const NodeHome& from, const NodeHome& to);
  /// Captures with a good portrait and submits; gives the answer.
  boost::json::object submit(const NodeHome& site, const Person& person, int photo) const;

 private:
  void enrol(const NodeHome& node, const std::string& name, bool as_relay);

  std::filesystem::path folder_;
  int sticks_ = 0;
};

inline constexpr const char* kEastName = "东村教学点";
inline constexpr const char* kWestName = "西镇教学点";
inline constexpr int kGoodPhotos = 12;

/// Portraits of synthetic people, drawn once by the build: good ones by number (any; they repeat), wrong ones by the name of the
/// defect.
std::filesystem::path good_photo(int number);
std::filesystem::path bad_photo(const std::string& defect);
std::filesystem::path default_profile();

/// Width, height and dots per inch of a JPEG from its markers; fails the test when it is none.
struct JpegShape {
  int width = 0;
  int height = 0;
  int dpi = 0;
  int components = 0;
};
JpegShape jpeg_shape(const std::string& bytes);

/// The words of a PDF, in the order in which they stand.
std::string pdf_text(const std::filesystem::path& pdf);

}  // namespace satchel::tests
