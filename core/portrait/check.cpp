#include "core/portrait/check.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/filesystem.hpp>
#include <utility>

#include "core/portrait/decode.h"
#include "core/portrait/face_finder.h"
#include "core/portrait/mat.h"
#include "core/portrait/rules.h"
#include "core/portrait/scene.h"

namespace satchel::core::portrait {
namespace {

Result<void> load_cascade(cv::CascadeClassifier& cascade, const std::string& folder, const char* file) {
  const std::string path = folder + "/" + file;
  // Asked first, because OpenCV prints its own complaint about a missing file.
  if (!cv::utils::fs::exists(path)) return Error{Code::kDetectorMissing, path};
  try {
    if (cascade.load(path) && !cascade.empty()) return {};
  } catch (const cv::Exception&) {  // not a cascade, or no file storage at all
  }
  return Error{Code::kDetectorMissing, path};
}

Point in_source(const Scene& scene, cv::Point2d p) { return {p.x * scene.to_source, p.y * scene.to_source}; }

FaceGeometry geometry_of(const Scene& scene) {
  const FoundFace& face = scene.faces.front();
  const double k = scene.to_source;
  FaceGeometry out;
  out.box = {face.box.x * k, face.box.y * k, face.box.width * k, face.box.height * k};
  if (scene.eyes_seen) {
    out.left_eye = in_source(scene, scene.eyes.left);
    out.right_eye = in_source(scene, scene.eyes.right);
    out.roll_deg = scene.eyes.roll_deg();
  }
  out.face_width_px = scene.face_width * k;
  if (scene.hairline_y) out.hairline_y = *scene.hairline_y * k;
  return out;
}

void apply_rules(const Scene& scene, Verdict& verdict) {
  double score = 100;
  for (const Rule& rule : all_rules()) {
    if (rule.needs == Rule::Needs::face && !scene.has_face()) continue;
    const Finding finding = rule.judge(scene);
    score -= penalty(finding);
    (finding.level == Level::pass ? verdict.passed : verdict.findings).push_back(finding);
  }
  if (!scene.has_face()) score -= 50;  // the rules that did not run
  const auto rank = [](Level level) { return level == Level::fail ? 0 : level == Level::advice ? 1 : 2; };
  std::stable_sort(verdict.findings.begin(), verdict.findings.end(),
                   [&](const Finding& a, const Finding& b) { return rank(a.level) < rank(b.level); });
  verdict.verdict = level_of(verdict.findings);
  verdict.score = std::clamp(score, 0.0, 100.0);
}

/// OpenCV refused: out of memory, or a shape that no one thought of. The picture is refused with a reason, the program goes on.
void cannot_measure(Verdict& verdict) {
  const Range none{0, 0};
  verdict.verdict = Level::fail;
  verdict.findings = {judge("Q-MEASURE", "errors", 1, none, none)};
  verdict.passed.clear();
  verdict.score = 0;
}

}  // namespace

/// What one finding costs. Inside a two-sided band the middle is best, so that of two passing drafts the better placed one wins.
double penalty(const Finding& finding) {
  switch (finding.level) {
    case Level::fail: return 25;
    case Level::advice: return 8;
    case Level::unknown: return 0;  // a rule that cannot see takes nothing: with and without a model drafts stay comparable
    case Level::pass: break;
  }
  if (!std::isfinite(finding.limit_low) || !std::isfinite(finding.limit_high)) return 0;
  const double middle = (finding.limit_low + finding.limit_high) / 2, reach = (finding.limit_high - finding.limit_low) / 2;
  const double off = reach > 0 ? (finding.value - middle) / reach : 0;
  return 3 * off * off;
}

Level level_of(const std::vector<Finding>& findings) {
  return findings.empty() || findings.front().level == Level::unknown ? Level::pass : findings.front().level;
}

Judge::Judge(std::unique_ptr<Detectors> detectors) : detectors_(std::move(detectors)) {}
Judge::~Judge() = default;

Result<std::unique_ptr<Judge>> Judge::load(const std::string& cascade_folder, const ModelFile& model) {
  cv::setNumThreads(1);  // OpenCV's own threads split detections in an order that changes; callers run judges side by side
  auto detectors = std::make_unique<Detectors>();
  SATCHEL_TRY(load_cascade(detectors->face, cascade_folder, "haarcascade_frontalface_alt2.xml"));
  SATCHEL_TRY(load_cascade(detectors->face_vote, cascade_folder, "haarcascade_frontalface_default.xml"));
  SATCHEL_TRY(load_cascade(detectors->eye, cascade_folder, "haarcascade_eye_tree_eyeglasses.xml"));
  SATCHEL_TRY(load_cascade(detectors->eye_plain, cascade_folder, "haarcascade_eye.xml"));
  if (!model.contents.empty()) {
    SATCHEL_TRY_ASSIGN(detectors->model, FaceModel::load(model));
  }
  return std::unique_ptr<Judge>(new Judge(std::move(detectors)));
}

bool Judge::has_model() const noexcept { return detectors_->model != nullptr; }
bool Judge::has_recogniser() const noexcept { return detectors_->recogniser != nullptr; }

Result<void> Judge::use_recogniser(const RecogniserFile& file) {
  if (!has_model()) return Code::kNoFaceModel;
  SATCHEL_TRY_ASSIGN(detectors_->recogniser, Recogniser::load(file));
  return {};
}

std::optional<FaceFeatures> Judge::features(const Picture& picture) {
  if (!has_recogniser() || !well_formed(picture)) return std::nullopt;
  try {
    const cv::Mat pixels = view(picture);
    const auto somewhere = detectors_->model->find(pixels, {});
    const auto seen = somewhere ? detectors_->model->find(pixels, somewhere->box) : std::nullopt;
    return seen ? detectors_->recogniser->features(pixels, *seen) : std::nullopt;
  } catch (const cv::Exception&) {
    return std::nullopt;
  }
}

namespace {

/// How like the face of the scene is to the one of the admission photo.
void compare(Scene& scene, Recogniser& recogniser, const FaceFeatures& admission) {
  if (!scene.points) return;
  SeenFace face;
  face.points = *scene.points;
  face.box = scene.faces.front().box;
  const auto mine = recogniser.features(scene.picture, face);
  const auto angle = mine ? cosine(*mine, admission) : std::nullopt;
  if (angle) scene.similarity = similarity(*angle, recogniser.scale());
}

}  // namespace

Verdict Judge::check(const Picture& picture, const Limits& limits, const std::optional<FileMarks>& marks,
                     const std::optional<FaceFeatures>& admission) {
  Verdict verdict;
  verdict.width = picture.source_width > 0 ? picture.source_width : picture.width;
  verdict.height = picture.source_height > 0 ? picture.source_height : picture.height;
  if (!well_formed(picture)) {
    cannot_measure(verdict);
    return verdict;
  }
  try {
    Scene scene = make_scene(picture, limits, *detectors_);
    scene.marks = marks;
    scene.has_recogniser = has_recogniser();
    scene.has_admission = admission.has_value();
    if (scene.has_recogniser && admission && scene.has_face()) compare(scene, *detectors_->recogniser, *admission);
    const double k = scene.to_source;
    verdict.faces = static_cast<int>(scene.faces.size());
    verdict.frame = {scene.frame.x * k, scene.frame.y * k, scene.frame.width * k, scene.frame.height * k};
    if (scene.has_face()) verdict.face = geometry_of(scene);
    apply_rules(scene, verdict);
  } catch (const cv::Exception&) {
    cannot_measure(verdict);
  }
  return verdict;
}

Result<Verdict> Judge::check_file(ByteView file, const Limits& limits) {
  SATCHEL_TRY_ASSIGN(const Picture picture, decode(file, kDecodeToJudge));
  return check(picture, limits, read_marks(file));
}

void forgive_ground_colour(Verdict& verdict) {
  const auto found = std::find_if(verdict.findings.begin(), verdict.findings.end(),
                                  [](const Finding& one) { return one.code == "Q-BACKGROUND-COLOUR"; });
  if (found == verdict.findings.end() || found->level == Level::unknown) return;
  verdict.score = std::min(100.0, verdict.score + penalty(*found));
  found->level = Level::pass;
  verdict.passed.push_back(*found);
  verdict.findings.erase(found);
  verdict.verdict = level_of(verdict.findings);
}

}  // namespace satchel::core::portrait
