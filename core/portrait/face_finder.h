#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/objdetect.hpp>
#include <optional>
#include <vector>

#include "core/portrait/check.h"
#include "core/portrait/face_model.h"
#include "core/portrait/recogniser.h"

namespace satchel::core::portrait {

/// OpenCV's Haar detectors. Two for faces, because two that vote see far fewer false faces than one; two for eyes, because the
/// one that sees through glasses misses some open eyes.
struct Detectors {
  cv::CascadeClassifier face;              ///< frontalface_alt2
  cv::CascadeClassifier face_vote;         ///< frontalface_default
  cv::CascadeClassifier eye;               ///< eye_tree_eyeglasses
  cv::CascadeClassifier eye_plain;         ///< eye
  std::unique_ptr<FaceModel> model;        ///< nullptr without one
  std::unique_ptr<Recogniser> recogniser;  ///< nullptr without one
};

struct EyePair {
  cv::Point2d left, right;  ///< left: smaller x

  double distance() const { return cv::norm(right - left); }
  cv::Point2d middle() const { return (left + right) * 0.5; }
  double roll_deg() const;
};

struct FoundFace {
  cv::Rect2d box;  ///< of the detector: from brow to chin, about as wide as the face
  std::optional<EyePair> eyes;
  double turned_deg = 0;  ///< by how much the picture had to be turned for the detector to see it; clockwise
};

/// Faces of `grey`, in its pixels: the largest first; a second and later ones only when their area is at least `other_area` of
/// the largest and both detectors saw them. `framed`: the picture is 3:4 already, so a face about half as wide is expected.
std::vector<FoundFace> find_faces(Detectors& detectors, const cv::Mat& grey, bool framed, double other_area);

}  // namespace satchel::core::portrait
