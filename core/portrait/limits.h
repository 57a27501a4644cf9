#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace satchel::core::portrait {

/// Every threshold of the judge: plain numbers, so that a campaign profile can set each by its name. Pixels are pixels of the
/// standard frame; a larger picture is judged on its own scale. "pass" is what the notice asks for, "fail" what the national
/// bands still take; between the two lies advice.
///
/// Sources: [N] the capture notices (480×640: hairline about 80, eyes about 250, face about 240 px wide, centred; 20–40 KB,
/// quality ≥ 60, 300 dpi) and the national bands (hairline 50–110, eyes 200–300, face width 180–300); [M] measured on portraits
/// with OpenCV 4.6; [ISO] ISO/IEC 19794-5 and 29794-5.
struct Limits {
  // --- the frame [N]
  int frame_width = 480;
  int frame_height = 640;
  double ratio_tolerance = 0.01;  ///< share by which width/height may differ from 3:4 before cropping is needed

  // --- faces
  double other_face_area = 0.2;  ///< a second face counts from this share of the largest one's area [M]

  // --- where the face sits, in frame pixels [N]
  double eye_height_aim = 250;
  double eye_height_pass = 25;
  double eye_height_fail = 50;
  double face_width_aim = 240;
  double face_width_pass = 30;
  double face_width_fail = 60;
  double hairline_aim = 80;
  double hairline_pass = 15;
  double hairline_advice = 30;  ///< beyond it still advice: face width and eye height come before the hairline
  double centre_pass = 0.03;    ///< share of the frame's width between mid-eye and middle
  double centre_fail = 0.05;
  double roll_pass_deg = 2;  ///< [ISO] asks for ±5°; Haar eyes are good to 1.4° on average [M]
  double roll_fail_deg = 5;
  double eye_distance_of_face = 1.0 / 2.1;  ///< inter-eye distance / face width, where the face's edge cannot be seen [M]

  // --- pose, from the five points of the face model [M]
  double yaw_pass = 0.06;  ///< nose beside the middle of the eyes, as a share of their distance; .06 is about 6 degrees
  double yaw_fail = 0.12;
  /// (eyes to nose) / (eyes to mouth), down the face: .54 to .62 on most straight faces, but .63 to .74 on some with a short
  /// lower face that look straight ahead, so that only far outside is refused [M].
  double pitch_low = 0.52;
  double pitch_high = 0.66;
  double pitch_slack = 0.12;  ///< how far outside still is advice

  // --- expression: distance from the plane between the two classes, in its own units; 0 is the plane [M]
  double eyes_open_pass = 0.25;  ///< above: both open
  double eyes_open_fail = -0.5;  ///< below: closed; in between the rule cannot tell
  double mouth_closed_pass = 0.6;
  double mouth_closed_fail = -0.5;

  // --- glasses
  /// Line across the nose bridge (bridge.h) from which there are glasses: bare noses have at most .012, frames .026 and more [M].
  double glasses_edge = 0.02;
  double glasses_sure = 0.05;  ///< from which nobody doubts it
  int glasses_allowed = 1;     ///< 0: any glasses refuse the picture
  double glare_pass = 0.02;    ///< share of a lens that mirrors a lamp; a catch-light has 0.003 [M]
  double glare_fail = 0.05;
  double tint_pass = 15;  ///< L* by which the skin behind a lens is darker than the cheek; only advice [M]

  // --- colour, CIE Lab on the cheeks [ISO]
  double skin_a_low = 5;
  double skin_a_high = 25;
  double skin_b_low = 5;
  double skin_b_high = 35;
  double skin_slack = 6;      ///< how far outside still is advice
  double red_eye_pass = 1.0;  ///< R / (G + B) in the pupil; grey has 0.5, skin up to 0.85
  double red_eye_fail = 1.4;

  // --- ground
  double ground_residual_pass = 4;  ///< ΔE of the ground's 95th percentile from a plane through its colours [M]
  double ground_residual_fail = 8;
  double ground_slope_pass = 10;  ///< L* between the two sides; only advice
  double ground_delta_pass = 10;  ///< ΔE to the nearest accepted colour, lightness counting half [M]
  double ground_delta_fail = 25;
  /// Red, green, blue of the grounds that the campaign takes; empty: the notices' light blue, white and light grey [N].
  std::vector<std::array<std::uint8_t, 3>> grounds;

  // --- sharpness, at 114 px between the eyes (the distance in a face 240 px wide)
  double sharpness_eye_distance = 114;
  double blur_pass = 1.2;  ///< deviation of the edges' blur, px; sharp: 1.14 at most; 98 of 100 blurred by 1.5: 1.2 and more [M]
  double blur_fail = 1.5;
  double moved_pass = 1.25;  ///< the same for edges of one direction, the worse one; sharp ones have at most 1.18 [M]
  double moved_fail = 1.8;

  // --- light, on linear luminance in 0..255
  double top_light_pass = 0.45;  ///< ln(forehead / chin)
  double top_light_fail = 0.70;
  double highlight_pass = 0.02;  ///< share of nose and forehead that shines white against its own skin
  double highlight_fail = 0.08;
  double half_dark_pass = 0.25;  ///< |ln(left median / right median)|: balanced accuracy 1.00 on lit-from-one-side faces [M]
  double half_dark_fail = 0.45;
  double bright_luminance = 247;
  double over_share_pass = 0.001;
  double over_share_fail = 0.01;
  double dark_luminance = 25;
  double under_share_pass = 0.25;
  double under_share_fail = 0.5;
  /// Dark skin before a well-lit ground is not under-exposed: the rule fails only when the picture's 95th percentile of
  /// luminance is below this too (a light blue ground in good light has about 125, a light grey one 220).
  double dark_picture_luminance = 80;

  // --- clothes: ΔE (CIE76 in Lab) between torso and background
  double clothes_delta_pass = 20;  ///< below, background replacement and the national system eat the shoulders [M]
  double clothes_delta_fail = 12;
  double stripes_pass = 4;  ///< L* by which bands across the chest alternate; only advice
  int clothes_blue = 1;     ///< 0 taken, 1 advice, 2 refused [N]
  int clothes_white = 0;    ///< the same; notices disagree [N]

  // --- where the picture comes from; only advice
  double screen_peak_pass = 17;    ///< dB by which one fine pattern stands out of its surroundings
  double similarity_min = 0;       ///< to the admission photo, of 100; 0: the profile does not ask for it
  double skin_detail_pass = 0.10;  ///< fine detail of the cheeks as a share of the eyes': from .11, smoothed skin up to .10 [M]

  // --- the standard picture [N]
  int standard_bytes_min = 20'000;
  int standard_bytes_max = 40'000;
  int standard_quality_min = 60;
  int dpi = 300;
  double enlarge_max = 1.0;  ///< how much a crop may be enlarged before the picture counts as too small

  // --- small pictures made from the standard one
  int small_width = 120;
  int small_height = 160;
  int preview_bytes_max = 4096;
};

}  // namespace satchel::core::portrait
