#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "core/portrait/check.h"
#include "core/portrait/encode.h"
#include "examples/portraits/people.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;

namespace {

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// `jpeg` with an APP1 segment of this text after its first two bytes.
Bytes with_segment(const Bytes& jpeg, std::string_view text) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  const std::size_t length = text.size() + 2;
  for (const std::size_t b : {std::size_t{0xFF}, std::size_t{0xE1}, length >> 8, length & 0xFF})
    out.push_back(static_cast<std::uint8_t>(b));
  out.insert(out.end(), text.begin(), text.end());
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

const Finding* finding(const Verdict& verdict, std::string_view code) {
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (f.code == code) return &f;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("an editor that names itself before the pixels is heard, and nothing after them") {
  const auto jpeg = encode_jpeg(draw_person(1, Defect::none, 240, 320));
  REQUIRE(jpeg);
  CHECK(read_marks(*jpeg).editor.empty());
  CHECK(read_marks(with_segment(*jpeg, "Exif..Adobe Photoshop 2024")).editor == "Photoshop");
  CHECK(read_marks(with_segment(*jpeg, "Exif..Canon EOS 90D")).editor.empty());
  Bytes tail = *jpeg;
  const Bytes name = bytes("Adobe Photoshop");
  tail.insert(tail.end(), name.begin(), name.end());
  CHECK(read_marks(tail).editor.empty());
}

TEST_CASE("marks are looked for in any bytes without harm") {
  for (const std::string_view text :
       {"", "\xFF", "\xFF\xD8", "\xFF\xD8\xFF\xE1", "\xFF\xD8\xFF\xE1\x7F\xFFGIMP", "GIM", "\x89PNG....GIMP"}) {
    const FileMarks marks = read_marks(bytes(text));
    CHECK((marks.editor.empty() || marks.editor == "GIMP"));
  }
}

TEST_CASE("a file that an editor wrote brings advice and no refusal") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const auto jpeg = encode_jpeg(draw_person(1, Defect::none, 480, 640));
  const auto verdict = (*judge)->check_file(with_segment(*jpeg, "Software.Meitu 9"));
  REQUIRE(verdict);
  REQUIRE(finding(*verdict, "Q-EDITED") != nullptr);
  CHECK(finding(*verdict, "Q-EDITED")->level == Level::advice);
  CHECK(verdict->verdict == Level::advice);
}

TEST_CASE("a face model that is not a known one is refused with its digest") {
  const auto judge = Judge::load(kCascadeFolder, {"/nowhere/model.onnx", bytes("no model")});
  REQUIRE_FALSE(judge);
  CHECK(judge.error().code == Code::kModelUnknown);
  CHECK(judge.error().detail.starts_with("sha256 "));
  CHECK(judge.error().detail.size() == 7 + 64);
}

TEST_CASE("with the face model, turned heads are called turned and eyes are found where they are") {
  const char* path = std::getenv("SATCHEL_FACE_MODEL");
  if (path == nullptr) {
    WARN("SATCHEL_FACE_MODEL names no model: not tested");
    return;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  const std::string text = read.str();
  const auto judge = Judge::load(kCascadeFolder, {path, bytes(text)});
  REQUIRE(judge);
  CHECK((*judge)->has_model());
  for (const double yaw : {-20.0, 0.0, 20.0}) {
    Look look;
    look.yaw_deg = yaw;
    Truth truth;
    const Verdict verdict = (*judge)->check(draw_look(41, look, 480, 640, &truth));
    CAPTURE(yaw);
    const Finding* turned = finding(verdict, "Q-TURNED");
    REQUIRE(turned != nullptr);
    CHECK((turned->level == Level::pass) == (yaw == 0));
    if (yaw != 0) CHECK((turned->value > 0) == (yaw > 0));
    REQUIRE(verdict.face);
    REQUIRE(verdict.face->left_eye);
    CHECK(verdict.face->left_eye->x == Approx(truth.left_eye.x).margin(14));
  }
  const Picture picture = draw_person(3, Defect::none, 480, 640);
  const Verdict once = (*judge)->check(picture), again = (*judge)->check(picture);
  CHECK(once.score == again.score);
  CHECK(once.face->left_eye->x == again.face->left_eye->x);
}
