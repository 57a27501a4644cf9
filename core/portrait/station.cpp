#include "core/portrait/station.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "core/portrait/ground_plane.h"
#include "core/portrait/mat.h"
#include "core/portrait/scene.h"

namespace satchel::core::portrait {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Limits, ours: half of what a single portrait may have, because students differ more than the test person does.
struct Band {
  double pass_low, pass_high, fail_low, fail_high;
  Level level(double value) const {
    if (!std::isfinite(value)) return Level::unknown;
    if (value >= pass_low && value <= pass_high) return Level::pass;
    return value >= fail_low && value <= fail_high ? Level::advice : Level::fail;
  }
};
constexpr double kFar = 1e9;
constexpr Band kSide{-0.12, 0.12, -0.30, 0.30};
constexpr Band kTop{-0.30, 0.35, -0.60, 0.70};
constexpr Band kExposure{60, 170, 30, 215};
constexpr double kExposureAim = 110;
constexpr Band kHue{35, 72, 20, 85};
constexpr Band kPlain{0, 4, 0, 8};
constexpr Band kGroundLight{-5, 5, -12, 12};

/// What the light does in one place of the face.
struct Spot {
  double luminance = 0;  ///< median, linear, 0..255
  cv::Vec3d lab;
};

std::optional<Spot> look_at(const cv::Mat& bgr, cv::Point2d centre, double half_width, double half_height) {
  const cv::Rect area = cv::Rect(cvRound(centre.x - half_width), cvRound(centre.y - half_height),
                                 std::max(2, cvRound(2 * half_width)), std::max(2, cvRound(2 * half_height))) &
                        cv::Rect(0, 0, bgr.cols, bgr.rows);
  if (area.area() < 16) return std::nullopt;
  cv::Mat part = bgr(area), lab;
  std::vector<double> light;
  light.reserve(static_cast<std::size_t>(area.area()));
  for (int y = 0; y < part.rows; ++y) {
    const auto* row = part.ptr<cv::Vec3b>(y);
    for (int x = 0; x < part.cols; ++x) {
      light.push_back(0.0722 * linear_light(row[x][0]) + 0.7152 * linear_light(row[x][1]) + 0.2126 * linear_light(row[x][2]));
    }
  }
  const auto middle = light.begin() + static_cast<std::ptrdiff_t>(light.size() / 2);
  std::nth_element(light.begin(), middle, light.end());
  cv::cvtColor(part, lab, cv::COLOR_BGR2Lab);
  return Spot{*middle, median_lab(lab, {0, 0, lab.cols, lab.rows}).value_or(cv::Vec3d())};
}

/// Two digits are all that a lamp can be moved by.
std::string factor_text(double factor) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", std::clamp(factor, 0.3, 3.0));
  return text;
}

StationItem item(std::string_view code, std::string_view measure, double value, Band band, std::string zh, std::string en) {
  return {code, band.level(value), measure, value, band.pass_low, band.pass_high, std::move(zh), std::move(en), {}, {}};
}

void cure(StationItem& at, std::string zh, std::string en) {
  at.cure_zh = std::move(zh);
  at.cure_en = std::move(en);
}

bool wrong(const StationItem& at) { return at.level == Level::advice || at.level == Level::fail; }

struct Faces {
  Spot left, right, chin;
  Spot forehead;
  bool forehead_seen = false;  ///< false under a fringe
};

std::optional<Faces> spots_of(const cv::Mat& bgr, const FaceGeometry& face, double k) {
  const cv::Point2d l(face.left_eye->x / k, face.left_eye->y / k), r(face.right_eye->x / k, face.right_eye->y / k);
  const cv::Point2d mid = (l + r) * 0.5, across = r - l, down(-across.y, across.x);
  const double unit = cv::norm(across);
  const auto at = [&](double x, double y) { return mid + across * x + down * y; };
  const auto left = look_at(bgr, at(-0.55, 0.75), 0.18 * unit, 0.22 * unit),
             right = look_at(bgr, at(0.55, 0.75), 0.18 * unit, 0.22 * unit);
  const auto chin = look_at(bgr, at(0, 1.62), 0.2 * unit, 0.1 * unit), brow = look_at(bgr, at(0, -0.7), 0.3 * unit, 0.12 * unit);
  if (!left || !right || !chin) return std::nullopt;
  Faces out{*left, *right, *chin, {}, false};
  if (brow) {  // a fringe has another colour than the cheeks
    const cv::Vec3d skin = (left->lab + right->lab) * 0.5;
    out.forehead = *brow;
    out.forehead_seen = std::hypot(brow->lab[1] - skin[1], brow->lab[2] - skin[2]) <= 12 && brow->lab[0] >= 0.55 * skin[0];
  }
  return out;
}

