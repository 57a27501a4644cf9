// satchel check over folders, and satchel crop: with the real judge, on drawn people.
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/frame_source.h"
#include "cli/program.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "examples/portraits/people.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"
#include "tests/unit/cli/support.h"

using namespace satchel;
using namespace satchel::cli;
using test::document;
using test::has;
namespace people = satchel::examples;
namespace portrait = satchel::core::portrait;

namespace {

/// A folder of its own, gone at the end; and the program in it.
struct Desk {
  std::filesystem::path folder;
  node::SystemDisk disk;
  node::SystemClock clock;
  node::SystemRng rng;
  node::Surroundings surroundings{disk, clock, rng, {}};
  std::ostringstream out;
  std::ostringstream talk;

  Desk() {
    std::string name = (std::filesystem::temp_directory_path() / "satchel-desk-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  void put(const std::string& name, const core::Bytes& bytes) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream file(folder / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  void draw(const std::string& name, std::uint64_t seed, people::Defect defect, int width = 480, int height = 640) {
    put(name, *portrait::encode_jpeg(people::draw_person(seed, defect, width, height)));
  }
  std::string read(const std::string& name) const {
    std::ostringstream content;
    content << std::ifstream(folder / name, std::ios::binary).rdbuf();
    return content.str();
  }
  int run(std::vector<std::string> words) {
    out.str("");
    talk.str("");
    const Machine machine{
        surroundings, Streams{out, talk, false, false, false}, test::environment({}), folder.string(), {}, {}, {}};
    return run_program(words, machine);
  }
  std::vector<boost::json::object> documents() const {
    std::vector<boost::json::object> all;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) all.push_back(document(line));
    return all;
  }
};

void fill(Desk& desk) {
  desk.draw("class/a.jpg", 1, people::Defect::none);
  desk.draw("class/b.JPG", 2, people::Defect::blurred);
  desk.draw("class/row/c.dat", 3, people::Defect::half_dark);  // the content decides, not the name
  desk.put("class/cut.jpg", {0xFF, 0xD8, 0xFF, 0xE0});
  desk.put("class/notes.txt", core::to_bytes(core::as_bytes("not a picture")));
  desk.put("class/.hidden.jpg", {1, 2, 3});
}

}  // namespace

TEST_CASE("a folder is checked with the same verdicts and numbers by one, two or three at a time") {
  Desk desk;
  fill(desk);
  std::vector<std::string> answers;
  for (const char* jobs : {"1", "2", "3"}) {
    CHECK(desk.run({"check", "class", "--jobs", jobs, "--csv", std::string("t") + jobs + ".csv", "--json"}) == 1);
    std::string answer;
    for (boost::json::object one : desk.documents()) {
      one.erase("elapsed_ms");
      one.erase("csv");
      answer += boost::json::serialize(one) + "\n";
    }
    answers.push_back(answer);
  }
  CHECK(answers[0] == answers[1]);
  CHECK(answers[0] == answers[2]);
  CHECK(desk.read("t1.csv") == desk.read("t2.csv"));
  CHECK(
      desk.read("t1.csv").starts_with("\xEF\xBB\xBF"
                                      "file,verdict,score,"));
}

TEST_CASE("the summary counts, names reasons by frequency, and says what was passed over") {
  Desk desk;
  fill(desk);
  desk.draw("class/d.jpg", 5, people::Defect::blurred);
  CHECK(desk.run({"check", "class/", "--json"}) == 1);
  const auto all = desk.documents();
  REQUIRE(all.size() == 6);
  CHECK(all[0].at("file") == "class/a.jpg");
  CHECK(all[3].at("file") == "class/d.jpg");
  const boost::json::object& summary = all.back();
  CHECK(summary.at("schema") == "satchel.check-summary/1");
  CHECK(summary.at("pictures") == 5);
  CHECK(summary.at("fail") == 3);
  CHECK(summary.at("unread") == 1);
  CHECK(summary.at("skipped") == 1);
  const boost::json::object& first = summary.at("reasons").as_array().at(0).as_object();
  CHECK(first.at("code") == "Q-BLUR");
  CHECK(first.at("failed") == 2);
  CHECK(desk.run({"check", "class", "--lang", "en"}) == 1);
  CHECK(has(desk.out.str(), "5 pictures: 1 pass"));
  CHECK(has(desk.out.str(), "Q-HALF-DARK"));
  CHECK(has(desk.talk.str(), "1 files that are no pictures"));
}

