#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"
#include "examples/portraits/look.h"

// People who do not exist, drawn from a number: a picture that the portrait checks accept, or one with a single known fault.
// Sizes and places are exact by construction, so tests have truth. What they cannot prove: how the judge fares on real skin.
namespace satchel::examples {

enum class Defect {
  none,
  blurred,
  dark,
  half_dark,
  over_exposed,
  tilted,
  too_small,
  off_centre,
  two_faces,
  no_face,
  blue_on_blue,
};

inline constexpr std::array kDefects{Defect::blurred, Defect::dark,        Defect::half_dark,  Defect::over_exposed,
                                     Defect::tilted,  Defect::too_small,   Defect::off_centre, Defect::two_faces,
                                     Defect::no_face, Defect::blue_on_blue};

/// "none", "blurred", …, "blue-on-blue": as on the command line.
std::string_view name(Defect defect) noexcept;
std::optional<Defect> defect_named(std::string_view name) noexcept;
/// The finding that a correct judge reports for the defect ("Q-BLUR"); empty for none.
std::string_view expected_code(Defect defect) noexcept;

/// Where things were drawn, in pixels of the picture. Of the first person where there are two; nothing of it holds for no_face.
struct Truth {
  core::portrait::Point left_eye;  ///< the one at the smaller x
  core::portrait::Point right_eye;
  double face_width = 0;  ///< at the level of the nose, without ears
  double hairline_y = 0;
  double roll_deg = 0;
  int faces = 1;
  bool hairline_seen = true;  ///< false for a bald head and under a fringe
  Look look;
};

/// The portrait of person `seed`. Only the seed, the defect and the size decide: the same call gives the same pixels. Sizes are
/// meant to be 3:4 (480×640 and up); other ratios show more or less of the background. `truth` may be null.
core::portrait::Picture draw_person(std::uint64_t seed, Defect defect, int width, int height, Truth* truth = nullptr);

/// The same person with another look. An ordinary look with no defect is a portrait that a right judge accepts.
core::portrait::Picture draw_look(std::uint64_t seed, const Look& look, int width, int height, Truth* truth = nullptr);

}  // namespace satchel::examples