StationItem side(const Faces& at) {
  const double value = std::log((at.left.luminance + 1) / (at.right.luminance + 1));
  StationItem out =
      item("S-SIDE", "log_left_over_right", value, kSide, "左右光线均匀。", "The light from left and right is even.");
  if (!wrong(out)) return out;
  const std::string factor = factor_text(std::exp(std::abs(value) / 2));
  const bool left_dark = value < 0;
  out.zh = left_dark ? "脸的左侧偏暗（画面左侧）。" : "脸的右侧偏暗（画面右侧）。";
  out.en = left_dark ? "The left of the face, as seen, is darker." : "The right of the face, as seen, is darker.";
  cure(out,
       std::string(left_dark ? "请把画面左侧的灯移近，或把右侧的灯移远到现在距离的约 "
                             : "请把画面右侧的灯移近，或把左侧的灯移远到现在距离的约 ") +
           factor + " 倍。",
       std::string(left_dark ? "Move the lamp on the left of the picture nearer, or the right one to about "
                             : "Move the lamp on the right of the picture nearer, or the left one to about ") +
           factor + " times its distance.");
  return out;
}

StationItem top(const Faces& at) {
  const double value = at.forehead_seen ? std::log((at.forehead.luminance + 1) / (at.chin.luminance + 1)) : kNaN;
  StationItem out =
      item("S-TOP", "log_forehead_over_chin", value, kTop, "上下光线均匀。", "The light from above and below is even.");
  if (out.level == Level::unknown) {
    out.zh = "额头被头发遮住，看不出顶光。";
    out.en = "Hair covers the forehead, so light from the top cannot be told.";
    cure(out, "请露出额头再拍一张测试照。", "Clear the forehead and take the test shot again.");
  } else if (wrong(out) && value > 0) {
    out.zh = "顶光太强，额头比下巴亮得多。";
    out.en = "The top light is too strong: the forehead is much brighter than the chin.";
    cure(
        out, "请关掉或调暗头顶的灯，把两侧的灯降到略高于眼睛，或在胸前放一块白板反光。",
        "Switch off or dim the lamp above, lower the side lamps to just above the eyes, or hold a white board before the chest.");
  } else if (wrong(out)) {
    out.zh = "光从下面来，下巴比额头亮。";
    out.en = "The light comes from below: the chin is brighter than the forehead.";
    cure(out, "请把灯升到略高于眼睛。", "Raise the lamps to just above the eyes.");
  }
  return out;
}

StationItem exposure(const Faces& at) {
  const double value = (at.left.luminance + at.right.luminance) / 2;
  StationItem out = item("S-EXPOSURE", "skin_luminance", value, kExposure, "脸部亮度合适。", "The face is well exposed.");
  if (!wrong(out)) return out;
  const std::string factor = factor_text(std::sqrt(std::max(value, 1.0) / kExposureAim));
  const bool dark = value < kExposureAim;
  out.zh = dark ? "脸部太暗。" : "脸部太亮。";
  out.en = dark ? "The face is too dark." : "The face is too bright.";
  cure(out,
       std::string(dark ? "请把两侧的灯都移近" : "请把两侧的灯都移远") + "到现在距离的约 " + factor + " 倍，或" +
           (dark ? "提高" : "降低") + "相机曝光。",
       std::string(dark ? "Move both side lamps nearer" : "Move both side lamps farther") + ", to about " + factor +
           " times their distance, or " + (dark ? "raise" : "lower") + " the camera's exposure.");
  return out;
}

StationItem colour(const Faces& at) {
  const cv::Vec3d skin = (at.left.lab + at.right.lab) * 0.5;
  const bool grey = std::hypot(skin[1], skin[2]) < 4;
  const double value = grey ? kNaN : std::atan2(skin[2], skin[1]) * 180 / CV_PI;
  StationItem out = item("S-COLOUR", "skin_hue_deg", value, kHue, "肤色自然。", "Skin has its natural colour.");
  if (grey) {
    out.level = Level::fail;
    out.zh = "照片几乎没有颜色。";
    out.en = "The picture has almost no colour.";
    cure(out, "请关闭相机的黑白模式。", "Switch the camera's black-and-white mode off.");
  } else if (wrong(out)) {
    const bool warm = value > kHue.pass_high;
    out.zh = warm ? "颜色偏黄（或偏绿）。" : "颜色偏红（或偏蓝）。";
    out.en = warm ? "The colours are too yellow or green." : "The colours are too red or blue.";
    cure(out, "请让所有灯同一色温（约 5500K），拉上窗帘，再用白纸给相机校准白平衡。",
         "Use lamps of one colour (about 5500 K), draw the curtains, and set the camera's white balance on a sheet of white "
         "paper.");
  }
  return out;
}