TEST_CASE("a folder without pictures, and a number of jobs that is none, are said so") {
  Desk desk;
  desk.put("empty/readme.txt", {'x'});
  CHECK(desk.run({"check", "empty", "--lang", "en"}) == 3);
  CHECK(has(desk.out.str(), "No picture was found"));
  CHECK(desk.run({"check", "empty", "--jobs", "0"}) == 2);
  CHECK(desk.run({"check", "empty", "--jobs", "two"}) == 2);
}

TEST_CASE("a recogniser without a face model, or without a scale of its own, is not used and says why") {
  Desk desk;
  desk.put("model.onnx", core::to_bytes(core::as_bytes("any bytes")));
  desk.draw("a.jpg", 1, people::Defect::none);
  CHECK(desk.run({"recogniser", "calibrate", "a.jpg", "--recogniser", "model.onnx", "--json"}) == 1);
  CHECK(has(desk.out.str(), "E-NO-FACE-MODEL"));
  CHECK(desk.run({"recogniser", "calibrate", "a.jpg", "--json"}) == 2);
  CHECK(desk.run({"check", "a.jpg", "--recogniser", "model.onnx", "--json"}) == 1);
  CHECK(has(desk.out.str(), "E-RECOGNISER-UNCALIBRATED"));
  desk.put("model.onnx.scale.json", core::to_bytes(core::as_bytes("{\"schema\":\"satchel.recogniser-scale/1\"}")));
  CHECK(desk.run({"check", "a.jpg", "--recogniser", "model.onnx", "--json"}) == 1);
  CHECK(has(desk.out.str(), "measured with another model"));
  // Without a recogniser an admission photo is only looked at, and a person compares.
  CHECK(desk.run({"check", "a.jpg", "--admission", "a.jpg", "--json"}) == 0);
  CHECK(has(desk.out.str(), "Q-SIMILARITY"));
}

TEST_CASE("crop writes the standard picture, and tells where it was taken from") {
  Desk desk;
  desk.draw("wide.jpg", 33, people::Defect::none, 1800, 1200);
  CHECK(desk.run({"crop", "wide.jpg", "--out", "out.jpg", "--nudge", "-4,3", "--json"}) == 0);
  const boost::json::object answer = desk.documents().at(0);
  CHECK(answer.at("schema") == "satchel.crop/1");
  CHECK(answer.at("in_window") == true);
  CHECK(answer.at("enlarged") == false);
  const std::string file = desk.read("out.jpg");
  CHECK(file.size() == static_cast<std::size_t>(answer.at("bytes").to_number<double>()));
  const auto picture = portrait::decode(core::as_bytes(file));
  REQUIRE(picture);
  CHECK(picture->width == 480);
  CHECK(picture->height == 640);
  for (const char* wrong : {"1", "1,2,3,4", "a,b", "1,2,0", "nan,1", "1,2,"}) {
    CHECK(desk.run({"crop", "wide.jpg", "--out", "out.jpg", std::string("--nudge=") + wrong}) == 2);
  }
  CHECK(desk.run({"crop", "gone.jpg", "--out", "out.jpg"}) == 1);
}

