#include "core/portrait/expression.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "core/base/check.h"

namespace satchel::core::portrait {

#include "core/portrait/expression_weights.inc"

std::vector<float> patch_features(const cv::Mat& bgr, const PatchPlace& place, double width_units) {
  // From patch pixels to picture pixels.
  const double scale = width_units * place.unit / kPatchWidth, angle = place.roll_deg * CV_PI / 180;
  const double c = scale * std::cos(angle), s = scale * std::sin(angle);
  const double mx = kPatchWidth / 2.0 - 0.5, my = kPatchHeight / 2.0 - 0.5;
  const cv::Matx23d back(c, -s, place.middle.x - c * mx + s * my, s, c, place.middle.y - s * mx - c * my);
  cv::Mat cut, grey;
  // A coarse patch of a large picture must not alias: the picture's part is smoothed by the step first.
  const int reach = static_cast<int>(std::ceil(width_units * place.unit));
  const cv::Rect area = cv::Rect(cvFloor(place.middle.x) - reach, cvFloor(place.middle.y) - reach, 2 * reach, 2 * reach) &
                        cv::Rect(0, 0, bgr.cols, bgr.rows);
  if (area.empty()) return {};
  cv::Mat part = bgr(area);
  if (scale > 1.2) {
    cv::Mat smooth;  // its own pixels: the caller's are borrowed
    cv::GaussianBlur(part, smooth, cv::Size(), 0.45 * scale);
    part = smooth;
  }
  cv::Matx23d shifted = back;
  shifted(0, 2) -= area.x;
  shifted(1, 2) -= area.y;
  cv::warpAffine(part, cut, shifted, cv::Size(kPatchWidth, kPatchHeight), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  if (cut.channels() == 3) {
    cv::cvtColor(cut, grey, cv::COLOR_BGR2GRAY);
  } else {
    grey = cut;
  }
  static const cv::HOGDescriptor hog(cv::Size(kPatchWidth, kPatchHeight), cv::Size(16, 16), cv::Size(8, 8), cv::Size(8, 8), 9);
  std::vector<float> out;
  hog.compute(grey, out);
  SATCHEL_CHECK(out.size() == kPatchFeatures);
  return out;
}

double margin(const ExpressionPlane& plane, const std::vector<float>& features) {
  SATCHEL_CHECK(features.size() == plane.weights.size());
  double sum = static_cast<double>(plane.bias);
  for (std::size_t i = 0; i < features.size(); ++i)
    sum += static_cast<double>(plane.weights[i]) * static_cast<double>(features[i]);
  return sum;
}

}  // namespace satchel::core::portrait