StationItem sharp(const Verdict& verdict) {
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& finding : *list) {
      if (finding.code != "Q-BLUR") continue;
      StationItem out{
          "S-SHARP", finding.level, finding.measure, finding.value, finding.limit_low, finding.limit_high, "清晰。", "Sharp.", {},
          {}};
      if (finding.level == Level::pass) return out;
      out.zh = finding.zh;
      out.en = finding.en;
      cure(out, "请用三脚架，对焦到眼睛，擦净镜头，光线不足时先补光。",
           "Use a tripod, focus on the eyes, wipe the lens, and add light before anything else when it is dim.");
      return out;
    }
  }
  return {"S-SHARP", Level::unknown, "blur_px", kNaN, 0, kFar, "看不出清晰度。", "Sharpness cannot be told.", {}, {}};
}

void ground(const cv::Mat& bgr, std::vector<StationItem>& out) {
  const auto plane = fit_ground(bgr);
  const double residual = plane ? plane->residual : kNaN;
  StationItem plain = item("S-GROUND", "ground_residual_delta_e", residual, kPlain, "背景平整。", "The ground is plain.");
  if (!plane) plain.level = Level::fail;
  if (wrong(plain)) {
    plain.zh = "背景不平整：有皱褶、图案或影子。";
    plain.en = "The ground is not plain: folds, a pattern or a shadow.";
    cure(plain, "请把背景布拉平；让人离背景 1 米以上，影子就落不到背景上。",
         "Stretch the cloth; seat the person more than a metre before it, so that no shadow falls on it.");
  }
  out.push_back(std::move(plain));
  if (!plane) return;
  const double slope = 2 * plane->terms[1][0];
  StationItem even =
      item("S-GROUND-LIGHT", "ground_right_minus_left_l", slope, kGroundLight, "背景亮度均匀。", "The ground is evenly lit.");
  if (wrong(even)) {
    const bool left_dark = slope > 0;
    even.zh = left_dark ? "背景左侧偏暗。" : "背景右侧偏暗。";
    even.en = left_dark ? "The left of the ground is darker." : "The right of the ground is darker.";
    cure(even,
         left_dark ? "请把画面左侧的灯转向背景一些，或在左后方加一盏灯。" : "请把画面右侧的灯转向背景一些，或在右后方加一盏灯。",
         left_dark ? "Turn the lamp on the left of the picture a little to the ground, or add one behind on the left."
                   : "Turn the lamp on the right of the picture a little to the ground, or add one behind on the right.");
  }
  out.push_back(std::move(even));
}

int rank(Level level) { return level == Level::fail ? 2 : level == Level::advice ? 1 : 0; }

/// The part of the picture that becomes the frame: the ground beyond it does not matter.
cv::Mat frame_of(const cv::Mat& bgr, const Verdict& verdict, double k) {
  const Box& f = verdict.frame;
  const cv::Rect area = cv::Rect(cvRound(f.x / k), cvRound(f.y / k), cvRound(f.width / k), cvRound(f.height / k)) &
                        cv::Rect(0, 0, bgr.cols, bgr.rows);
  cv::Mat out;
  cv::resize(area.empty() ? bgr : bgr(area), out, {480, 640}, 0, 0, cv::INTER_AREA);
  return out;
}

void grade(const Picture& picture, const Verdict& verdict, StationReport& out) {
  const cv::Mat bgr = view(picture);
  const double k = picture.source_scale();
  const bool seen = verdict.face && verdict.face->left_eye && verdict.face->right_eye;
  const auto spots = seen ? spots_of(bgr, *verdict.face, k) : std::nullopt;
  if (spots) {
    out.items = {side(*spots), top(*spots), exposure(*spots), colour(*spots), sharp(verdict)};
  } else {
    StationItem none{"S-NO-FACE",
                     Level::fail,
                     "faces",
                     static_cast<double>(verdict.faces),
                     1,
                     1,
                     "测试照里没有看清人脸。",
                     "No face with both eyes was seen in the test shot.",
                     {},
                     {}};
    cure(none, "请一位老师坐在学生的位置上，正对镜头再拍一张。",
         "Let a teacher sit where students will, face the camera, and take it again.");
    out.items.push_back(std::move(none));
  }
  ground(frame_of(bgr, verdict, k), out.items);
}

}  // namespace

StationReport grade_station(const Picture& picture, const Verdict& verdict) {
  StationReport out;
  if (well_formed(picture)) {
    try {
      grade(picture, verdict, out);
    } catch (const cv::Exception&) {  // out of memory
      out.items.clear();
    }
  }
  if (out.items.empty()) {
    out.items.push_back({"S-NO-FACE", Level::fail, "faces", 0, 1, 1, "这张测试照无法测量。",
                         "This test shot could not be measured.", "请用相机重新拍摄。", "Take it again with the camera."});
  }
  const auto worst = std::max_element(out.items.begin(), out.items.end(),
                                      [](const StationItem& a, const StationItem& b) { return rank(a.level) < rank(b.level); });
  out.level = rank(worst->level) == 0 ? Level::pass : worst->level;
  return out;
}

}  // namespace satchel::core::portrait
