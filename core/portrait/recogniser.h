#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>

#include "core/base/result.h"
#include "core/portrait/check.h"
#include "core/portrait/face_model.h"

namespace satchel::core::portrait {

/// Tells whether two pictures show one person: OpenCV's FaceRecognizerSF over a model that the operator supplies (Zhong et al.,
/// "SFace: Sigmoid-constrained hypersphere loss for robust face recognition", 2021, or any other that takes its input: 112×112
/// RGB, aligned by five points). Optional: Satchel ships no model. Not for two threads at a time.
class Recogniser {
 public:
  /// kModelUnfit where this OpenCV cannot run it, or the same face is not like itself. Any bytes may be given: the scale that
  /// comes with them was measured with that very file.
  static Result<std::unique_ptr<Recogniser>> load(const RecogniserFile& file);
  virtual ~Recogniser() = default;

  /// nullopt when the model gives nothing to compare.
  virtual std::optional<FaceFeatures> features(const cv::Mat& bgr, const SeenFace& face) = 0;
  virtual const RecogniserScale& scale() const = 0;
};

}  // namespace satchel::core::portrait
