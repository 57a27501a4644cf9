#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/portrait/check.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// What a photographer says before the shot. "Left" and "right" are those of the picture.
enum class Hint {
  come_into_view,
  one_person,
  open_eyes,
  closer,
  farther,
  go_left,
  go_right,
  camera_up,
  camera_down,
  straighten,
  chin_up,  ///< only with a face model
  chin_down,
  light_left,  ///< needs light from the left of the picture
  light_right,
  more_light,
  less_light,
  hold_still,
};

/// One short sentence in each language. Stable code: "H-CLOSER".
struct HintWords {
  Hint hint;
  std::string_view code, zh, en;
};
const HintWords& words_of(Hint hint) noexcept;
std::span<const HintWords> all_hints() noexcept;

struct FacePoints;  // face_model.h
/// chin_up or chin_down when the nose stands outside the limits of the head's pitch.
std::optional<Hint> chin_hint(const FacePoints& points, const Limits& limits);

struct Guidance {
  std::vector<Hint> hints;  ///< the most urgent first; empty: take the picture now
  double score = 0;         ///< 0..100: how near this frame is to a good one, sharpness included; 0 without a face
};

/// Watches frames of one camera, in order. Fast, because it looks for one face near where it was, on a small picture, and asks
/// only what a person can change at once; which frame of a burst is best is for Judge to say, among those of the best scores.
/// The same frames give the same hints. Not for two threads at a time.
class Guide {
 public:
  /// Errors as Judge::load(). With a model the chin has hints, too.
  static Result<std::unique_ptr<Guide>> load(const std::string& cascade_folder = kCascadeFolder, const Limits& limits = {},
                                             const ModelFile& model = {});
  ~Guide();
  Guide(const Guide&) = delete;
  Guide& operator=(const Guide&) = delete;

  /// A frame of any size; one that is not well formed gets come_into_view.
  Guidance see(const Picture& frame);

 private:
  struct State;
  explicit Guide(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace satchel::core::portrait
