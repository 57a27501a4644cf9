#include "core/portrait/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/portrait/background.h"
#include "core/portrait/bridge.h"
#include "core/portrait/frame.h"
#include "core/portrait/head_measure.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

// Proportions of the alt2 box, where no eye was seen: the eyes stand at 0.30 and 0.70 of its width, 0.39 of its height.
EyePair guess_eyes(const cv::Rect2d& box) {
  const double y = box.y + 0.39 * box.height;
  return {{box.x + 0.30 * box.width, y}, {box.x + 0.70 * box.width, y}};
}

using Table = std::array<float, 256>;

const Table& linear_table() {
  static const Table table = [] {
    Table out{};
    for (int i = 0; i < 256; ++i) out[static_cast<std::size_t>(i)] = static_cast<float>(linear_light(i));
    return out;
  }();
  return table;
}

/// Relative luminance (Rec. 709 weights) of linear light.
cv::Mat linear_luminance(const cv::Mat& bgr) {
  const Table& table = linear_table();
  cv::Mat out(bgr.size(), CV_32FC1);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* in = bgr.ptr<cv::Vec3b>(y);
    float* row = out.ptr<float>(y);
    for (int x = 0; x < bgr.cols; ++x) row[x] = 0.0722f * table[in[x][0]] + 0.7152f * table[in[x][1]] + 0.2126f * table[in[x][2]];
  }
  return out;
}

double percentile(const cv::Mat& luminance, double share) {
  std::array<int, 256> counts{};
  for (int y = 0; y < luminance.rows; ++y) {
    const float* row = luminance.ptr<float>(y);
    for (int x = 0; x < luminance.cols; ++x) ++counts[static_cast<std::size_t>(std::clamp(row[x], 0.0f, 255.0f))];
  }
  const double wanted = share * static_cast<double>(luminance.total());
  double seen = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    if (seen >= wanted) return static_cast<double>(i);
  }
  return 255;
}

/// The lower face and cheeks, in units of the eye distance around the middle of the eyes.
cv::Mat skin_mask(const Patch& patch) {
  cv::Mat mask = cv::Mat::zeros(patch.bgr.size(), CV_8UC1);
  const auto at = [&](double x, double y) {
    return cv::Point(cvRound(patch.mid_eye.x + x * patch.unit), cvRound(patch.mid_eye.y + y * patch.unit));
  };
  const auto size = [&](double x, double y) { return cv::Size(cvRound(x * patch.unit), cvRound(y * patch.unit)); };
  cv::ellipse(mask, at(0, 0.50), size(0.78, 1.02), 0, 0, 360, 255, cv::FILLED);
  for (const double side : {-0.5, 0.5}) cv::ellipse(mask, at(side, -0.12), size(0.40, 0.36), 0, 0, 360, 0, cv::FILLED);
  cv::ellipse(mask, at(0, 0.80), size(0.28, 0.12), 0, 0, 360, 0, cv::FILLED);
  cv::ellipse(mask, at(0, 1.17), size(0.52, 0.20), 0, 0, 360, 0, cv::FILLED);
  return mask;
}

