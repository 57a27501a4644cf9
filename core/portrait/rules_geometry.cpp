// Where the face sits in the frame. Sources: the capture notices' numbers for 480×640 (Limits), ISO/IEC 19794-5 for roll.
#include <algorithm>
#include <cmath>

#include "core/portrait/rules.h"

namespace satchel::core::portrait {

/// Source pixels that the 480×640 frame is made of. The notices ask for 480×640 at least; enlarging adds nothing.
Finding rule_size(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const double by_height = scene.frame.height * limits.frame_width / limits.frame_height;
  // Half a pixel: a 480×640 picture must not fail by a rounded ratio.
  const double width = std::min(scene.frame.width, by_height) * scene.to_source;
  const double least = limits.frame_width / limits.enlarge_max;
  return judge("Q-SIZE", "frame_width_px", std::round(width * 10) / 10, {least - 0.5, kOpen}, {least - 0.5, kOpen});
}

/// Width over height. A camera's original is cropped, which is worth saying and no fault.
Finding rule_ratio(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const double wanted = static_cast<double>(limits.frame_width) / limits.frame_height;
  const double ratio = static_cast<double>(scene.picture.cols) / scene.picture.rows;
  return advise("Q-RATIO", "width_over_height", ratio, Range::around(wanted, wanted * limits.ratio_tolerance));
}

Finding rule_face(const Scene& scene) {
  const Range some{1, kOpen};
  return judge("Q-NO-FACE", "faces", static_cast<double>(scene.faces.size()), some, some);
}

/// Faces whose area is at least 0.2 of the largest one's: smaller ones are people far behind, or patterns.
Finding rule_one_face(const Scene& scene) {
  const Range one{-kOpen, 1};
  return judge("Q-FACES", "faces", static_cast<double>(scene.faces.size()), one, one);
}

Finding rule_eyes(const Scene& scene) {
  const Range both{2, kOpen};
  return judge("Q-EYES", "eyes_found", scene.eyes_seen ? 2 : 0, both, both);
}

/// The slope of the line through both eyes; positive when the one on the right of the picture is lower.
Finding rule_roll(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(0, limits.roll_pass_deg);
  if (!scene.eyes_seen) return cannot_tell("Q-TILT", "roll_deg", pass, Blind::no_eyes);
  const double turned = scene.faces.front().turned_deg;
  // A head that lies on its side has level eyes when seen from the side: what had to be turned by a lot is tilted by that.
  const double roll = std::abs(turned) > 60 ? turned : scene.eyes.roll_deg();
  return judge("Q-TILT", "roll_deg", roll, pass, Range::around(0, limits.roll_fail_deg));
}

Finding rule_eye_height(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(limits.eye_height_aim, limits.eye_height_pass);
  if (!scene.eyes_seen) return cannot_tell("Q-EYE-HEIGHT", "eye_height_px", pass, Blind::no_eyes);
  const double y = scene.in_frame(scene.eyes.middle()).y;
  return judge("Q-EYE-HEIGHT", "eye_height_px", y, pass, Range::around(limits.eye_height_aim, limits.eye_height_fail));
}

Finding rule_face_width(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(limits.face_width_aim, limits.face_width_pass);
  if (!scene.eyes_seen) return cannot_tell("Q-FACE-WIDTH", "face_width_px", pass, Blind::no_eyes);
  return judge("Q-FACE-WIDTH", "face_width_px", scene.face_width * scene.to_frame, pass,
               Range::around(limits.face_width_aim, limits.face_width_fail));
}

/// How far the middle of the eyes is from the middle of the frame, as a share of its width; negative to the left.
Finding rule_centre(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(0, limits.centre_pass);
  if (!scene.eyes_seen) return cannot_tell("Q-CENTRE", "centre_offset_share", pass, Blind::no_eyes);
  const double offset = (scene.eyes.middle().x - scene.frame.x) / scene.frame.width - 0.5;
  return judge("Q-CENTRE", "centre_offset_share", offset, pass, Range::around(0, limits.centre_fail));
}

/// Lowest priority: when a face is long or small, its width and the eyes' height come first, so this rule only advises.
Finding rule_hairline(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(limits.hairline_aim, limits.hairline_pass);
  if (!scene.hairline_y) return cannot_tell("Q-HAIRLINE", "hairline_px", pass, scene.eyes_seen ? Blind::hair : Blind::no_eyes);
  return advise("Q-HAIRLINE", "hairline_px", (*scene.hairline_y - scene.frame.y) * scene.to_frame, pass);
}

}  // namespace satchel::core::portrait
