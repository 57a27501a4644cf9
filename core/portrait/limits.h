#pragma once

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

  // --- sharpness, at 114 px between the eyes (the distance in a face 240 px wide)
  double sharpness_eye_distance = 114;
  double laplacian_pass = 9;  ///< Laplacian variance after a 3×3 blur; medians: sharp 35, σ 1 px 11, σ 1.5 px 5.6 [M]
  double laplacian_fail = 7;

  // --- light, on linear luminance in 0..255
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
