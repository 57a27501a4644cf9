#include "core/portrait/guide.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/filesystem.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <optional>

#include "core/portrait/face_model.h"
#include "core/portrait/frame.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

constexpr std::array kWords{
    HintWords{Hint::come_into_view, "H-FACE", "请坐到镜头前，正对镜头", "Sit before the camera and face it"},
    HintWords{Hint::one_person, "H-ONE", "请其他人离开画面", "Let the others leave the view"},
    HintWords{Hint::open_eyes, "H-EYES", "请睁开双眼，看镜头", "Open both eyes and look at the camera"},
    HintWords{Hint::closer, "H-CLOSER", "请靠近一些", "Closer"},
    HintWords{Hint::farther, "H-FARTHER", "请后退一些", "Farther"},
    HintWords{Hint::go_left, "H-LEFT", "请向画面左侧移一点", "A little to the left of the picture"},
    HintWords{Hint::go_right, "H-RIGHT", "请向画面右侧移一点", "A little to the right of the picture"},
    HintWords{Hint::camera_up, "H-CAMERA-UP", "请把相机抬高一点", "Raise the camera a little"},
    HintWords{Hint::camera_down, "H-CAMERA-DOWN", "请把相机放低一点", "Lower the camera a little"},
    HintWords{Hint::straighten, "H-STRAIGHT", "请把头摆正", "Straighten the head"},
    HintWords{Hint::chin_up, "H-CHIN-UP", "请稍抬下巴", "Chin up a little"},
    HintWords{Hint::chin_down, "H-CHIN-DOWN", "请稍收下巴", "Chin down a little"},
    HintWords{Hint::light_left, "H-LIGHT-LEFT", "请在画面左侧补光", "Light from the left of the picture"},
    HintWords{Hint::light_right, "H-LIGHT-RIGHT", "请在画面右侧补光", "Light from the right of the picture"},
    HintWords{Hint::more_light, "H-MORE-LIGHT", "请增加正面光", "More light from the front"},
    HintWords{Hint::less_light, "H-LESS-LIGHT", "请减弱灯光", "Less light"},
    HintWords{Hint::hold_still, "H-STILL", "请保持不动", "Hold still"},
};
static_assert(kWords.size() == static_cast<std::size_t>(Hint::hold_still) + 1);

constexpr double kShownWidth = 480;   // the frame, scaled: enough for eyes 110 px apart
constexpr double kSearchWidth = 240;  // faces are looked for at this size
constexpr double kMovedShare = 0.02;  // of the face's width between two frames
constexpr double kDetailWidth = 128;  // of a face whose sharpness is measured
constexpr double kUsualGrey = 130;    // of a well-lit face
constexpr int kChinEvery = 8;
constexpr double kChinCosts = 10;  // of the score
constexpr double kSoft = 50;       // Laplacian variance below which it moved or is out of focus

/// A frame as it is looked at: the middle 3:4 part, kShownWidth wide.
struct Seen {
  cv::Mat bgr, grey;
  double unit = 1;  ///< pixels here per pixel of the standard frame
};

