// Where the head looks, from the face model's five points. Sources: ISO/IEC 19794-5 (±5° of yaw and pitch), ISO/IEC 29794-5 head
// pose; the proportions and limits were measured on portraits.
#include <cmath>

#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

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

/// Nose between eyes and mouth: further down when the chin is down.
Finding rule_pitch(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.pitch_low, limits.pitch_high};
  if (!scene.points) return cannot_tell("Q-PITCH", "nose_height_share", pass, why(scene));
  const auto height = nose_height(*scene.points);
  if (!height) return cannot_tell("Q-PITCH", "nose_height_share", pass, Blind::unsure);
  return judge("Q-PITCH", "nose_height_share", *height, pass, {pass.low - limits.pitch_slack, pass.high + limits.pitch_slack});
}

}  // namespace satchel::core::portrait
