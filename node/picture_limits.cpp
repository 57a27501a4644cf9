#include "node/picture_limits.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace satchel::node {
namespace {

using core::portrait::Limits;

template <class T>
using Named = std::pair<std::string_view, T Limits::*>;

constexpr std::array kReal{
    Named<double>{"ratio_tolerance", &Limits::ratio_tolerance},
    Named<double>{"other_face_area", &Limits::other_face_area},
    Named<double>{"eye_height_aim", &Limits::eye_height_aim},
    Named<double>{"eye_height_pass", &Limits::eye_height_pass},
    Named<double>{"eye_height_fail", &Limits::eye_height_fail},
    Named<double>{"face_width_aim", &Limits::face_width_aim},
    Named<double>{"face_width_pass", &Limits::face_width_pass},
    Named<double>{"face_width_fail", &Limits::face_width_fail},
    Named<double>{"hairline_aim", &Limits::hairline_aim},
    Named<double>{"hairline_pass", &Limits::hairline_pass},
    Named<double>{"hairline_advice", &Limits::hairline_advice},
    Named<double>{"centre_pass", &Limits::centre_pass},
    Named<double>{"centre_fail", &Limits::centre_fail},
    Named<double>{"roll_pass_deg", &Limits::roll_pass_deg},
    Named<double>{"roll_fail_deg", &Limits::roll_fail_deg},
    Named<double>{"eye_distance_of_face", &Limits::eye_distance_of_face},
    Named<double>{"sharpness_eye_distance", &Limits::sharpness_eye_distance},
    Named<double>{"blur_pass", &Limits::blur_pass},
    Named<double>{"blur_fail", &Limits::blur_fail},
    Named<double>{"half_dark_pass", &Limits::half_dark_pass},
    Named<double>{"half_dark_fail", &Limits::half_dark_fail},
    Named<double>{"bright_luminance", &Limits::bright_luminance},
    Named<double>{"over_share_pass", &Limits::over_share_pass},
    Named<double>{"over_share_fail", &Limits::over_share_fail},
    Named<double>{"dark_luminance", &Limits::dark_luminance},
    Named<double>{"under_share_pass", &Limits::under_share_pass},
    Named<double>{"under_share_fail", &Limits::under_share_fail},
    Named<double>{"dark_picture_luminance", &Limits::dark_picture_luminance},
    Named<double>{"clothes_delta_pass", &Limits::clothes_delta_pass},
    Named<double>{"clothes_delta_fail", &Limits::clothes_delta_fail},
    Named<double>{"enlarge_max", &Limits::enlarge_max},
    Named<double>{"yaw_pass", &Limits::yaw_pass},
    Named<double>{"yaw_fail", &Limits::yaw_fail},
    Named<double>{"pitch_low", &Limits::pitch_low},
    Named<double>{"pitch_high", &Limits::pitch_high},
    Named<double>{"pitch_slack", &Limits::pitch_slack},
    Named<double>{"eyes_open_pass", &Limits::eyes_open_pass},
    Named<double>{"eyes_open_fail", &Limits::eyes_open_fail},
    Named<double>{"mouth_closed_pass", &Limits::mouth_closed_pass},
    Named<double>{"mouth_closed_fail", &Limits::mouth_closed_fail},
    Named<double>{"glasses_edge", &Limits::glasses_edge},
    Named<double>{"glasses_sure", &Limits::glasses_sure},
    Named<double>{"glare_pass", &Limits::glare_pass},
    Named<double>{"glare_fail", &Limits::glare_fail},
    Named<double>{"tint_pass", &Limits::tint_pass},
    Named<double>{"skin_a_low", &Limits::skin_a_low},
    Named<double>{"skin_a_high", &Limits::skin_a_high},
    Named<double>{"skin_b_low", &Limits::skin_b_low},
    Named<double>{"skin_b_high", &Limits::skin_b_high},
    Named<double>{"skin_slack", &Limits::skin_slack},
    Named<double>{"red_eye_pass", &Limits::red_eye_pass},
    Named<double>{"red_eye_fail", &Limits::red_eye_fail},
    Named<double>{"ground_residual_pass", &Limits::ground_residual_pass},
    Named<double>{"ground_residual_fail", &Limits::ground_residual_fail},
    Named<double>{"ground_slope_pass", &Limits::ground_slope_pass},
    Named<double>{"ground_delta_pass", &Limits::ground_delta_pass},
    Named<double>{"ground_delta_fail", &Limits::ground_delta_fail},
    Named<double>{"moved_pass", &Limits::moved_pass},
    Named<double>{"moved_fail", &Limits::moved_fail},
    Named<double>{"top_light_pass", &Limits::top_light_pass},
    Named<double>{"top_light_fail", &Limits::top_light_fail},
    Named<double>{"highlight_pass", &Limits::highlight_pass},
    Named<double>{"highlight_fail", &Limits::highlight_fail},
    Named<double>{"stripes_pass", &Limits::stripes_pass},
    Named<double>{"screen_peak_pass", &Limits::screen_peak_pass},
    Named<double>{"skin_detail_pass", &Limits::skin_detail_pass},
};
constexpr std::array kWhole{
    Named<int>{"frame_width", &Limits::frame_width},
    Named<int>{"frame_height", &Limits::frame_height},
    Named<int>{"standard_bytes_min", &Limits::standard_bytes_min},
    Named<int>{"standard_bytes_max", &Limits::standard_bytes_max},
    Named<int>{"standard_quality_min", &Limits::standard_quality_min},
    Named<int>{"dpi", &Limits::dpi},
    Named<int>{"small_width", &Limits::small_width},
    Named<int>{"small_height", &Limits::small_height},
    Named<int>{"preview_bytes_max", &Limits::preview_bytes_max},
    Named<int>{"glasses_allowed", &Limits::glasses_allowed},
    Named<int>{"clothes_blue", &Limits::clothes_blue},
    Named<int>{"clothes_white", &Limits::clothes_white},
};

bool set(Limits& limits, std::string_view name, double value) {
  for (const auto& [known, member] : kReal) {
    if (known == name) {
      limits.*member = value;
      return true;
    }
  }
  for (const auto& [known, member] : kWhole) {
    if (known == name) {
      limits.*member = static_cast<int>(std::lround(value));
      return true;
    }
  }
  return false;
}

}  // namespace

core::Result<Limits> picture_limits(const core::Profile& profile) {
  Limits out;
  for (const auto& [name, value] : profile.picture) {
    if (!set(out, name, value)) return core::Error{core::Code::kProfileBad, "picture." + name};
  }
  out.similarity_min = profile.clocks.similarity_min;
  if (!profile.backgrounds.empty()) {
    out.grounds.clear();
    for (const core::Colour& colour : profile.backgrounds) out.grounds.push_back({colour.red, colour.green, colour.blue});
  }
  return out;
}

}  // namespace satchel::node
