#include "cli/guide_command.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "cli/command_line.h"
#include "cli/document.h"
#include "cli/frame_source.h"
#include "cli/judging.h"
#include "cli/picture_folder.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "core/portrait/guide.h"
#include "node/answer.h"
#include "node/face_model.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

constexpr portrait::DecodeOptions kFrameSide{1280};  // a camera's frame; files may be larger and are shrunk while decoded
constexpr std::size_t kFinalists = 8;

/// A frame that may turn out to be the best. Frames of a camera keep their pixels, frames from files their path.
struct Finalist {
  std::size_t index = 0;
  double score = 0;
  PictureFile file;
  portrait::Picture picture;
};

class GuideRun {
 public:
  GuideRun(portrait::Guide& guide, Console& console) : guide_(guide), console_(console) {}

  void see(portrait::Picture frame, const PictureFile& file) {
    const portrait::Guidance guidance = guide_.see(frame);
    const std::size_t index = count_++;
    tell(guidance, file.shown.empty() ? std::to_string(index) : file.shown, index);
    if (guidance.score <= 0) return;
    Finalist one{index, guidance.score, file, {}};
    if (file.path.empty()) one.picture = std::move(frame);
    finalists_.push_back(std::move(one));
    std::stable_sort(finalists_.begin(), finalists_.end(),
                     [](const Finalist& a, const Finalist& b) { return a.score > b.score; });
    if (finalists_.size() > kFinalists) finalists_.pop_back();
  }
  std::vector<Finalist>& finalists() { return finalists_; }
  std::size_t count() const { return count_; }

 private:
  void tell(const portrait::Guidance& guidance, const std::string& frame, std::size_t index) {
    if (!console_.json() && index > 0 && guidance.hints == last_) return;
    last_ = guidance.hints;
    boost::json::array hints;
    for (const portrait::Hint hint : guidance.hints) {
      const portrait::HintWords& words = portrait::words_of(hint);
      hints.push_back(boost::json::object{{"code", words.code}, {"zh", words.zh}, {"en", words.en}});
    }
    console_.answer({{"schema", "satchel.guide/1"},
                     {"frame", frame},
                     {"score", std::round(guidance.score * 10) / 10},
                     {"hints", std::move(hints)}});
  }

  portrait::Guide& guide_;
  Console& console_;
  std::vector<portrait::Hint> last_;
  std::vector<Finalist> finalists_;
  std::size_t count_ = 0;
};

Result<void> watch_files(const std::string& folder, const Machine& machine, GuideRun& run) {
  SATCHEL_TRY_ASSIGN(const PictureFiles files, find_pictures({folder}, machine.folder, machine.surroundings.disk));
  for (const PictureFile& file : files.pictures) {
    const Result<core::Bytes> bytes = read_image(file.path, machine.surroundings.disk);
    if (!bytes) return node::at_path(bytes.error(), file.shown);
    Result<portrait::Picture> frame = portrait::decode(*bytes, kFrameSide);
    if (!frame) return node::at_path(frame.error(), file.shown);
    run.see(*std::move(frame), file);
  }
  return {};
}

/// "-": PPM frames on standard input, as of a recording: satchel-camera --video FILE | satchel guide -
Result<void> watch_stream(std::FILE* in, GuideRun& run) {
  while (true) {
    SATCHEL_TRY_ASSIGN(std::optional<portrait::Picture> frame, read_ppm(in));
    if (!frame) return {};
    run.see(*std::move(frame), {});
  }
}

Result<void> watch_camera(int camera, core::MonoMs until, const core::Clock& clock, GuideRun& run) {
  auto stream = CameraStream::open(camera);
  if (!stream) return core::Error{core::Code::kFileUnreadable, "satchel-camera"};
  while (clock.mono() < until) {
    SATCHEL_TRY_ASSIGN(std::optional<portrait::Picture> frame, stream->next());
    if (!frame) break;
    run.see(*std::move(frame), {});
  }
  const int ended = stream->close();
  // The helper has said why on standard error; a pipe that we closed ourselves is no failure.
  if (run.count() == 0 && ended != 0) return core::Error{core::Code::kFileUnreadable, "camera " + std::to_string(camera)};
  return {};
}

