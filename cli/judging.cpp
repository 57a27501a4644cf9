#include "cli/judging.h"

#include <charconv>

#include "cli/command_line.h"
#include "core/campaign/profile.h"
#include "core/portrait/decode.h"
#include "node/face_model.h"
#include "node/picture_limits.h"
#include "node/recogniser_file.h"
#include "node/standard_options.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

// Ours: a 100-megapixel camera JPEG has about 60 MB; more is no portrait.
constexpr std::uint64_t kImageBytesMax = 200'000'000;
// Ours: the profile in examples/profiles has 5 KB.
constexpr std::uint64_t kProfileBytesMax = 1'000'000;

}  // namespace

Result<PictureRules> picture_rules(const std::string& profile_path, const core::Disk& disk) {
  if (profile_path.empty()) return PictureRules{};
  SATCHEL_TRY_ASSIGN(const core::Bytes bytes, node::read_named(disk, profile_path, kProfileBytesMax));
  SATCHEL_TRY_ASSIGN(const core::Profile profile, core::parse_profile(core::as_text(bytes)));
  SATCHEL_TRY_ASSIGN(const portrait::Limits limits, node::picture_limits(profile));
  return PictureRules{limits, node::standard_options(profile)};
}

std::string named_file(const Machine& machine, const std::string& typed, const char* variable) {
  const std::string path = typed.empty() ? machine.environment(variable).value_or("") : typed;
  return path.empty() ? path : absolute_path(path, machine.folder);
}

Result<std::unique_ptr<portrait::Judge>> load_judge(const Machine& machine, const std::string& face_model,
                                                    const std::string& recogniser) {
  const core::Disk& disk = machine.surroundings.disk;
  SATCHEL_TRY_ASSIGN(const portrait::ModelFile model,
                     node::read_face_model(disk, named_file(machine, face_model, node::kFaceModelVariable)));
  SATCHEL_TRY_ASSIGN(const portrait::RecogniserFile comparing,
                     node::read_recogniser(disk, named_file(machine, recogniser, node::kRecogniserVariable)));
  const std::string cascades = machine.environment("SATCHEL_CASCADES").value_or(portrait::kCascadeFolder);
  SATCHEL_TRY_ASSIGN(auto judge, portrait::Judge::load(cascades, model));
  if (!comparing.model.contents.empty()) SATCHEL_TRY(judge->use_recogniser(comparing));
  return judge;
}

Result<std::optional<portrait::FaceFeatures>> face_in(const std::string& path, const core::Disk& disk, portrait::Judge& judge) {
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_image(path, disk));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  return judge.features(picture);
}

Result<int> whole_number(const std::string& text, std::string_view option, int least, int most) {
  int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    return core::Error{core::Code::kUsage, std::string(option) + " " + std::to_string(least) + " .. " + std::to_string(most)};
  }
  return value;
}

Result<core::Bytes> read_image(const std::string& path, const core::Disk& disk) {
  SATCHEL_TRY_ASSIGN(core::Bytes file, disk.read(path, kImageBytesMax));
  if (file.empty()) return core::Error{core::Code::kFileEmpty, {}};
  return file;
}

Result<Judged> judge_file(const std::string& path, const core::Disk& disk, portrait::Judge& judge, const portrait::Limits& limits,
                          const std::optional<portrait::FaceFeatures>& admission) {
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_image(path, disk));
  SATCHEL_TRY_ASSIGN(portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  portrait::Verdict verdict = judge.check(picture, limits, portrait::read_marks(file), admission);
  return Judged{std::move(picture), std::move(verdict)};
}

}  // namespace satchel::cli
