// Sharpness, by the width of the face's edges (edge_blur.h).
#include "core/portrait/rules.h"

namespace satchel::core::portrait {

Finding rule_sharpness(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->blur_pass};
  if (!scene.blur) return cannot_tell("Q-BLUR", "blur_px", pass, Blind::too_few_pixels);
  return judge("Q-BLUR", "blur_px", scene.blur->all, pass, {-kOpen, scene.limits->blur_fail});
}

/// A hand or a head that moved blurs the edges of one direction; half of all edges may still be sharp then.
Finding rule_moved(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->moved_pass};
  if (!scene.blur) return cannot_tell("Q-SOFT", "blur_px_worse_way", pass, Blind::too_few_pixels);
  // What is soft both ways is Q-BLUR's to say, and once is enough.
  if (scene.blur->all > scene.limits->blur_pass) return judge("Q-SOFT", "blur_px_worse_way", scene.blur->worse_way, {}, {});
  return judge("Q-SOFT", "blur_px_worse_way", scene.blur->worse_way, pass, {-kOpen, scene.limits->moved_fail});
}

}  // namespace satchel::core::portrait
