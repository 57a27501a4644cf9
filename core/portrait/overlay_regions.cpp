#include "core/portrait/overlay_regions.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "core/portrait/ground_plane.h"

namespace satchel::core::portrait {
namespace {

enum class Region { none, eyes, mouth, dark_half, forehead, burnt, chest, ground };

struct Place {
  std::string_view code;
  Region region;
};

constexpr std::array kPlaces{
    Place{"Q-EYES", Region::eyes},
    Place{"Q-EYES-CLOSED", Region::eyes},
    Place{"Q-GLARE", Region::eyes},
    Place{"Q-GLASSES", Region::eyes},
    Place{"Q-TINTED", Region::eyes},
    Place{"Q-RED-EYE", Region::eyes},
    Place{"Q-MOUTH", Region::mouth},
    Place{"Q-HALF-DARK", Region::dark_half},
    Place{"Q-TOP-LIGHT", Region::forehead},
    Place{"Q-OVEREXPOSED", Region::burnt},
    Place{"Q-HIGHLIGHT", Region::burnt},
    Place{"Q-CLOTHES-BACKGROUND", Region::chest},
    Place{"Q-CLOTHES-COLOUR", Region::chest},
    Place{"Q-STRIPES", Region::chest},
    Place{"Q-BACKGROUND", Region::ground},
    Place{"Q-BACKGROUND-LIGHT", Region::ground},
};

Region region_of(std::string_view code) {
  for (const Place& place : kPlaces) {
    if (place.code == code) return place.region;
  }
  return Region::none;
}

constexpr double kTint = 0.32;
constexpr double kOffPlane = 8;  // ΔE: where the rule on backgrounds refuses

/// The head on the shown picture, in units of the distance between the eyes.
struct Head {
  cv::Point2d mid, across, down;
  double unit;
  cv::Point at(double x, double y) const { return mid + across * x + down * y; }
  cv::Size size(double x, double y) const { return {cvRound(x * unit), cvRound(y * unit)}; }
};

Head head_of(const Shown& shown, const FaceGeometry& face) {
  const cv::Point2d l = shown.at(*face.left_eye), r = shown.at(*face.right_eye), across = r - l;
  return {(l + r) * 0.5, across, {-across.y, across.x}, cv::norm(across)};
}

void fill_face(cv::Mat& mask, const Head& head) {
  cv::ellipse(mask, head.at(0, 0.45), head.size(1.05, 1.5), 0, 0, 360, 255, cv::FILLED);
}

cv::Mat burnt(const Shown& shown, const Head& head, const Limits& limits) {
  cv::Mat face = cv::Mat::zeros(shown.pixels.size(), CV_8UC1), bright;
  fill_face(face, head);
  // The rule counts linear luminance; a grey of the same height is where that begins.
  const double coded = 255 * std::pow(limits.bright_luminance / 255, 1 / 2.2);
  cv::Mat grey;
  cv::cvtColor(shown.pixels, grey, cv::COLOR_BGR2GRAY);
  bright = (grey >= coded - 3) & face;
  cv::dilate(bright, bright, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
  return bright;
}

cv::Mat uneven_ground(const Shown& shown, const Verdict& verdict, const Head* head) {
  const cv::Point2d from = shown.at({verdict.frame.x, verdict.frame.y});
  const cv::Rect frame = cv::Rect(cvRound(from.x), cvRound(from.y), cvRound(verdict.frame.width * shown.scale),
                                  cvRound(verdict.frame.height * shown.scale)) &
                         cv::Rect(0, 0, shown.pixels.cols, shown.pixels.rows);
  cv::Mat mask = cv::Mat::zeros(shown.pixels.size(), CV_8UC1);
  if (frame.width < 16 || frame.height < 16) return mask;
  const cv::Rect upper(frame.x, frame.y, frame.width, frame.height * 52 / 100);
  mask(upper) = 255;
  if (head != nullptr) cv::ellipse(mask, head->at(0, 0.2), head->size(1.75, 2.4), 0, 0, 360, 0, cv::FILLED);
  if (const auto plane = fit_ground(shown.pixels(frame))) {
    cv::Mat off = cv::Mat::zeros(shown.pixels.size(), CV_8UC1);
    cv::Mat(plane->distance(shown.pixels(frame)) > kOffPlane).copyTo(off(frame));
    mask &= off;
  }
  return mask;
}

cv::Mat mask_of(Region region, const Shown& shown, const Verdict& verdict, const Limits& limits, const Finding& finding,
                const Head* head) {
  if (region == Region::ground) return uneven_ground(shown, verdict, head);
  cv::Mat mask = cv::Mat::zeros(shown.pixels.size(), CV_8UC1);
  if (head == nullptr) return mask;
  const auto ellipse = [&](double x, double y, double w, double h) {
    cv::ellipse(mask, head->at(x, y), head->size(w, h), 0, 0, 360, 255, cv::FILLED);
  };
  switch (region) {
    case Region::eyes:
      ellipse(-0.5, 0, 0.34, 0.22);
      ellipse(0.5, 0, 0.34, 0.22);
      break;
    case Region::mouth: ellipse(0, 1.15, 0.5, 0.24); break;
    case Region::forehead: ellipse(0, -0.7, 0.75, 0.38); break;
    case Region::dark_half: {
      fill_face(mask, *head);
      const bool left_dark = finding.value < 0;  // ln(left / right)
      const int middle = std::clamp(cvRound(head->mid.x), 0, mask.cols);
      const cv::Rect light = left_dark ? cv::Rect(middle, 0, mask.cols - middle, mask.rows) : cv::Rect(0, 0, middle, mask.rows);
      mask(light) = 0;
      break;
    }
    case Region::burnt: return burnt(shown, *head, limits);
    case Region::chest: {
      const cv::Point from = head->at(-1.4, 2.5), to = head->at(1.4, 3.6);
      const cv::Rect chest = cv::Rect(from, to) & cv::Rect(0, 0, mask.cols, mask.rows);
      mask(chest) = 255;
      break;
    }
    case Region::ground:
    case Region::none: break;
  }
  return mask;
}

void tint(cv::Mat& pixels, const cv::Mat& mask, const cv::Scalar& colour) {
  cv::Mat coloured;
  cv::addWeighted(pixels, 1 - kTint, cv::Mat(pixels.size(), pixels.type(), colour), kTint, 0, coloured);
  coloured.copyTo(pixels, mask);
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(mask.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::drawContours(pixels, outlines, -1, colour, 1, cv::LINE_AA);
}

}  // namespace

void draw_regions(Shown& shown, const Verdict& verdict, const Limits& limits, const std::function<cv::Scalar(Level)>& colour_of) {
  std::optional<Head> head;
  if (verdict.face && verdict.face->left_eye && verdict.face->right_eye) head = head_of(shown, *verdict.face);
  std::vector<std::pair<cv::Mat, cv::Scalar>> layers;  // all found on the clean picture before any is drawn
  for (const Finding& finding : verdict.findings) {
    if (finding.level != Level::fail && finding.level != Level::advice) continue;
    const Region region = region_of(finding.code);
    if (region == Region::none) continue;
    layers.emplace_back(mask_of(region, shown, verdict, limits, finding, head ? &*head : nullptr), colour_of(finding.level));
  }
  for (const auto& [mask, colour] : layers) {
    if (cv::countNonZero(mask) > 0) tint(shown.pixels, mask, colour);
  }
}

}  // namespace satchel::core::portrait
