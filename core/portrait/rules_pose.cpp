// Where the head looks, from the face model's five points. Sources: ISO/IEC 19794-5 (±5° of yaw and pitch), ISO/IEC 29794-5 head
// pose; the proportions and limits were measured on portraits.
#include <cmath>

#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

/// Along the line through the eyes, and down the face at right angles to it, in units of the eyes' distance from their middle.
cv::Point2d in_face(const FacePoints& points, cv::Point2d p) {
  const cv::Point2d along = points.right_eye - points.left_eye, mid = (points.left_eye + points.right_eye) * 0.5;
  const double apart = cv::norm(along);
  const cv::Point2d u = along * (1 / apart), d = (p - mid) * (1 / apart);
  return {d.dot(u), d.dot(cv::Point2d(-u.y, u.x))};
}

Blind why(const Scene& scene) { return scene.has_model ? Blind::model_saw_nothing : Blind::no_model; }

}  // namespace

/// The nose beside the middle of the eyes, as a share of their distance; positive to the right of the picture.
Finding rule_yaw(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(0, limits.yaw_pass);
  if (!scene.points) return cannot_tell("Q-TURNED", "nose_offset_share", pass, why(scene));
  return judge("Q-TURNED", "nose_offset_share", in_face(*scene.points, scene.points->nose).x, pass,
               Range::around(0, limits.yaw_fail));
}

bool turned_away(const Scene& scene) {
  return scene.points && std::abs(in_face(*scene.points, scene.points->nose).x) > 1.5 * scene.limits->yaw_fail;
}

/// How far down from eyes to mouth the nose's tip stands: more when the chin is down.
Finding rule_pitch(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.pitch_low, limits.pitch_high};
  if (!scene.points) return cannot_tell("Q-PITCH", "nose_height_share", pass, why(scene));
  const FacePoints& points = *scene.points;
  const double mouth = in_face(points, (points.left_mouth + points.right_mouth) * 0.5).y;
  if (mouth < 0.3) return cannot_tell("Q-PITCH", "nose_height_share", pass, Blind::unsure);
  return judge("Q-PITCH", "nose_height_share", in_face(points, points.nose).y / mouth, pass,
               {pass.low - limits.pitch_slack, pass.high + limits.pitch_slack});
}

}  // namespace satchel::core::portrait