Seen prepare(const Picture& frame, const Limits& limits) {
  const cv::Mat whole = view(frame);
  const cv::Rect2d part = middle_crop(frame.width, frame.height, limits);
  const cv::Rect area =
      cv::Rect(cvRound(part.x), cvRound(part.y), std::max(1, cvRound(part.width)), std::max(1, cvRound(part.height))) &
      cv::Rect(0, 0, whole.cols, whole.rows);
  Seen out;
  const double scale = kShownWidth / area.width;
  cv::resize(whole(area), out.bgr, cv::Size(cvRound(kShownWidth), std::max(1, cvRound(area.height * scale))), 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::cvtColor(out.bgr, out.grey, cv::COLOR_BGR2GRAY);
  out.unit = kShownWidth / limits.frame_width;
  return out;
}

cv::Rect grown(const cv::Rect& box, double share, cv::Size within) {
  const int dx = cvRound(box.width * share), dy = cvRound(box.height * share);
  return cv::Rect(box.x - dx, box.y - dy, box.width + 2 * dx, box.height + 2 * dy) & cv::Rect({0, 0}, within);
}

double mean_linear(const cv::Mat& grey, const cv::Rect& where) {
  const cv::Rect area = where & cv::Rect(0, 0, grey.cols, grey.rows);
  if (area.empty()) return 0;
  const double coded = cv::mean(grey(area))[0] / 255;
  return 255 * std::pow(coded, 2.2);
}

/// Laplacian variance of a face that is brought to one size, so that a webcam's few pixels are no blur.
double sharpness(const cv::Mat& grey, const cv::Rect& face) {
  cv::Mat small, smooth, edges;
  const double scale = kDetailWidth / face.width;
  cv::resize(grey(face), small, {}, scale, scale, cv::INTER_AREA);
  cv::GaussianBlur(small, smooth, {3, 3}, 0);
  cv::Laplacian(smooth, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  const double gain = std::clamp(kUsualGrey / std::max(1.0, cv::mean(small)[0]), 1.0, 3.0);  // edges shrink with the light
  return deviation[0] * deviation[0] * gain * gain;
}

}  // namespace

const HintWords& words_of(Hint hint) noexcept { return kWords[static_cast<std::size_t>(hint)]; }
std::span<const HintWords> all_hints() noexcept { return kWords; }

std::optional<Hint> chin_hint(const FacePoints& points, const Limits& limits) {
  const auto height = nose_height(points);
  if (height && *height < limits.pitch_low) return Hint::chin_down;
  if (height && *height > limits.pitch_high) return Hint::chin_up;
  return std::nullopt;
}

struct Guide::State {
  cv::CascadeClassifier face, eye;
  Limits limits;
  std::unique_ptr<FaceModel> model;  ///< nullptr without one
  std::optional<cv::Rect> last;      ///< the face in the frame before, in pixels of Seen
  int frames_to_chin = 0;            ///< until the model looks again
  std::optional<Hint> chin;          ///< as it last saw

  /// The faces, largest first: near the last one when there was one, else everywhere.
  std::vector<cv::Rect> faces(const Seen& seen) {
    const double scale = kSearchWidth / seen.grey.cols;
    cv::Mat small;
    cv::resize(seen.grey, small, {}, scale, scale, cv::INTER_AREA);
    std::vector<cv::Rect> found;
    if (last) {
      const cv::Rect whole(cvRound(last->x * scale), cvRound(last->y * scale), cvRound(last->width * scale),
                           cvRound(last->height * scale));
      const cv::Rect near = grown(whole, 0.35, small.size());
      const int size = std::max(24, whole.width);
      if (near.width > 30 && near.height > 30) {
        face.detectMultiScale(small(near), found, 1.08, 3, 0, {size * 7 / 10, size * 7 / 10}, {size * 14 / 10, size * 14 / 10});
      }
      for (cv::Rect& box : found) box += near.tl();
    }
    if (found.empty()) face.detectMultiScale(small, found, 1.12, 4, 0, {small.cols / 6, small.cols / 6});
    for (cv::Rect& box : found) {
      box = cv::Rect(cvRound(box.x / scale), cvRound(box.y / scale), cvRound(box.width / scale), cvRound(box.height / scale));
    }
    std::sort(found.begin(), found.end(), [](const cv::Rect& a, const cv::Rect& b) {
      return a.area() != b.area() ? a.area() > b.area() : a.x != b.x ? a.x < b.x : a.y < b.y;
    });
    return found;
  }

  /// The pair in the upper half of the box; nullopt when one of them is not seen.
  std::optional<std::pair<cv::Point2d, cv::Point2d>> eyes(const Seen& seen, const cv::Rect& box) {
    std::pair<cv::Point2d, cv::Point2d> out;
    for (const bool right : {false, true}) {
      const cv::Rect half =
          cv::Rect(box.x + (right ? box.width / 2 : 0), box.y + box.height / 5, box.width / 2, box.height * 4 / 10) &
          cv::Rect(0, 0, seen.grey.cols, seen.grey.rows);
      if (half.width < 20 || half.height < 20) return std::nullopt;
      cv::Mat part;
      const double scale = 64.0 / half.width;
      cv::resize(seen.grey(half), part, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
      std::vector<cv::Rect> found;
      eye.detectMultiScale(part, found, 1.1, 2, 0, {16, 16});
      if (found.empty()) return std::nullopt;
      const cv::Rect best = *std::max_element(found.begin(), found.end(), [](const cv::Rect& a, const cv::Rect& b) {
        return a.area() != b.area() ? a.area() < b.area() : a.y != b.y ? a.y < b.y : a.x > b.x;
      });
      (right ? out.second : out.first) =
          cv::Point2d(half.x + (best.x + best.width / 2.0) / scale, half.y + (best.y + best.height / 2.0) / scale);
    }
    return out;
  }

  void place_hints(const Seen& seen, const cv::Rect& box, const std::optional<std::pair<cv::Point2d, cv::Point2d>>& pair,
                   Guidance& out) const {
    // Of the detector's box the eyes stand about 0.37 of its width apart, at 0.39 of its height; the box itself breathes by a
    // tenth.
    const double apart = pair ? cv::norm(pair->second - pair->first) : 0.37 * box.width;
    const double face_width = apart / limits.eye_distance_of_face / seen.unit;
    const cv::Point2d mid =
        pair ? (pair->first + pair->second) * 0.5 : cv::Point2d(box.x + box.width / 2.0, box.y + 0.39 * box.height);
    const double eye_height = mid.y / seen.unit;
    const double off = mid.x / seen.bgr.cols - 0.5;
    if (face_width < limits.face_width_aim - limits.face_width_pass) out.hints.push_back(Hint::closer);
    if (face_width > limits.face_width_aim + limits.face_width_pass) out.hints.push_back(Hint::farther);
    if (off > limits.centre_pass) out.hints.push_back(Hint::go_left);
    if (off < -limits.centre_pass) out.hints.push_back(Hint::go_right);
    if (eye_height < limits.eye_height_aim - limits.eye_height_pass) out.hints.push_back(Hint::camera_up);
    if (eye_height > limits.eye_height_aim + limits.eye_height_pass) out.hints.push_back(Hint::camera_down);
    if (pair) {
      const cv::Point2d across = pair->second - pair->first;
      if (std::abs(std::atan2(across.y, across.x)) * 180 / CV_PI > limits.roll_fail_deg) out.hints.push_back(Hint::straighten);
    }
    const auto miss = [](double value, double aim, double pass) { return std::min(1.0, std::abs(value - aim) / (3 * pass)); };
    out.score -= 15 * miss(face_width, limits.face_width_aim, limits.face_width_pass) +
                 15 * miss(eye_height, limits.eye_height_aim, limits.eye_height_pass) + 10 * miss(off, 0, limits.centre_pass);
  }

  /// A glance of the model costs as much as some frames, and a chin moves slowly: one frame in kChinEvery.
  void look_at_chin(const Seen& seen, Guidance& out) {
    if (!model) return;
    if (--frames_to_chin <= 0) {
      frames_to_chin = kChinEvery;
      chin.reset();
      if (const auto seen_face = model->glance(seen.bgr)) chin = chin_hint(seen_face->points, limits);
    }
    if (!chin) return;
    out.hints.push_back(*chin);
    out.score -= kChinCosts;
  }

  void light_hints(const Seen& seen, const cv::Rect& box, Guidance& out) const {
    const cv::Rect cheek(box.x + box.width * 15 / 100, box.y + box.height * 50 / 100, box.width * 22 / 100,
                         box.height * 25 / 100);
    const cv::Rect other(box.x + box.width * 63 / 100, cheek.y, cheek.width, cheek.height);
    const double left = mean_linear(seen.grey, cheek), right = mean_linear(seen.grey, other);
    const double ratio = std::log((left + 1) / (right + 1));
    if (ratio < -limits.half_dark_pass) out.hints.push_back(Hint::light_left);
    if (ratio > limits.half_dark_pass) out.hints.push_back(Hint::light_right);
    const double level = (left + right) / 2;
    if (level < limits.dark_luminance) out.hints.push_back(Hint::more_light);
    if (level > 0.9 * limits.bright_luminance) out.hints.push_back(Hint::less_light);
    out.score -= 15 * std::min(1.0, std::abs(ratio));
  }
};

Guide::Guide(std::unique_ptr<State> state) : state_(std::move(state)) {}
Guide::~Guide() = default;

Result<std::unique_ptr<Guide>> Guide::load(const std::string& cascade_folder, const Limits& limits, const ModelFile& model) {
  cv::setNumThreads(1);
  auto state = std::make_unique<State>();
  state->limits = limits;
  const std::pair<cv::CascadeClassifier*, const char*> files[] = {{&state->face, "haarcascade_frontalface_alt2.xml"},
                                                                  {&state->eye, "haarcascade_eye_tree_eyeglasses.xml"}};
  for (const auto& [cascade, file] : files) {
    const std::string path = cascade_folder + "/" + file;
    if (!cv::utils::fs::exists(path)) return Error{Code::kDetectorMissing, path};
    try {
      if (!cascade->load(path)) return Error{Code::kDetectorMissing, path};
    } catch (const cv::Exception&) {
      return Error{Code::kDetectorMissing, path};
    }
  }
  if (!model.contents.empty()) {
    SATCHEL_TRY_ASSIGN(state->model, FaceModel::load(model));
  }
  return std::unique_ptr<Guide>(new Guide(std::move(state)));
}

Guidance Guide::see(const Picture& frame) {
  Guidance out;
  if (!well_formed(frame) || frame.width < 16 || frame.height < 16) {
    out.hints = {Hint::come_into_view};
    return out;
  }
  const Seen seen = prepare(frame, state_->limits);
  const std::optional<cv::Rect> before = state_->last;
  const std::vector<cv::Rect> found = state_->faces(seen);
  if (found.empty()) {
    state_->last.reset();
    out.hints = {Hint::come_into_view};
    return out;
  }
  const cv::Rect box = found.front() & cv::Rect(0, 0, seen.grey.cols, seen.grey.rows);
  state_->last = box;
  out.score = 100;
  if (found.size() > 1 && found[1].area() > state_->limits.other_face_area * box.area()) out.hints.push_back(Hint::one_person);
  const auto pair = state_->eyes(seen, box);
  state_->place_hints(seen, box, pair, out);
  state_->look_at_chin(seen, out);
  state_->light_hints(seen, box, out);
  if (!pair) out.hints.push_back(Hint::open_eyes);
  const cv::Point2d moved = before ? cv::Point2d(box.tl() + box.br() - before->tl() - before->br()) * 0.5 : cv::Point2d();
  const double detail = sharpness(seen.grey, box);
  const bool moves = cv::norm(moved) > kMovedShare * box.width || detail < kSoft;
  if (moves) out.hints.push_back(Hint::hold_still);
  out.score -= 25 * std::clamp(1 - detail / (2 * kSoft), 0.0, 1.0) + (pair ? 0 : 20) + (found.size() > 1 ? 20 : 0);
  out.score = std::clamp(out.score, 1.0, 100.0);
  return out;
}

}  // namespace satchel::core::portrait
