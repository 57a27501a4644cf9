#include "core/portrait/crop.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/portrait/encode.h"
#include "core/portrait/frame.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

/// Closer to the aim than the eyes can be measured: cutting would move noise about, not the face.
constexpr double kPlacedPx = 2;

bool passed(const Verdict& verdict, std::string_view code) {
  return std::any_of(verdict.passed.begin(), verdict.passed.end(), [&](const Finding& finding) { return finding.code == code; });
}

/// Whether the whole picture, scaled to the frame, has eyes and middle where they should be and a face that passes.
bool at_the_aim(const Picture& picture, const CropAnchor& anchor, const Verdict& verdict, const Limits& limits) {
  const double scale = static_cast<double>(limits.frame_width) / picture.width;
  return passed(verdict, "Q-FACE-WIDTH") && std::abs(anchor.mid_eye.y * scale - limits.eye_height_aim) <= kPlacedPx &&
         std::abs(anchor.mid_eye.x * scale - limits.frame_width / 2.0) <= kPlacedPx;
}

/// The part of the picture that becomes the standard one, in picture pixels.
cv::Rect2d choose_crop(const Picture& picture, const Verdict& verdict, const Limits& limits) {
  const double width = picture.width, height = picture.height;
  const bool framed = has_frame_ratio(width, height, limits);
  const cv::Rect2d whole = framed ? cv::Rect2d(0, 0, width, height) : middle_crop(width, height, limits);
  if (!verdict.face || !verdict.face->left_eye || !verdict.face->right_eye) return whole;
  const double k = picture.source_scale();
  const CropAnchor anchor{cv::Point2d(verdict.face->left_eye->x + verdict.face->right_eye->x,
                                      verdict.face->left_eye->y + verdict.face->right_eye->y) *
                              (0.5 / k),
                          verdict.face->face_width_px / k};
  if (framed && at_the_aim(picture, anchor, verdict, limits)) return whole;
  const cv::Rect2d best = best_crop(width, height, anchor, limits);
  // A frame that is there already is not cut smaller than the standard's own pixels: placing would cost sharpness.
  const bool enough = best.width * k * limits.enlarge_max >= limits.frame_width - 0.5;
  return framed && !enough ? whole : best;
}

/// The same part, corrected by hand.
cv::Rect2d nudged(const cv::Rect2d& crop, const Nudge& nudge, const Picture& picture, const Limits& limits) {
  if (nudge.dx == 0 && nudge.dy == 0 && nudge.scale == 1) return crop;
  const double ratio = static_cast<double>(limits.frame_width) / limits.frame_height;
  const double across = 0.5, down = limits.eye_height_aim / limits.frame_height;
  const double scale = nudge.scale > 0 ? nudge.scale : 1;
  const double w = std::min({crop.width / scale, static_cast<double>(picture.width), picture.height * ratio}), h = w / ratio;
  const double pixel = w / limits.frame_width;
  const double x = crop.x + across * (crop.width - w) - nudge.dx * pixel;
  const double y = crop.y + down * (crop.height - h) - nudge.dy * pixel;
  return {std::clamp(x, 0.0, picture.width - w), std::clamp(y, 0.0, picture.height - h), w, h};
}

std::string recipe_of(const Picture& picture, const Transform& transform) {
  char text[200];
  const Box& crop = transform.crop;
  std::snprintf(text, sizeof text, "satchel standard/1; source %dx%d; crop %.6g %.6g %.6g %.6g; scale %.6g",
                std::max(picture.source_width, picture.width), std::max(picture.source_height, picture.height), crop.x, crop.y,
                crop.width, crop.height, transform.scale);
  return text;
}

/// The face of a source picture, in pixels of its standard one.
std::optional<FaceGeometry> face_in(const Transform& transform, const Verdict& verdict) {
  if (!verdict.face) return std::nullopt;
  FaceGeometry out = *verdict.face;
  const auto moved = [&](Point p) {
    return Point{(p.x - transform.crop.x) * transform.scale, (p.y - transform.crop.y) * transform.scale};
  };
  if (out.left_eye) out.left_eye = moved(*out.left_eye);
  if (out.right_eye) out.right_eye = moved(*out.right_eye);
  out.face_width_px *= transform.scale;
  return out;
}