Result<void> watch(const boost::json::object& arguments, const Machine& machine, GuideRun& run) {
  const std::string frames = text_of(arguments, "frames"), camera = text_of(arguments, "camera");
  if (frames.empty() == camera.empty()) return core::Error{core::Code::kUsage, "guide DIR, or guide --camera N"};
  if (frames == "-") return watch_stream(stdin, run);
  if (!frames.empty()) return watch_files(frames, machine, run);
  constexpr int kCameraMax = 63, kSecondsMax = 86'400;
  constexpr int kBurst = 10;  // seconds to choose the best frame from; without a frame to choose, until Ctrl-C
  SATCHEL_TRY_ASSIGN(const int number, whole_number(camera, "--camera", 0, kCameraMax));
  const std::string seconds = text_of(arguments, "seconds");
  const int otherwise = text_of(arguments, "best").empty() ? kSecondsMax : kBurst;
  SATCHEL_TRY_ASSIGN(const int most,
                     seconds.empty() ? Result<int>{otherwise} : whole_number(seconds, "--seconds", 0, kSecondsMax));
  const core::Clock& clock = machine.surroundings.clock;
  return watch_camera(number, clock.mono() + std::int64_t{most} * 1000, clock, run);
}

/// Judges the finalists; the best is one with the mildest verdict, then the best score, then the earliest.
struct Best {
  const Finalist* frame = nullptr;
  portrait::Verdict verdict;
};

Result<Best> choose(const std::vector<Finalist>& finalists, const Machine& machine, portrait::Judge& judge,
                    const portrait::Limits& limits) {
  const auto rank = [](portrait::Level level) {
    return level == portrait::Level::fail ? 2 : level == portrait::Level::advice ? 1 : 0;
  };
  Best best;
  for (const Finalist& one : finalists) {
    portrait::Verdict verdict;
    if (one.file.path.empty()) {
      verdict = judge.check(one.picture, limits);
    } else {
      SATCHEL_TRY_ASSIGN(Judged judged, judge_file(one.file.path, machine.surroundings.disk, judge, limits));
      verdict = std::move(judged.verdict);
    }
    const int ours = rank(verdict.verdict), theirs = rank(best.verdict.verdict);
    const bool better = best.frame == nullptr || ours < theirs || (ours == theirs && verdict.score > best.verdict.score) ||
                        (ours == theirs && verdict.score == best.verdict.score && one.index < best.frame->index);
    if (better) best = {&one, std::move(verdict)};
  }
  return best;
}

Result<void> write_best(const Finalist& frame, const std::string& path, core::Disk& disk) {
  constexpr int kNearlyLossless = 95;
  Result<core::Bytes> bytes =
      frame.file.path.empty() ? portrait::encode_jpeg(frame.picture, {kNearlyLossless}) : read_image(frame.file.path, disk);
  if (!bytes) return bytes.error();
  return disk.write_atomic(path, *bytes);
}

Result<core::Exit> guide(const boost::json::object& arguments, const Machine& machine, Console& console) {
  SATCHEL_TRY_ASSIGN(const PictureRules rules, picture_rules(text_of(arguments, "profile"), machine.surroundings.disk));
  SATCHEL_TRY_ASSIGN(const portrait::ModelFile model,
                     node::read_face_model(machine.surroundings.disk, named_file(machine, {}, node::kFaceModelVariable)));
  const std::string cascades = machine.environment("SATCHEL_CASCADES").value_or(portrait::kCascadeFolder);
  SATCHEL_TRY_ASSIGN(const auto guide, portrait::Guide::load(cascades, rules.limits, model));
  GuideRun run(*guide, console);
  SATCHEL_TRY(watch(arguments, machine, run));
  SATCHEL_TRY_ASSIGN(const auto judge, load_judge(machine));
  SATCHEL_TRY_ASSIGN(const Best best, choose(run.finalists(), machine, *judge, rules.limits));
  boost::json::object answer{{"schema", "satchel.guide-best/1"}, {"frames", run.count()}, {"frame", nullptr}};
  if (best.frame == nullptr) {
    console.answer(answer);
    return core::Exit::nothing_to_do;
  }
  answer["frame"] = best.frame->file.shown.empty() ? std::to_string(best.frame->index) : best.frame->file.shown;
  answer["verdict"] = portrait::name(best.verdict.verdict);
  answer["score"] = std::round(best.verdict.score * 10) / 10;
  if (const std::string out = text_of(arguments, "best"); !out.empty()) {
    const auto written = write_best(*best.frame, absolute_path(out, machine.folder), machine.surroundings.disk);
    if (!written) return node::at_path(written.error(), out);
    answer["out"] = out;
  }
  console.answer(answer);
  return core::Exit::ok;
}

}  // namespace

core::Exit run_guide(const boost::json::object& arguments, const Machine& machine, Console& console) {
  const Result<core::Exit> ended = guide(arguments, machine, console);
  if (ended) return *ended;
  return console.refuse(ended.error());
}

}  // namespace satchel::cli
