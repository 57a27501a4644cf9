#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "core/portrait/edge_blur.h"
#include "core/portrait/face_finder.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// The head at one size, whatever the picture's: Limits::sharpness_eye_distance pixels between the eyes. Rules on skin, light and
/// sharpness look here.
struct Patch {
  cv::Mat bgr, lab;   ///< 8 bits; Lab as OpenCV packs it (L × 255/100, a + 128, b + 128)
  cv::Mat luminance;  ///< float, linear light, 0..255
  cv::Mat skin;       ///< 8 bits, 255 on the face without eyes, brows, nostrils and mouth
  cv::Point2d mid_eye;
  double unit = 0;   ///< pixels between the eyes
  double scale = 0;  ///< patch pixels per picture pixel: above 1 the patch was enlarged and holds no more than the picture
};

/// The plain ground behind the person, on the standard frame: left and right, clear of head and shoulders.
struct Ground {
  bool seen = false;    ///< false when head or hair leave no room for it
  cv::Vec3d lab;        ///< its middle
  bool plain = false;   ///< most of it is near that middle
  double residual = 0;  ///< ΔE, 95th percentile, from a plane through each side's colours
  double slope = 0;     ///< L* of the right side less that of the left
};

/// What the rules share, worked out once. Coordinates are pixels of `picture` unless said otherwise.
struct Scene {
  const Limits* limits = nullptr;
  cv::Mat picture;       ///< borrowed
  double to_source = 1;  ///< source pixels per picture pixel
  bool framed = false;   ///< the picture has the frame's ratio already
  std::vector<FoundFace> faces;

  cv::Rect2d frame;             ///< the part that is judged as the standard frame
  double to_frame = 1;          ///< frame pixels per picture pixel
  cv::Mat standard;             ///< the frame, scaled to its standard size; 8-bit BGR
  double bright_luminance = 0;  ///< 95th percentile of linear luminance over `standard`

  // Only when there is a face:
  EyePair eyes;  ///< measured, or guessed from the face's box when !eyes_seen
  bool eyes_seen = false;
  double face_width = 0;
  bool face_width_seen = false;  ///< false: from the distance between the eyes
  std::optional<double> hairline_y;
  Patch patch;
  std::optional<EdgeBlur> blur;      ///< of the face's edges, when it has enough pixels
  std::optional<double> bridge;      ///< a line across the nose, as frames of glasses make it (bridge.h)
  std::optional<FacePoints> points;  ///< the model's five, when there is a model and it sees the face
  bool has_model = false;

  bool has_recogniser = false;
  bool has_admission = false;        ///< there is an admission photo with a face
  std::optional<double> similarity;  ///< to it, of 100

  Ground ground;
  std::optional<FileMarks> marks;

  bool has_face() const { return !faces.empty(); }
  /// A point of the picture in pixels of `patch`.
  cv::Point2d in_patch(cv::Point2d p) const { return (p - eyes.middle()) * patch.scale + patch.mid_eye; }
  /// A point in frame pixels.
  cv::Point2d in_frame(cv::Point2d p) const { return (p - frame.tl()) * to_frame; }
};

/// `picture` must be well_formed and outlive the scene, as must `limits`.
Scene make_scene(const Picture& picture, const Limits& limits, Detectors& detectors);

/// The middle value per channel of a part of an 8-bit Lab picture, in CIE units (L 0..100); nullopt when nothing of it is inside.
std::optional<cv::Vec3d> median_lab(const cv::Mat& lab, const cv::Rect& where);

/// sRGB (IEC 61966-2-1) 8-bit value to linear light in 0..255.
double linear_light(int coded) noexcept;

}  // namespace satchel::core::portrait
