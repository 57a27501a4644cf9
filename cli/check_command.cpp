#include "cli/check_command.h"

#include <memory>
#include <optional>

#include "cli/command_line.h"
#include "cli/document.h"
#include "core/campaign/profile.h"
#include "core/portrait/check.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "core/portrait/render.h"
#include "node/face_model.h"
#include "node/picture_limits.h"
#include "node/verdict_json.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

// Ours: a 100-megapixel camera JPEG has about 60 MB; more is no portrait.
constexpr std::uint64_t kImageBytesMax = 200'000'000;
// Ours: the profile in examples/profiles has 5 KB.
constexpr std::uint64_t kProfileBytesMax = 1'000'000;

Result<portrait::Limits> limits_of(const std::string& profile_path, const core::Disk& disk) {
  if (profile_path.empty()) return portrait::Limits{};
  const Result<core::Bytes> bytes = disk.read(profile_path, kProfileBytesMax);
  if (!bytes) return node::at_path(bytes.error(), profile_path);
  if (bytes->empty()) return core::Error{core::Code::kFileEmpty, profile_path};
  SATCHEL_TRY_ASSIGN(const core::Profile profile, core::parse_profile(core::as_text(*bytes)));
  return node::picture_limits(profile);
}

struct Judged {
  portrait::Picture picture;
  portrait::Verdict verdict;
};

Result<Judged> judge_file(const std::string& path, const core::Disk& disk, portrait::Judge& judge,
                          const portrait::Limits& limits) {
  SATCHEL_TRY_ASSIGN(const core::Bytes file, disk.read(path, kImageBytesMax));
  if (file.empty()) return core::Error{core::Code::kFileEmpty, {}};
  SATCHEL_TRY_ASSIGN(portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  portrait::Verdict verdict = judge.check(picture, limits, portrait::read_marks(file));
  return Judged{std::move(picture), std::move(verdict)};
}

Result<void> write_overlay(const std::string& path, const Judged& judged, const portrait::Limits& limits, core::Disk& disk) {
  SATCHEL_TRY_ASSIGN(const portrait::Picture overlay, portrait::draw_overlay(judged.picture, judged.verdict, limits));
  SATCHEL_TRY_ASSIGN(const core::Bytes png, portrait::encode_png(overlay));
  return disk.write_atomic(path, png);
}

boost::json::object error_line(const std::string& file, const core::Error& error) {
  return {{"schema", "satchel.check/1"}, {"file", file}, {"error", node::error_item(error)}};
}

class CheckRun {
 public:
  CheckRun(const Machine& machine, Console& console, portrait::Judge& judge, const portrait::Limits& limits, bool explain)
      : machine_(machine), console_(console), judge_(judge), limits_(limits), explain_(explain) {}

  void one(const std::string& file, const std::string& overlay) {
    const core::MonoMs begin = machine_.surroundings.clock.mono();
    const std::string path = absolute_path(file, machine_.folder);
    const Result<Judged> judged = judge_file(path, machine_.surroundings.disk, judge_, limits_);
    if (!judged) return refuse(file, judged.error());
    const auto elapsed_ms = static_cast<double>(machine_.surroundings.clock.mono() - begin);
    boost::json::object document = node::verdict_document(judged->verdict, file, elapsed_ms, explain_);
    document["explain"] = explain_;
    if (!overlay.empty()) {
      const std::string overlay_at = absolute_path(overlay, machine_.folder);
      if (const Result<void> written = write_overlay(overlay_at, *judged, limits_, machine_.surroundings.disk); !written) {
        return refuse(file, node::at_path(written.error(), overlay));
      }
      document["overlay"] = overlay;
    }
    failed_ = failed_ || judged->verdict.verdict == portrait::Level::fail;
    console_.answer(document);
  }

  core::Exit exit() const {
    if (unread_) return core::Exit::failure;
    return failed_ ? core::Exit::check_failed : core::Exit::ok;
  }

 private:
  void refuse(const std::string& file, const core::Error& error) {
    unread_ = true;
    console_.answer(error_line(file, error));
  }

  const Machine& machine_;
  Console& console_;
  portrait::Judge& judge_;
  const portrait::Limits& limits_;
  bool explain_;
  bool failed_ = false;
  bool unread_ = false;
};

}  // namespace

std::string overlay_path(const std::string& overlay, std::size_t index, std::size_t count) {
  if (overlay.empty() || count < 2) return overlay;
  const std::string number = "-" + std::to_string(index + 1);
  const std::size_t slash = overlay.find_last_of('/');
  const std::size_t dot = overlay.find_last_of('.');
  const std::size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  if (dot == std::string::npos || dot <= name_at) return overlay + number;
  return overlay.substr(0, dot) + number + overlay.substr(dot);
}

core::Exit run_check(const boost::json::object& arguments, const Machine& machine, Console& console) {
  const Result<portrait::Limits> limits = limits_of(text_of(arguments, "profile"), machine.surroundings.disk);
  const std::optional<std::string> cascades = machine.environment("SATCHEL_CASCADES");
  std::string model_path = text_of(arguments, "face_model");
  if (model_path.empty()) model_path = machine.environment(node::kFaceModelVariable).value_or("");
  if (!model_path.empty()) model_path = absolute_path(model_path, machine.folder);
  const Result<portrait::ModelFile> model =
      limits ? node::read_face_model(machine.surroundings.disk, model_path) : Result<portrait::ModelFile>(limits.error());
  Result<std::unique_ptr<portrait::Judge>> judge =
      model ? portrait::Judge::load(cascades.value_or(portrait::kCascadeFolder), *model) : model.error();
  if (!judge) {
    console.error(judge.error());
    return core::info(judge.error().code).exit;
  }
  CheckRun run(machine, console, **judge, *limits, flag_of(arguments, "explain"));
  const boost::json::array& images = list_of(arguments, "images");
  const std::string overlay = text_of(arguments, "overlay");
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].is_string()) run.one(std::string(images[i].get_string()), overlay_path(overlay, i, images.size()));
  }
  return run.exit();
}

}  // namespace satchel::cli