Patch make_patch(const cv::Mat& picture, const EyePair& eyes, const Limits& limits) {
  Patch patch;
  const double apart = eyes.distance();
  const cv::Point2d mid = eyes.middle();
  const cv::Rect2d wanted(mid.x - 2.0 * apart, mid.y - 2.3 * apart, 4.0 * apart, 4.4 * apart);
  const cv::Rect area = cv::Rect(cvFloor(wanted.x), cvFloor(wanted.y), cvCeil(wanted.width), cvCeil(wanted.height)) &
                        cv::Rect(0, 0, picture.cols, picture.rows);
  patch.scale = limits.sharpness_eye_distance / apart;
  const cv::Size size(std::max(1, cvRound(area.width * patch.scale)), std::max(1, cvRound(area.height * patch.scale)));
  cv::resize(picture(area), patch.bgr, size, 0, 0, patch.scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::cvtColor(patch.bgr, patch.lab, cv::COLOR_BGR2Lab);
  patch.luminance = linear_luminance(patch.bgr);
  patch.mid_eye = (mid - cv::Point2d(area.x, area.y)) * patch.scale;
  patch.unit = limits.sharpness_eye_distance;
  patch.skin = skin_mask(patch);
  return patch;
}

cv::Mat cut_frame(const cv::Mat& picture, const cv::Rect2d& frame, const Limits& limits) {
  const cv::Rect area =
      cv::Rect(cvRound(frame.x), cvRound(frame.y), std::max(1, cvRound(frame.width)), std::max(1, cvRound(frame.height))) &
      cv::Rect(0, 0, picture.cols, picture.rows);
  cv::Mat out;
  const cv::Mat part = area.empty() ? picture : picture(area);
  const cv::Size size(limits.frame_width, limits.frame_height);
  cv::resize(part, out, size, 0, 0, part.cols > size.width ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

void measure_head(Scene& scene) {
  const Patch& patch = scene.patch;
  const auto width = scene.eyes_seen ? scan_face_width(patch) : std::nullopt;
  scene.face_width_seen = width.has_value();
  scene.face_width = width ? *width / patch.scale : scene.eyes.distance() / scene.limits->eye_distance_of_face;
}

void measure_hairline(Scene& scene) {
  if (!scene.eyes_seen) return;
  const auto ground = scene.ground.plain ? std::optional(scene.ground.lab) : std::nullopt;
  const auto row = scan_hairline(scene.patch, ground);
  if (row) scene.hairline_y = scene.eyes.middle().y + (*row - scene.patch.mid_eye.y) / scene.patch.scale;
}

/// The model's eyes replace the detectors': they are better by half. A face that only the model sees is taken too, when it sees
/// it both in the whole picture and near by. A head that lies on its side is left to the detectors.
void ask_model(Scene& scene, FaceModel& model) {
  scene.has_model = true;
  constexpr double kLyingDeg = 60;
  if (scene.has_face() && std::abs(scene.faces.front().turned_deg) > kLyingDeg) return;
  cv::Rect2d around;
  if (scene.has_face()) {
    around = scene.faces.front().box;
  } else if (const auto somewhere = model.find(scene.picture, {})) {
    around = somewhere->box;
  } else {
    return;
  }
  const auto seen = model.find(scene.picture, around);
  if (!seen) return;
  const EyePair eyes{seen->points.left_eye, seen->points.right_eye};
  if (eyes.right.x - eyes.left.x < 4) return;
  scene.points = seen->points;
  if (scene.has_face()) {
    // Two that err in different ways err less together, the better one counting double; where they disagree, it alone.
    constexpr double kModelShare = 2.0 / 3, kAgree = 0.15;
    std::optional<EyePair>& known = scene.faces.front().eyes;
    const double apart = eyes.distance() * kAgree;
    const bool agree = known && cv::norm(known->left - eyes.left) < apart && cv::norm(known->right - eyes.right) < apart;
    const auto between = [&](cv::Point2d a, cv::Point2d b) { return a * (1 - kModelShare) + b * kModelShare; };
    known = agree ? EyePair{between(known->left, eyes.left), between(known->right, eyes.right)} : eyes;
    return;
  }
  // As the first detector would draw it: the eyes stand 0.4 of its width apart.
  const double width = eyes.distance() / 0.4;
  const cv::Point2d mid = eyes.middle();
  scene.faces.push_back({{mid.x - width / 2, mid.y - 0.39 * width, width, width}, eyes, 0});
}

}  // namespace

double linear_light(int coded) noexcept {
  const double c = coded / 255.0;
  return 255 * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
}

std::optional<cv::Vec3d> median_lab(const cv::Mat& lab, const cv::Rect& where) {
  const cv::Rect area = where & cv::Rect(0, 0, lab.cols, lab.rows);
  if (area.empty()) return std::nullopt;
  std::array<std::array<int, 256>, 3> counts{};
  for (int y = area.y; y < area.br().y; ++y) {
    const auto* row = lab.ptr<cv::Vec3b>(y);
    for (int x = area.x; x < area.br().x; ++x) {
      for (std::size_t c = 0; c < 3; ++c) ++counts[c][row[x][static_cast<int>(c)]];
    }
  }
  cv::Vec3d out;
  for (std::size_t c = 0; c < 3; ++c) {
    int seen = 0;
    int value = 0;
    while (value < 255 && (seen += counts[c][static_cast<std::size_t>(value)]) * 2 < area.area()) ++value;
    out[static_cast<int>(c)] = c == 0 ? value * 100.0 / 255 : value - 128.0;
  }
  return out;
}

Scene make_scene(const Picture& picture, const Limits& limits, Detectors& detectors) {
  Scene scene;
  scene.limits = &limits;
  scene.picture = view(picture);
  scene.to_source = picture.source_scale();
  const double width = picture.width, height = picture.height;
  scene.framed = has_frame_ratio(width, height, limits);
  cv::Mat grey;
  cv::cvtColor(scene.picture, grey, cv::COLOR_BGR2GRAY);
  scene.faces = find_faces(detectors, grey, scene.framed, limits.other_face_area);

  if (detectors.model) ask_model(scene, *detectors.model);

  scene.frame = scene.framed ? cv::Rect2d(0, 0, width, height) : middle_crop(width, height, limits);
  if (scene.has_face()) {
    const FoundFace& face = scene.faces.front();
    scene.eyes_seen = face.eyes.has_value();
    scene.eyes = face.eyes.value_or(guess_eyes(face.box));
    scene.patch = make_patch(scene.picture, scene.eyes, limits);
    scene.blur = measure_edge_blur(scene.patch);
    scene.bridge = bridge_line(scene.patch);
    measure_head(scene);
    if (!scene.framed) scene.frame = best_crop(width, height, {scene.eyes.middle(), scene.face_width}, limits);
  }
  scene.to_frame = limits.frame_width / scene.frame.width;
  scene.standard = cut_frame(scene.picture, scene.frame, limits);
  scene.bright_luminance = percentile(linear_luminance(scene.standard), 0.95);
  scene.ground = measure_ground(scene);
  if (scene.has_face()) measure_hairline(scene);
  return scene;
}

}  // namespace satchel::core::portrait
