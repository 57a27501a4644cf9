#pragma once

#include "examples/portraits/canvas.h"
#include "examples/portraits/features.h"

// What a look adds to the plain portrait. Each does nothing when the person's look does not ask for it.
namespace satchel::examples {

/// Behind everybody. `corner` and `frame` place the 480×640 frame: its top left, and pixels per frame pixel.
void paint_ground(Canvas& canvas, const Placement& place, const Person& person);
void paint_stripes(Canvas& canvas, const Placement& place, const Person& person);
void paint_lines_of_age(Canvas& canvas, const Placement& place, const Person& person);
/// A lid over the eye at x.
void paint_closed_eye(Canvas& canvas, const Placement& place, const Person& person, double x);
void paint_open_mouth(Canvas& canvas, const Placement& place, const Person& person);
void paint_bald_sides(Canvas& canvas, const Placement& place, const Person& person);
void paint_fringe(Canvas& canvas, const Placement& place, const Person& person);
void paint_glasses(Canvas& canvas, const Placement& place, const Person& person);
/// Mirrors of lamps on lenses and skin: laid after the light, because they are light.
void paint_shine(Canvas& canvas, const Placement& place, const Person& person);
/// Shadows of a lamp above: sockets, under nose, lip and chin; and bright hair and forehead.
void shade_from_above(Canvas& canvas, const Placement& place, const Person& person);
/// What a screen or a beauty filter does to the exposed 8-bit picture. `frame`: pixels per pixel of the 480×640 frame.
void finish(cv::Mat& bgr, const Person& person, double frame);

}  // namespace satchel::examples
