#include "cli/calibrate_command.h"

#include "cli/command_line.h"
#include "cli/document.h"
#include "cli/judging.h"
#include "cli/picture_folder.h"
#include "core/portrait/likeness.h"
#include "node/face_model.h"
#include "node/recogniser_file.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

/// Any scale will do to look at faces: the features do not hang on it.
constexpr portrait::RecogniserScale kNoScaleYet{0.5, 0};

Result<boost::json::object> calibrate(const boost::json::object& arguments, const Machine& machine, Console& console) {
  core::Disk& disk = machine.surroundings.disk;
  const std::string path = named_file(machine, text_of(arguments, "recogniser"), node::kRecogniserVariable);
  SATCHEL_TRY_ASSIGN(const portrait::ModelFile model, node::read_recogniser_model(disk, path));
  if (model.contents.empty()) return core::Error{core::Code::kUsage, "--recogniser FILE"};
  SATCHEL_TRY_ASSIGN(
      const portrait::ModelFile face_model,
      node::read_face_model(disk, named_file(machine, text_of(arguments, "face_model"), node::kFaceModelVariable)));
  const std::string cascades = machine.environment("SATCHEL_CASCADES").value_or(portrait::kCascadeFolder);
  SATCHEL_TRY_ASSIGN(const auto judge, portrait::Judge::load(cascades, face_model));
  SATCHEL_TRY(judge->use_recogniser({model, kNoScaleYet}));
  SATCHEL_TRY_ASSIGN(const PictureFiles files, find_pictures(texts_of(arguments, "images"), machine.folder, disk));

  const std::string all = std::to_string(files.pictures.size());
  FaceSight sight;
  sight.face = [&](const std::string& file) -> std::optional<portrait::FaceFeatures> {
    auto face = face_in(file, disk, *judge);
    return face ? *std::move(face) : std::nullopt;
  };
  sight.step = [&](std::size_t done) {
    console.progress(console.view().words(Phrase::check_progress, {std::to_string(done), all}));
  };
  auto document = measure_scale(disk, model, files.pictures, sight);
  console.progress({});
  return document;
}

}  // namespace

Result<boost::json::object> measure_scale(core::Disk& disk, const portrait::ModelFile& model,
                                          const std::vector<PictureFile>& pictures, const FaceSight& sight) {
  std::vector<portrait::FaceFeatures> people;
  std::size_t without = 0, done = 0;
  for (const PictureFile& picture : pictures) {
    if (auto face = sight.face(picture.path)) {
      people.push_back(*std::move(face));
    } else {
      ++without;
    }
    sight.step(++done);
  }
  const portrait::RecogniserScale scale = portrait::calibrate(people);
  if (scale.pairs < portrait::kPairsLeast) {
    return core::Error{core::Code::kTooFewPeople,
                       std::to_string(people.size()) + " faces, " + std::to_string(without) + " unread"};
  }
  SATCHEL_TRY_ASSIGN(const std::string written, node::write_scale(disk, model, scale));
  return boost::json::object{
      {"schema", "satchel.recogniser-calibrate/1"}, {"people", people.size()}, {"pairs", scale.pairs}, {"without_face", without},
      {"cosine_at_80", scale.cosine_at_80},         {"written", written}};
}

core::Exit run_calibrate(const boost::json::object& arguments, const Machine& machine, Console& console) {
  const Result<boost::json::object> document = calibrate(arguments, machine, console);
  if (!document) return console.refuse(document.error());
  console.answer(*document);
  return core::Exit::ok;
}

}  // namespace satchel::cli