TEST_CASE("crop replaces the ground where the profile asks, and says when it may not") {
  Desk desk;
  desk.put("blue.toml", core::to_bytes(core::as_bytes("name = \"c\"\nschool = \"s\"\nschool_code = \"10403\"\n"
                                                      "[background]\nreplace = true\n")));
  desk.draw("a.jpg", 12, people::Defect::none, 960, 1280);
  CHECK(desk.run({"crop", "a.jpg", "--out", "a2.jpg", "--profile", "blue.toml", "--json"}) == 0);
  CHECK(desk.documents().at(0).at("ground").at("replaced") == true);
  desk.draw("b.jpg", 5, people::Defect::no_face, 480, 640);
  CHECK(desk.run({"crop", "b.jpg", "--out", "b2.jpg", "--profile", "blue.toml", "--lang", "en"}) == 0);
  CHECK(has(desk.talk.str(), "the ground was not replaced"));
}

TEST_CASE("a station test names the lamp, in the language asked for, and fails where an item does") {
  Desk desk;
  desk.draw("good.jpg", 12, people::Defect::none);
  desk.draw("half.jpg", 12, people::Defect::half_dark);
  CHECK(desk.run({"station-test", "good.jpg", "--json"}) == 0);
  CHECK(desk.documents().at(0).at("schema") == "satchel.station/1");
  CHECK(desk.documents().at(0).at("items").as_array().size() == 7);
  CHECK(desk.run({"station-test", "half.jpg", "--lang", "en"}) == 6);
  CHECK(has(desk.out.str(), "Move the lamp on the "));
  CHECK(desk.run({"station-test", "half.jpg", "--lang", "zh"}) == 6);
  CHECK(has(desk.out.str(), "侧的灯移近"));
  CHECK(desk.run({"station-test", "gone.jpg"}) == 1);
}

TEST_CASE("guidance speaks when the hints change, and hands over the best frame as it is") {
  Desk desk;
  desk.draw("burst/1.jpg", 12, people::Defect::blurred);
  desk.draw("burst/2.jpg", 12, people::Defect::none);
  desk.draw("burst/3.jpg", 12, people::Defect::dark);
  CHECK(desk.run({"guide", "burst", "--best", "best.jpg", "--json"}) == 0);
  const auto all = desk.documents();
  REQUIRE(all.size() == 4);
  CHECK(all[0].at("schema") == "satchel.guide/1");
  CHECK(all[3].at("frame") == "burst/2.jpg");
  CHECK(desk.read("best.jpg") == desk.read("burst/2.jpg"));
  desk.put("none/readme", {'x'});
  CHECK(desk.run({"guide", "none", "--lang", "en"}) == 3);
  CHECK(desk.run({"guide"}) == 2);
  CHECK(desk.run({"guide", "burst", "--camera", "0"}) == 2);
  CHECK(desk.run({"guide", "--camera", "x"}) == 2);
}

TEST_CASE("frames of a camera come as PPM, and what is none is refused before its size is believed") {
  const auto read = [](std::string_view text) {
    std::FILE* in = fmemopen(const_cast<char*>(text.data()), text.size(), "r");
    REQUIRE(in != nullptr);
    auto frame = read_ppm(in);
    std::fclose(in);
    return frame;
  };
  using namespace std::string_view_literals;
  const auto frame = read("P6\n2 1\n255\n\x01\x02\x03\x04\x05\x06"sv);
  REQUIRE(frame);
  REQUIRE(*frame);
  CHECK((*frame)->width == 2);
  CHECK((*frame)->bgr == core::Bytes{3, 2, 1, 6, 5, 4});
  for (const std::string_view wrong :
       {"P5\n1 1\n255\n\0"sv, "P6\n0 1\n255\n"sv, "P6\n1 1\n65535\n\0\0\0"sv, "P6\n9999999 1\n255\n"sv,
        "P6\n8000 8000\n255\nabc"sv, "P6\n-1 1\n255\n"sv, "P6"sv, "x"sv, "P6\n9000 1\n255\n"sv}) {
    CHECK_FALSE(read(wrong));
  }
}
