// Measuring a recogniser's scale: with eyes of the test's own, because no model is in the tree.
#include "cli/calibrate_command.h"

#include <catch2/catch.hpp>

#include "node/recogniser_file.h"
#include "node/system_disk.h"
#include "tests/support/scratch.h"

using namespace satchel;
using namespace satchel::cli;
namespace portrait = satchel::core::portrait;

namespace {

/// Pictures of so many people, and of so many things with no face in them.
struct Album {
  std::vector<PictureFile> pictures;
  FaceSight sight;
  std::size_t told = 0;

  Album(int people, int things) {
    for (int i = 0; i < people + things; ++i) {
      PictureFile one;
      one.path = std::to_string(i);
      pictures.push_back(one);
    }
    sight.face = [people](const std::string& path) -> std::optional<portrait::FaceFeatures> {
      const int who = std::stoi(path);
      if (who >= people) return std::nullopt;
      // No two alike, and no two quite unlike: a direction of one's own beside one that all share.
      portrait::FaceFeatures face;
      face.values.assign(static_cast<std::size_t>(people) + 1, 0.0F);
      face.values[static_cast<std::size_t>(who)] = 1;
      face.values.back() = 1;
      return face;
    };
    sight.step = [this](std::size_t done) { told = done; };
  }
  Album(const Album&) = delete;
  Album& operator=(const Album&) = delete;
};

}  // namespace

TEST_CASE("141 people are too few to tell one false match in 10,000, whatever else lies there, and nothing is written") {
  const tests::Scratch scratch;
  node::SystemDisk disk;
  const portrait::ModelFile model{(scratch / "model.onnx").string(), {1, 2, 3}};
  const Album album(141, 30);
  const auto refused = measure_scale(disk, model, album.pictures, album.sight);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::kTooFewPeople);
  CHECK(refused.error().detail == "141 faces, 30 unread");
  CHECK(tests::files_below(scratch.path()).empty());
}

TEST_CASE("142 people are enough: the scale is written beside the model and read again with that model") {
  const tests::Scratch scratch;
  node::SystemDisk disk;
  tests::write_file(scratch / "model.onnx", "a model");
  const std::string path = (scratch / "model.onnx").string();
  const auto model = node::read_recogniser_model(disk, path);
  REQUIRE(model.has_value());
  const Album album(142, 3);
  const auto measured = measure_scale(disk, *model, album.pictures, album.sight);
  REQUIRE(measured.has_value());
  CHECK(measured->at("people").to_number<int>() == 142);
  CHECK(measured->at("without_face").to_number<int>() == 3);
  CHECK(album.told == 145);
  const auto read = node::read_recogniser(disk, path);
  REQUIRE(read.has_value());
  CHECK(read->scale.pairs == 142 * 141 / 2);
  CHECK(read->scale.cosine_at_80 == Approx(0.5).margin(1e-3));
}