Result<void> change_ground(Standard& standard, const Verdict& verdict, Ground ground) {
  const auto face = face_in(standard.transform, verdict);
  SATCHEL_TRY_ASSIGN(standard.ground, replace_ground(standard.picture, face ? &*face : nullptr, ground));
  if (standard.ground->change != GroundChange::replaced) return {};
  standard.picture = std::move(standard.ground->picture);
  char text[80];
  std::snprintf(text, sizeof text, "; ground/1 %d,%d,%d; residual %.3g", ground.red, ground.green, ground.blue,
                standard.ground->residual);
  standard.recipe += text;
  return {};
}

/// Whole source pixels, inside the picture.
cv::Rect whole_pixels(const cv::Rect2d& crop, const Picture& picture) {
  const int width = std::clamp(cvRound(crop.width), 1, picture.width),
            height = std::clamp(cvRound(crop.height), 1, picture.height);
  return {std::clamp(cvRound(crop.x), 0, picture.width - width), std::clamp(cvRound(crop.y), 0, picture.height - height), width,
          height};
}

cv::Mat scaled(const cv::Mat& part, cv::Size size) {
  if (part.size() == size) return part.clone();
  cv::Mat out;
  cv::resize(part, out, size, 0, 0, part.cols >= size.width ? cv::INTER_AREA : cv::INTER_LANCZOS4);
  return out;
}

Picture small_picture(const Picture& standard, const Limits& limits) {
  return to_picture(scaled(view(standard), {limits.small_width, limits.small_height}));
}

}  // namespace

Result<Standard> make_standard(const Picture& picture, const Verdict& verdict, const Limits& limits,
                               const StandardOptions& options) {
  if (!well_formed(picture)) return Error{Code::kImageDamaged, "no pixels to crop"};
  const cv::Rect area = whole_pixels(nudged(choose_crop(picture, verdict, limits), options.nudge, picture, limits), picture);
  Standard out;
  out.picture = to_picture(scaled(view(picture)(area), {limits.frame_width, limits.frame_height}));
  const double k = picture.source_scale();
  out.transform.crop = {area.x * k, area.y * k, area.width * k, area.height * k};
  out.transform.scale = limits.frame_width / out.transform.crop.width;
  out.transform.cropped = area.size() != cv::Size(picture.width, picture.height);
  out.recipe = recipe_of(picture, out.transform);
  if (options.ground) SATCHEL_TRY(change_ground(out, verdict, *options.ground));
  SATCHEL_TRY_ASSIGN(WindowedJpeg jpeg, encode_jpeg_window(out.picture, static_cast<std::size_t>(limits.standard_bytes_min),
                                                           static_cast<std::size_t>(limits.standard_bytes_max),
                                                           limits.standard_quality_min, limits.dpi, options.chroma, out.recipe));
  out.jpeg = std::move(jpeg.file);
  out.quality = jpeg.quality;
  out.in_window = jpeg.in_window;
  return out;
}

Result<Bytes> make_preview(const Picture& standard, const Limits& limits) {
  if (!well_formed(standard)) return Error{Code::kImageDamaged, "no pixels to shrink"};
  const Picture small = small_picture(standard, limits);
  const auto most = static_cast<std::size_t>(limits.preview_bytes_max);
  SATCHEL_TRY_ASSIGN(WindowedJpeg jpeg, encode_jpeg_window(small, 0, most, 10, limits.dpi));
  if (jpeg.file.size() <= most) return std::move(jpeg.file);
  // Noise from edge to edge: even quality 10 is too large. Half the detail, the same size on the screen.
  cv::Mat soft;
  cv::GaussianBlur(view(small), soft, cv::Size(), 1.5);
  SATCHEL_TRY_ASSIGN(jpeg, encode_jpeg_window(to_picture(soft), 0, most, 1, limits.dpi));
  return std::move(jpeg.file);
}

Result<Bytes> make_export(const Picture& standard, const Limits& limits) {
  if (!well_formed(standard)) return Error{Code::kImageDamaged, "no pixels to shrink"};
  return encode_jpeg(small_picture(standard, limits), {95, limits.dpi, Subsampling::k444});
}

}  // namespace satchel::core::portrait
