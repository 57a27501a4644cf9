#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/portrait/check.h"

namespace satchel::core::portrait {

/// Five points of one face, in pixels. left: smaller x.
struct FacePoints {
  cv::Point2d left_eye, right_eye, nose, left_mouth, right_mouth;
};

/// Along the line through the eyes, and down the face at right angles to it, in units of the eyes' distance from their middle.
cv::Point2d in_face(const FacePoints& points, cv::Point2d p);
/// How far down from eyes to mouth the nose's tip stands: more when the chin is down. nullopt for points that no face has.
std::optional<double> nose_height(const FacePoints& points);

/// What the model sees: where, and how sure it is (0..1).
struct SeenFace {
  cv::Rect2d box;
  FacePoints points;
  double score = 0;
};

/// YuNet behind OpenCV's FaceDetectorYN: Wu, Peng and Yu, "YuNet: a tiny millisecond-level face detector", 2023. Optional:
/// Satchel ships no model. Not for two threads at a time.
class FaceModel {
 public:
  /// kModelUnknown for bytes whose SHA-256 is none of the known ones, kModelUnfit where this OpenCV cannot run it or it fails its
  /// self-test (later YuNet files throw in OpenCV 4.6).
  static Result<std::unique_ptr<FaceModel>> load(const ModelFile& file);
  virtual ~FaceModel() = default;

  /// The largest face whose middle is near `around`, or anywhere when that is empty. The median of several looks at sizes near
  /// 300 pixels, half of them mirrored: one look errs by 0.05 of the eyes' distance, the median of eight by 0.02 [M]. nullopt
  /// when fewer than half of the looks see it.
  virtual std::optional<SeenFace> find(const cv::Mat& bgr, const cv::Rect2d& around) = 0;
  /// One look instead of eight: for frames that come many times a second.
  virtual std::optional<SeenFace> glance(const cv::Mat& bgr) = 0;
};

}  // namespace satchel::core::portrait
