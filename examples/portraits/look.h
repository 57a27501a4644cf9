#pragma once

#include <cstdint>
#include <string_view>

#include "examples/portraits/dice.h"

namespace satchel::examples {

enum class Hair { as_drawn, bald, fringe };
enum class Eyewear { none, clear, glare, tinted };
enum class Clothes { as_drawn, striped, like_ground, white, blue };
enum class Ground { as_drawn, curtain, lamp_from_side, shelf, wrong_colour, shadow };
enum class Finish { none, beautified, from_screen };

/// How the person of a seed differs from the plain good portrait: body, pose, expression, clothes, place, light and camera. All
/// defaults together are the good portrait. Everything here is drawn exactly as it says, so it is truth for a test.
struct Look {
  // --- body
  double skin = -1;  ///< 0 lightest .. 1 darkest; below 0: as the seed has it
  int age = 25;      ///< lines from 40, grey hair from 50
  Hair hair = Hair::as_drawn;
  Eyewear eyewear = Eyewear::none;
  Clothes clothes = Clothes::as_drawn;
  // --- pose: besides what the seed has
  double yaw_deg = 0;    ///< positive: the nose points to the right of the picture
  double pitch_deg = 0;  ///< positive: the nose points down
  double roll_deg = 0;   ///< clockwise as seen
  // --- expression
  double eyes_open = 1;   ///< share of the usual opening; 0 closed
  double mouth_open = 0;  ///< 0 closed .. 1 wide
  bool teeth = false;     ///< seen in an open mouth
  double gaze = 0;        ///< -1 left .. 1 right, as seen
  // --- place
  Ground ground = Ground::as_drawn;
  // --- light, as shares of linear light
  double side_dark = 0;   ///< light missing on the left half (negative) or the right half (positive): 0 .. 0.8
  double top_light = 0;   ///< 0 none .. 1 a lamp straight above
  double warmth = 0;      ///< -1 blue .. 1 orange, of the whole picture
  double nose_shine = 0;  ///< 0 none .. 1 a white spot on nose and forehead
  bool red_eye = false;
  double exposure = 1;  ///< besides the seed's
  // --- camera
  double lens_blur_px = -1;  ///< deviation in pixels of a 480×640 frame; below 0: as the seed has it
  double noise = -1;         ///< deviation in 8-bit steps; below 0: as the seed has it
  Finish finish = Finish::none;
};

/// A look that a good portrait may have: any skin, age and hair, eyes and mouth as they should be, small turns, even light. With
/// or without clear glasses.
Look harmless_lots(Dice& dice);

/// A look by the name of what is special about it, as satchel-portraits --look takes it: "closed-eyes", "glare"; false when there
/// is none of that name. `dice` draws how strong it is.
bool look_named(std::string_view name, Dice& dice, Look& out);

/// "name finding", one a line: which names look_named knows, and what a right judge says; "-" for looks that deserve no word.
std::string_view look_names() noexcept;

}  // namespace satchel::examples
