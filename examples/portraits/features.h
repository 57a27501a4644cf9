#pragma once

#include "examples/portraits/canvas.h"
#include "examples/portraits/dice.h"
#include "examples/portraits/look.h"

namespace satchel::examples {

enum class HairStyle { cropped, side_part, bob, tied_back, long_hair };
enum class Collar { round, shirt, v_neck };

/// One invented person: everything about the body, nothing about light, camera or place. Lengths are in face units (1 = the
/// distance between the eyes).
struct Person {
  Colour skin, hair, iris, lips, clothes;
  HairStyle style = HairStyle::cropped;
  Collar collar = Collar::round;
  double half_face = 1.05;  ///< half the face's width at nose level
  double chin = 1.85;       ///< below the eyes
  double jaw = 2.3;         ///< exponent of the lower outline: larger is squarer
  double hairline = -1.49;  ///< on the middle line
  double eye_open = 0.085;  ///< half height of the opening
  double brow_weight = 0.065;
  double mouth_half = 0.37;
  double shoulder = 2.15;
  std::uint64_t grain = 0;  ///< seed of hair strands and skin texture
  Look look;                ///< how the picture differs from the plain one
};

Person draw_lots(Dice& dice);
/// Skin and hair as the look asks.
void apply_look(Person& person, const Look& look);

/// Outline of the head's skin, and its half width at a height (0 outside).
Shape head_outline(const Person& person);
double half_width_at(const Person& person, double y);

void paint_body(Canvas& canvas, const Placement& place, const Person& person);
void paint_head(Canvas& canvas, const Placement& place, const Person& person);
/// The same person seen from behind.
void paint_back_of_head(Canvas& canvas, const Placement& place, const Person& person);

}  // namespace satchel::examples
